/**
 * How many grants a decision looks at: few, however many there are and whoever made them.
 *
 * Counted, not timed: a store that tells how many grants it gave out.
 */
import {
  type GrantId,
  type GrantRecord,
  type KeyFacts,
  type Store,
  createAuthorization,
  createIdentityPolicies,
  createMemoryStore,
  formatDefaultPolicy,
  parsePrincipal,
} from '@softkms/kms'
import { beforeEach, expect, test } from 'vitest'
import { GRANTEES, grantOn, startGrantScene } from '../../support/grant-scene.ts'
import { SCOPE, createGrantRecord, grantIdOf, keyIdOf } from '../../support/records.ts'

const ROLE = `arn:aws:iam::${SCOPE.account}:role/app`
const MANY = 2_000
/** Of the few that are looked at first, and of those that a question comes down to. */
const FEW = 40

const key: KeyFacts = {
  ...SCOPE,
  keyId: keyIdOf(1),
  keySpec: 'SYMMETRIC_DEFAULT',
  keyUsage: 'ENCRYPT_DECRYPT',
  origin: 'AWS_KMS',
  policy: formatDefaultPolicy(SCOPE),
  tags: [],
}

let store: Store
let looked: number
beforeEach(() => {
  store = createMemoryStore()
  looked = 0
})

/** Many grants to the role that miss what is asked for, and behind them all the one that has it. */
async function put(miss: (i: number) => Partial<GrantRecord>, hit: Partial<GrantRecord>): Promise<void> {
  const grantee = { type: 'principal', name: ROLE } as const
  const rest = { grantee, effectiveAt: 0 }
  for (let i = 0; i < MANY; i++) {
    await store.commit([{ type: 'AddGrant', grant: createGrantRecord(i + 1, 1, { ...rest, ...miss(i) }) }])
  }
  await store.commit([{ type: 'AddGrant', grant: createGrantRecord(MANY + 1, 1, { ...rest, ...hit }) }])
}

interface Asked {
  readonly context?: Readonly<Record<string, string>>
  readonly sourceArn?: string
  readonly token?: GrantId
}

async function isAllowed(operation: string, { context = {}, sourceArn, token }: Asked): Promise<boolean> {
  const policies = createIdentityPolicies()
  policies.set(ROLE, {})
  const principal = parsePrincipal(ROLE)
  if (principal === undefined) throw new Error('the caller is nobody')
  const counting: Store = {
    ...store,
    async listGrants(...args) {
      const page = await store.listGrants(...args)
      looked += page.items.length
      return page
    },
    getGrant: (...args) => store.getGrant(...args),
  }
  const access = createAuthorization({ mode: 'enforce', policies, store: counting }).accessOf(
    {
      principal,
      scope: SCOPE,
      now: 1,
      input: { EncryptionContext: context },
      session: new Map(sourceArn === undefined ? [] : [['aws:sourcearn', [sourceArn]]]),
      presentedGrants: new Set(token === undefined ? [] : [token]),
    },
    [],
  )
  return access.authorize({ action: `kms:${operation}`, about: 'key', key }).then(
    () => true,
    () => false,
  )
}

const has = (pairs: Record<string, string>): Partial<GrantRecord> => ({ constraints: { contextSubset: pairs } })
const sourceOf = (i: number | string): string => `arn:aws:dynamodb:eu-west-1:${SCOPE.account}:table/t${i}`
const SEVEN = Object.fromEntries('abcdefg'.split('').map((name) => [name, 'same']))
const long = 'x'.repeat(384)

test.each<
  readonly [
    name: string,
    miss: (i: number) => Partial<GrantRecord>,
    hit: Partial<GrantRecord>,
    asked: Asked,
    almost: Asked | undefined,
  ]
>([
  ['another operation', () => ({ operations: ['Encrypt'] }), { operations: ['Decrypt'] }, {}, undefined],
  [
    'the same first pair and another second one',
    (i) => has({ a: 'same', b: String(i) }),
    has({ a: 'same', b: 'ours' }),
    { context: { a: 'same', b: 'ours', c: 'more' } },
    { context: { a: 'same', b: 'nobody' } },
  ],
  [
    'eight pairs, of which the last is another',
    (i) => has({ ...SEVEN, h: String(i) }),
    has({ ...SEVEN, h: 'ours' }),
    { context: { ...SEVEN, h: 'ours' } },
    { context: { ...SEVEN, h: 'nobody' } },
  ],
  [
    'long texts that differ at the end',
    (i) => has({ [long]: `${long.slice(8)}${i}` }),
    has({ [long]: `${long.slice(8)}ours` }),
    { context: { [long]: `${long.slice(8)}ours` } },
    { context: { [long]: long } },
  ],
  [
    'another whole context',
    (i) => ({ constraints: { contextEquals: { a: String(i) } } }),
    { constraints: { contextEquals: { a: 'ours' } } },
    { context: { a: 'ours' } },
    { context: { a: 'ours', b: 'more' } },
  ],
  [
    'another source',
    (i) => ({ constraints: { sourceArn: sourceOf(i) } }),
    { constraints: { sourceArn: sourceOf('ours') } },
    { sourceArn: sourceOf('ours') },
    { sourceArn: sourceOf('nobody') },
  ],
  [
    'no effect yet',
    (i) => ({ effectiveAt: 1e15, constraints: { contextSubset: { a: String(i) } } }),
    { effectiveAt: 1e15 },
    { token: grantIdOf(MANY + 1) },
    undefined,
  ],
])('grants with %s are not looked at', async (_name, miss, hit, asked, almost) => {
  await put(miss, hit)
  expect(await isAllowed('Decrypt', asked)).toBe(true)
  expect(looked).toBeLessThan(FEW)
  if (almost === undefined) return
  looked = 0
  expect(await isAllowed('Decrypt', almost)).toBe(false)
  expect(looked).toBeLessThan(FEW)
})

test('no constraint on contexts matters to DescribeKey, and a source does', async () => {
  await put(
    (i) => ({ operations: ['DescribeKey'], constraints: { sourceArn: sourceOf(i), contextSubset: { a: 'b' } } }),
    { operations: ['DescribeKey'], constraints: { sourceArn: sourceOf('ours'), contextEquals: { a: 'b' } } },
  )
  expect(await isAllowed('DescribeKey', { sourceArn: sourceOf('ours') })).toBe(true)
  expect(await isAllowed('DescribeKey', { sourceArn: sourceOf('nobody') })).toBe(false)
  expect(looked).toBeLessThan(FEW)
})

test('an explanation tells of the grant that lets, however many it leaves out', async () => {
  const { kms, key: made } = await startGrantScene()
  for (let i = 0; i < 120; i++) {
    await grantOn(kms, made.keyId, { Constraints: { EncryptionContextSubset: { tenant: String(i) } } })
  }
  const user = kms.as(GRANTEES.user)
  for (const tenant of ['0', '60', '119', 'none']) {
    const input = { KeyId: made.arn, Plaintext: new Uint8Array(1), EncryptionContext: { tenant } }
    const [explanation] = await user.why('Encrypt', input)
    expect(explanation?.decision.isAllowed).toBe(tenant !== 'none')
    expect(explanation?.grants.filter(({ isMatch }) => isMatch)).toHaveLength(tenant === 'none' ? 0 : 1)
    expect(explanation?.grants.length).toBeLessThanOrEqual(101)
  }
})
