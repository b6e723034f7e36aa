/**
 * Laws of grants: a child never exceeds its parent, a grant never outweighs a deny, and none is overlooked.
 *
 * @covers KMS authorization §1, §4
 */
import type { CreateGrantRequest, GrantOperation } from '@softkms/kms'
import * as fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { GRANTEES, type GrantScene, grantOn, startGrantScene } from '../support/grant-scene.ts'
import { ACCOUNT, bytesOf } from '../support/kms-fixture.ts'
import { allow, createKeyWith, deny, policyOf } from '../support/policy-scene.ts'
import { runs } from '../support/runs.ts'

const RUNS = { numRuns: runs(100, 5_000) }
const TIMEOUT = { timeout: runs(60_000, 600_000) }
const OPEN = policyOf(allow({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }))
const OPERATIONS = ['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey'] as const

let scene: GrantScene
beforeAll(async () => {
  scene = await startGrantScene()
})

/** Few names and values, so that contexts meet constraints often. */
const context = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2'), { noNullPrototype: true })
const constraints: fc.Arbitrary<CreateGrantRequest['Constraints']> = fc.oneof(
  fc.constant(undefined),
  context.map((EncryptionContextEquals) => ({ EncryptionContextEquals })),
  context.map((EncryptionContextSubset) => ({ EncryptionContextSubset })),
)
const operations = fc.subarray<GrantOperation>([...OPERATIONS], { minLength: 1 })
const grant = fc.record({ Operations: operations, Constraints: constraints })

type Grant = Pick<CreateGrantRequest, 'Constraints'> & { readonly Operations: readonly GrantOperation[] }
type Context = Readonly<Record<string, string>>

async function isAllowed(
  caller: string,
  operation: string,
  KeyId: string,
  EncryptionContext: Context,
  source?: string,
): Promise<boolean> {
  const request = { KeyId, Plaintext: bytesOf('x'), CiphertextBlob: bytesOf('x'), NumberOfBytes: 1, EncryptionContext }
  const dry = { DryRun: true, DryRunModifiers: ['IGNORE_CIPHERTEXT'] }
  const conditionKeys = source === undefined ? {} : { 'aws:SourceArn': source }
  const [explanation] = await scene.kms.as(caller, { conditionKeys }).why(operation, { ...request, ...dry })
  return explanation?.decision.isAllowed === true
}

/** Everything that a caller may be let do: operations with contexts. */
const CONTEXTS: readonly Context[] = ['', '1', '2'].flatMap((a) =>
  ['', '1', '2'].flatMap((b) =>
    ['', '1'].map((c) => Object.fromEntries(Object.entries({ a, b, c }).filter(([, value]) => value !== ''))),
  ),
)

async function reachOf(caller: string, KeyId: string): Promise<ReadonlySet<string>> {
  const reach = new Set<string>()
  for (const operation of OPERATIONS) {
    for (const EncryptionContext of CONTEXTS) {
      if (await isAllowed(caller, operation, KeyId, EncryptionContext)) {
        reach.add(`${operation} ${JSON.stringify(EncryptionContext)}`)
      }
    }
  }
  return reach
}

/** A literal reading of what a grant allows. */
function isMeant(
  { Operations, Constraints = {} }: Grant,
  operation: GrantOperation,
  asked: Context,
  source?: string,
): boolean {
  if (!Operations.includes(operation)) return false
  if (Constraints.SourceArn !== undefined && Constraints.SourceArn !== source) return false
  if (operation === 'DescribeKey') return true
  const { EncryptionContextEquals: equals, EncryptionContextSubset: subset } = Constraints
  const text = (value: Context): string =>
    JSON.stringify(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  if (equals !== undefined) return text(equals) === text(asked)
  return Object.entries(subset ?? {}).every(([key, value]) => asked[key] === value)
}

test('a child never exceeds its parent, whatever the request', TIMEOUT, async () => {
  let made = 0
  await fc.assert(
    fc.asyncProperty(grant, grant, async (parent, child) => {
      const KeyId = await createKeyWith(scene.kms, OPEN)
      await grantOn(scene.kms, KeyId, { ...parent, Operations: [...parent.Operations, 'CreateGrant'] })
      const isMade = await grantOn(scene.kms.as(GRANTEES.user), KeyId, {
        ...child,
        GranteePrincipal: GRANTEES.federated,
      }).then(
        () => true,
        () => false,
      )
      if (!isMade) return
      made += 1
      const [ofParent, ofChild] = [await reachOf(GRANTEES.user, KeyId), await reachOf(GRANTEES.federated, KeyId)]
      expect([...ofChild].filter((one) => !ofParent.has(one))).toEqual([])
    }),
    RUNS,
  )
  expect(made).toBeGreaterThan(RUNS.numRuns / 20)
})

const source = fc.option(
  fc.constantFrom('1', '2').map((name) => `arn:aws:s3:eu-west-1:${ACCOUNT}:bucket-${name}`),
  {
    nil: undefined,
  },
)
const grantForSource = fc
  .tuple(grant, source)
  .map(([one, SourceArn]) =>
    SourceArn === undefined ? one : { ...one, Constraints: { ...one.Constraints, SourceArn } },
  )

test('what several grants allow is what each allows, literally read, however many there are', TIMEOUT, async () => {
  const grants = fc.array(grantForSource, { minLength: 1, maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(grants, context, source, async (given, asked, from) => {
      const KeyId = await createKeyWith(scene.kms, OPEN)
      for (const one of given) await grantOn(scene.kms, KeyId, one)
      for (const operation of OPERATIONS) {
        const expected = given.some((one) => isMeant(one, operation, asked, from))
        const actual = await isAllowed(GRANTEES.user, operation, KeyId, asked, from)
        expect([operation, actual]).toEqual([operation, expected])
      }
    }),
    RUNS,
  )
})

test('one of many grants lets a child be made if, and only if, it alone would', TIMEOUT, async () => {
  const parents = fc.array(grant, { minLength: 9, maxLength: 20 })
  let made = 0
  await fc.assert(
    fc.asyncProperty(parents, grant, async (given, child) => {
      const KeyId = await createKeyWith(scene.kms, OPEN)
      const isMade = async (key: string): Promise<boolean> => {
        const request = { ...child, KeyId: key, GranteePrincipal: GRANTEES.federated }
        const [explanation] = await scene.kms.as(GRANTEES.user).why('CreateGrant', request)
        return explanation?.decision.isAllowed === true
      }
      let expected = false
      for (const parent of given) {
        const Operations: readonly GrantOperation[] = [...parent.Operations, 'CreateGrant']
        await grantOn(scene.kms, KeyId, { ...parent, Operations })
        const alone = await createKeyWith(scene.kms, OPEN)
        await grantOn(scene.kms, alone, { ...parent, Operations })
        expected ||= await isMade(alone)
      }
      if (expected) made++
      expect(await isMade(KeyId)).toBe(expected)
    }),
    { numRuns: runs(30, 1_000) },
  )
  expect(made).toBeGreaterThan(0)
})

test('a grant never outweighs a deny, and never takes anything away', TIMEOUT, async () => {
  await fc.assert(
    fc.asyncProperty(grant, operations, context, fc.boolean(), async (given, denied, asked, isOpen) => {
      const Action = denied.map((operation) => `kms:${operation}`)
      const opening = isOpen ? [allow({ Principal: { AWS: GRANTEES.user } })] : []
      const policy = policyOf(
        allow({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }),
        ...opening,
        deny({ Principal: { AWS: GRANTEES.user }, Action }),
      )
      const KeyId = await createKeyWith(scene.kms, policy)
      const before = await Promise.all(OPERATIONS.map((operation) => isAllowed(GRANTEES.user, operation, KeyId, asked)))
      await grantOn(scene.kms, KeyId, given)
      for (const [i, operation] of OPERATIONS.entries()) {
        const after = await isAllowed(GRANTEES.user, operation, KeyId, asked)
        if (denied.includes(operation)) expect(after).toBe(false)
        else expect(after).toBe(before[i] === true || isMeant(given, operation, asked))
      }
    }),
    RUNS,
  )
})
