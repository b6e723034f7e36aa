/**
 * The committed model against AWS's own, where that is at hand.
 *
 * The Smithy file is no part of a clone: the path comes from SOFTKMS_SPEC, or from a checkout of the specifications
 * beside this one. Setting SOFTKMS_SPEC turns the skip into a failure.
 */
import { type OperationName, operationErrors, operationShapes, type Shape } from '@softkms/kms'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { modelFileUrl } from '../../tools/api-model/files.ts'
import { MODEL_FILES } from '../../tools/api-model/text.ts'
import { deriveModel } from '../../tools/derive-model.ts'

const BESIDE = fileURLToPath(new URL('../../../shared/spec/kms-smithy.json', import.meta.url))
const path = process.env['SOFTKMS_SPEC'] ?? BESIDE
const isThere = process.env['SOFTKMS_SPEC'] !== undefined || existsSync(path)
const why = isThere ? '' : ' (skipped: no Smithy model of KMS; set SOFTKMS_SPEC to its path)'

interface Reference {
  readonly target: string
  readonly traits?: { readonly [trait: string]: unknown }
}

interface SmithyShape {
  readonly type: string
  readonly traits?: { readonly [trait: string]: unknown }
  readonly members?: { readonly [name: string]: Reference }
  readonly member?: Reference
  readonly input?: Reference
  readonly output?: Reference
  readonly errors?: readonly Reference[]
}

const NAMESPACE = 'com.amazonaws.kms#'

describe.skipIf(!isThere)(`AWS's model of KMS${why}`, () => {
  const json = isThere ? readFileSync(path, 'utf8') : '{ "shapes": {} }'
  const { shapes } = JSON.parse(json) as { readonly shapes: { readonly [id: string]: SmithyShape } }
  const operations = Object.entries(shapes).flatMap(([id, shape]) => (shape.type === 'operation' ? [nameOf(id)] : []))

  test.each(MODEL_FILES)('gives %s exactly as it is committed', (file) => {
    expect(deriveModel(json)[file]).toBe(readFileSync(modelFileUrl(file), 'utf8'))
  })

  test('has the same operations', () => {
    expect(operations).toHaveLength(56)
    expect(operations.toSorted()).toEqual(Object.keys(operationShapes).toSorted())
  })

  // Straight from Smithy to the shapes, past the model and the tools between them.
  test.each(operations)('says of %s what the shapes say', (name) => {
    const operation = shapes[NAMESPACE + name]
    const { input, output } = operationShapes[name as OperationName]
    expect(input).toEqual(expectedShape(operation?.input))
    expect(output).toEqual(
      operation?.output?.target === 'smithy.api#Unit' ? undefined : expectedShape(operation?.output),
    )
    expect(operationErrors[name as OperationName].toSorted()).toEqual(
      operation?.errors?.map(({ target }) => nameOf(target)).toSorted(),
    )
  })

  function expectedShape(reference: Reference | undefined): Shape {
    const shape = shapes[reference?.target ?? '']
    if (shape === undefined) throw new Error(`no shape ${reference?.target}`)
    const { min, max } = (shape.traits?.['smithy.api#length'] ?? shape.traits?.['smithy.api#range'] ?? {}) as {
      readonly min?: number
      readonly max?: number
    }
    const bounds = { ...(min !== undefined && { min }), ...(max !== undefined && { max }) }
    const sensitive = shape.traits?.['smithy.api#sensitive'] !== undefined ? ({ sensitive: true } as const) : {}
    switch (shape.type) {
      case 'string': {
        const pattern = shape.traits?.['smithy.api#pattern'] as string | undefined
        return { type: 'string', ...bounds, ...(pattern !== undefined && { pattern }), ...sensitive }
      }
      case 'enum':
        return { type: 'string', values: Object.keys(shape.members ?? {}) }
      case 'blob':
        return { type: 'blob', ...bounds, ...sensitive }
      case 'list':
        return { type: 'list', member: expectedShape(shape.member), ...bounds }
      case 'structure': {
        const members = Object.entries(shape.members ?? {}).map(([member, target]) => {
          const required = target.traits?.['smithy.api#required'] !== undefined ? ({ required: true } as const) : {}
          return [member, { shape: expectedShape(target), ...required }] as const
        })
        return { type: 'structure', members: Object.fromEntries(members) }
      }
      case 'integer':
        return { type: 'integer', ...bounds }
      case 'boolean':
      case 'timestamp':
      case 'map':
        return { type: shape.type }
      default:
        throw new Error(`no words for a ${shape.type}`)
    }
  }
})

function nameOf(id: string): string {
  return id.slice(id.indexOf('#') + 1)
}
