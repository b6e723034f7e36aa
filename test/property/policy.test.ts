/**
 * Laws of decisions, over random policies and requests.
 *
 * @covers KMS authorization §1; IAM policy evaluation logic
 */
import type { Explanation, StatementTrace } from '@softkms/kms'
import * as fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { ACCOUNT, bytesOf, startKms } from '../support/kms-fixture.ts'
import { type RandomFacts, type RandomSides, randomFacts, randomSides } from '../support/policy-arbitrary.ts'
import { type OraclePolicy, interpret } from '../support/policy-oracle.ts'
import { type PolicyScene, createKeyWith, policyOf, reasonOf, startPolicyScene } from '../support/policy-scene.ts'
import { runs } from '../support/runs.ts'

const RUNS = { numRuns: runs(200, 20_000) }
const TIMEOUT = { timeout: runs(60_000, 600_000) }

let scene: PolicyScene
beforeAll(async () => {
  scene = await startPolicyScene()
})

/** Sets every policy and asks for Encrypt; the key keeps its name, so that a counterexample can be read. */
async function askFor(sides: RandomSides, facts: RandomFacts): Promise<Explanation & { readonly keyArn: string }> {
  const { iam } = scene
  const keyArn = await createKeyWith(scene.kms, policyOf(...sides.key))
  const account = facts.caller.split(':')[4] ?? ''
  const text = (policy: OraclePolicy): string => policyOf(...policy)
  const isSession = facts.caller.includes(':assumed-role/')
  const role = `arn:aws:iam::${account}:role/app`
  const limits = {
    ...(sides.boundary === undefined ? {} : { boundary: text(sides.boundary) }),
    ...(sides.session === undefined ? {} : { session: sides.session.map(text) }),
  }
  // Root users have no policies, so that somebody else must make theirs an account in which policies decide.
  iam.set(`arn:aws:iam::${account}:user/somebody`, {})
  if (isSession) iam.set(facts.caller, {})
  if (!facts.caller.endsWith(':root')) {
    iam.set(isSession ? role : facts.caller, { identity: sides.identity.map(text), ...limits })
  }
  iam.setAccount(
    account,
    (sides.serviceControl && { serviceControl: sides.serviceControl.map((level) => level.map(text)) }) || {},
  )
  const conditionKeys = Object.fromEntries(
    Object.entries(facts.tags).map(([name, values]) => [`aws:PrincipalTag/${name}`, values]),
  )
  const caller = scene.kms.as(facts.caller, { conditionKeys })
  const input = { KeyId: keyArn, Plaintext: bytesOf('x'), EncryptionContext: facts.context }
  const [explanation] = await caller.why('Encrypt', input)
  iam.setAccount(account, {})
  if (explanation === undefined) throw new Error('nothing was asked')
  return { ...explanation, keyArn }
}

function valuesOf({ caller, tags, context }: RandomFacts): Readonly<Record<string, readonly string[]>> {
  const user = /:user\/(.*)$/u.exec(caller)?.[1]
  return {
    ...Object.fromEntries(Object.entries(tags).map(([name, values]) => [`aws:principaltag/${name}`, values])),
    ...Object.fromEntries(Object.entries(context).map(([name, text]) => [`kms:encryptioncontext:${name}`, [text]])),
    ...(Object.keys(context).length === 0 ? {} : { 'kms:encryptioncontextkeys': Object.keys(context) }),
    ...(user === undefined ? {} : { 'aws:username': [user] }),
    'kms:calleraccount': [caller.split(':')[4] ?? ''],
  }
}

test('the compiled evaluator decides as a literal reading of the rules does', TIMEOUT, async () => {
  const seen = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(randomSides, randomFacts, async (sides, facts) => {
      const explanation = await askFor(sides, facts)
      const isRoot = facts.caller.endsWith(':root')
      const request = {
        caller: facts.caller,
        action: 'kms:Encrypt',
        resource: explanation.keyArn,
        values: valuesOf(facts),
      }
      const limits = isRoot ? { boundary: undefined, session: undefined } : {}
      const expected = interpret(request, { ...sides, ...limits, keyAccount: ACCOUNT, isCrossAccount: true })
      expect(reasonOf(explanation)).toBe(expected)
      seen.set(expected, (seen.get(expected) ?? 0) + 1)
    }),
    { numRuns: runs(400, 20_000) },
  )
  // A property that only ever sees one answer says nothing.
  expect([...seen.keys()].filter((reason) => reason.startsWith('allowed')).length).toBeGreaterThanOrEqual(2)
  expect(seen.size).toBeGreaterThanOrEqual(8)
})

test('the trace and the decision agree', TIMEOUT, async () => {
  await fc.assert(
    fc.asyncProperty(randomSides, randomFacts, async (sides, facts) => {
      const { decision, statements, remedies } = await askFor(sides, facts)
      const matching = (effect: string, kind?: string): readonly StatementTrace[] =>
        statements.filter((one) => one.effect === effect && one.isMatch && (kind === undefined || one.kind === kind))
      const keyAllows = matching('Allow', 'resource-based policy')
      if (decision.isAllowed) {
        expect(matching('Deny')).toEqual([])
        expect(keyAllows).not.toEqual([])
        if (decision.grounds === 'key policy') expect(keyAllows.some(({ isDelegation }) => !isDelegation)).toBe(true)
        expect(remedies).toEqual([])
        return
      }
      const { refusal } = decision
      expect(remedies).not.toEqual([])
      if (refusal.type === 'explicit') expect(matching('Deny', refusal.kind)).not.toEqual([])
      const isLevelled = refusal.type !== 'foreign' && refusal.kind === 'service control policy'
      if (refusal.type === 'implicit' && !isLevelled) expect(matching('Allow', refusal.kind)).toEqual([])
      for (const { isMatch, misses, conditions } of statements) {
        expect(isMatch).toBe(misses.length === 0)
        expect(misses.includes('Condition')).toBe(conditions.some(({ isMet }) => !isMet))
      }
    }),
    RUNS,
  )
})

test('another Deny never grants, and one Allow less never grants', TIMEOUT, async () => {
  await fc.assert(
    fc.asyncProperty(randomSides, randomFacts, fc.nat(), async (sides, facts, n) => {
      const isAllowed = async (changed: RandomSides): Promise<boolean> =>
        (await askFor(changed, facts)).decision.isAllowed
      if (await isAllowed(sides)) return
      const [first] = sides.key
      if (first !== undefined)
        expect(await isAllowed({ ...sides, key: [...sides.key, { ...first, Effect: 'Deny' }] })).toBe(false)
      const at = n % sides.key.length
      if (sides.key[at]?.Effect === 'Allow')
        expect(await isAllowed({ ...sides, key: sides.key.toSpliced(at, 1) })).toBe(false)
      const identity = sides.identity.map((policy) => policy.filter(({ Effect }) => Effect === 'Deny'))
      expect(await isAllowed({ ...sides, identity })).toBe(false)
    }),
    RUNS,
  )
})

test('a decision does not depend on the order of statements and policies', TIMEOUT, async () => {
  await fc.assert(
    fc.asyncProperty(randomSides, randomFacts, async (sides, facts) => {
      const turned = {
        key: sides.key.toReversed(),
        identity: sides.identity.toReversed().map((policy) => policy.toReversed()),
        boundary: sides.boundary?.toReversed(),
        session: sides.session?.toReversed(),
        serviceControl: sides.serviceControl?.toReversed().map((level) => level.toReversed()),
      }
      expect((await askFor(turned, facts)).decision).toEqual((await askFor(sides, facts)).decision)
    }),
    RUNS,
  )
})

test('what is enforced is what was explained', TIMEOUT, async () => {
  const { kms } = await startKms()
  await fc.assert(
    fc.asyncProperty(randomSides, randomFacts, async ({ key }, { caller, context }) => {
      const KeyId = await createKeyWith(kms, policyOf(...key))
      const input = { KeyId, Plaintext: bytesOf('x'), EncryptionContext: context }
      const [explanation] = await kms.as(caller).why('Encrypt', input)
      const isDone = await kms
        .as(caller)
        .encrypt(input)
        .then(
          () => true,
          (error: Error) => {
            expect(error.name).toBe('AccessDeniedException')
            return false
          },
        )
      expect(isDone).toBe(explanation?.decision.isAllowed)
    }),
    RUNS,
  )
})
