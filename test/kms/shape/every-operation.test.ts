/** The validator over all operations: what satisfies the model is accepted, and each constraint of it is enforced. */
import { type OperationName, type Shape, operationShapes } from '@softkms/kms'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { arbitraryOf } from '../../support/request-arbitrary.ts'
import { type Violation, violationsOf } from '../../support/request-violation.ts'
import { refusalOf } from './refusal.ts'

const RUNS = process.env['SOFTKMS_SLOW'] === '1' ? 1000 : 20

const operations = Object.keys(operationShapes) as OperationName[]

test('there are 56 operations', () => {
  expect(operations).toHaveLength(56)
})

test.each(operations)('%s takes whatever satisfies its model', (operation) => {
  const property = fc.property(arbitraryOf(operationShapes[operation].input), (input) => {
    expect(refusalOf(operation, input)).toBeUndefined()
  })
  fc.assert(property, { numRuns: RUNS })
})

const constrained = operations.filter((operation) => violationsOf(operationShapes[operation].input).length > 0)

test.each(constrained)('%s refuses whatever breaks one constraint of it, and names the member', (operation) => {
  const { input } = operationShapes[operation]
  const base = sampleOf(input)
  for (const violation of violationsOf(input)) expectRefusal(operation, base, violation)
})

test.each(constrained)('%s refuses any request that breaks any one constraint', (operation) => {
  const { input } = operationShapes[operation]
  const property = fc.property(arbitraryOf(input), fc.constantFrom(...violationsOf(input)), (base, violation) => {
    expectRefusal(operation, base, violation)
  })
  fc.assert(property, { numRuns: RUNS })
})

test('the constraints that are enforced are as many as the model has', () => {
  const count = operations.reduce((sum, operation) => sum + violationsOf(operationShapes[operation].input).length, 0)
  expect(count).toBeGreaterThan(500)
})

function expectRefusal(operation: OperationName, base: unknown, { place, value, path, rule }: Violation): void {
  const refusal = refusalOf(operation, withValueAt(operationShapes[operation].input, base, place, value))
  expect(refusal?.code).toBe('ValidationException')
  const faults = refusal?.message.replace(/^\d+ validation errors? detected: /u, '') ?? ''
  expect(faults).toContain(` at '${path}' failed to satisfy constraint: ${rule}`)
  // A bad text may break its pattern along with its length; nothing else may be wrong.
  expect(
    new Set(Array.from(faults.matchAll(/ at '([^']*)' failed to satisfy constraint: /gu), ([, at]) => at)),
  ).toEqual(new Set([path]))
}

/** A copy of `base` with one value replaced; what is not there on the way to it is made, and right but for that value. */
function withValueAt(shape: Shape, base: unknown, place: Violation['place'], value: unknown): unknown {
  const [step, ...rest] = place
  if (step === undefined) return value
  if (shape.type === 'list') return [withValueAt(shape.member, undefined, rest, value)]
  const member = shape.type === 'structure' ? shape.members[step]?.shape : undefined
  if (member === undefined) throw new Error(`no ${step} in a ${shape.type}`)
  const structure = (base ?? sampleOf(shape)) as { readonly [name: string]: unknown }
  return { ...structure, [step]: withValueAt(member, structure[step], rest, value) }
}

function sampleOf(shape: Shape): unknown {
  return fc.sample(arbitraryOf(shape), { seed: 1, numRuns: 1 })[0]
}
