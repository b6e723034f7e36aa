/**
 * What grants allow: to whom, for which operations, under which constraints, and what they never outweigh.
 *
 * @covers KMS authorization §1, §4
 */
import type { CreateGrantRequest, GrantOperation } from '@softkms/kms'
import { expect, test } from 'vitest'
import { GRANTEES, type GrantScene, grantOn, startGrantScene } from '../../support/grant-scene.ts'
import { ACCOUNT, REGION, bytesOf, refusalOf } from '../../support/kms-fixture.ts'
import { allow, deny, policyOf, reasonsFor } from '../../support/policy-scene.ts'

const Plaintext = bytesOf('kept')
const ROOT = `arn:aws:iam::${ACCOUNT}:root`
const SOURCE = `arn:aws:sqs:${REGION}:${ACCOUNT}:queue`
const BY_GRANT = 'allowed by grant'
const NO_IDENTITY = 'no identity-based policy'
const NO_KEY = 'no resource-based policy'

type Who = keyof typeof GRANTEES

async function reasonFor(scene: GrantScene, caller: string, operation: string, rest: object = {}): Promise<string> {
  const [reason = ''] = await reasonsFor(scene.kms.as(caller), operation, { KeyId: scene.key.arn, Plaintext, ...rest })
  return reason
}

/** Who may use a grant to whom; all the others may not. */
test.each<readonly [grantee: string, allowed: Partial<Record<Who, string>>]>([
  [GRANTEES.user, { user: BY_GRANT }],
  [GRANTEES.role, { role: BY_GRANT, session: BY_GRANT, otherSession: BY_GRANT }],
  [GRANTEES.session, { session: BY_GRANT }],
  [GRANTEES.federated, { federated: BY_GRANT }],
  [GRANTEES.stranger, { stranger: BY_GRANT }],
  [GRANTEES.strangeRoot, { strangeRoot: BY_GRANT, stranger: NO_IDENTITY }],
  [ROOT, {}],
])('a grant to %s', async (GranteePrincipal, allowed) => {
  const scene = await startGrantScene()
  await grantOn(scene.kms, scene.key.keyId, { GranteePrincipal })
  for (const [who, caller] of Object.entries(GRANTEES)) {
    const otherwise = who.startsWith('strange') ? NO_KEY : NO_IDENTITY
    expect([who, await reasonFor(scene, caller, 'Encrypt')]).toEqual([who, allowed[who as Who] ?? otherwise])
  }
})

test("a grant to an account lets the account's own policies decide", async () => {
  const scene = await startGrantScene()
  await grantOn(scene.kms, scene.key.keyId, { GranteePrincipal: GRANTEES.strangeRoot })
  scene.iam.set(GRANTEES.stranger, { identity: [policyOf(allow({ Action: 'kms:Encrypt' }))] })
  expect(await reasonFor(scene, GRANTEES.stranger, 'Encrypt')).toBe('allowed by grant and identity policy')
  expect(await reasonFor(scene, GRANTEES.stranger, 'DescribeKey')).toBe(NO_KEY)
  await expect(scene.kms.as(GRANTEES.stranger).encrypt({ KeyId: scene.key.arn, Plaintext })).resolves.toBeDefined()
})

test('a grant is for its operations and its key, and ends at once', async () => {
  const scene = await startGrantScene()
  const { kms, key } = scene
  const user = kms.as(GRANTEES.user)
  const refused = await refusalOf(user.encrypt({ KeyId: key.keyId, Plaintext }))
  expect(refused.code).toBe('AccessDeniedException')
  const { grantId } = await grantOn(kms, key.keyId, { Operations: ['Encrypt'] })
  await expect(user.encrypt({ KeyId: key.keyId, Plaintext })).resolves.toBeDefined()
  expect((await refusalOf(user.generateDataKey({ KeyId: key.keyId, NumberOfBytes: 1 }))).code).toBe(refused.code)
  const other = (await kms.createKey()).KeyMetadata?.KeyId
  expect(await refusalOf(user.encrypt({ KeyId: other, Plaintext }))).toMatchObject({ code: refused.code })
  await kms.revokeGrant({ KeyId: key.keyId, GrantId: grantId })
  expect(await refusalOf(user.encrypt({ KeyId: key.keyId, Plaintext }))).toEqual(refused)
})

test('ReEncrypt takes a grant on either key', async () => {
  const { kms, key } = await startGrantScene()
  const other = (await kms.createKey()).KeyMetadata?.KeyId ?? ''
  const { CiphertextBlob } = await kms.encrypt({ KeyId: key.keyId, Plaintext })
  const request = { CiphertextBlob, DestinationKeyId: other }
  const user = kms.as(GRANTEES.user)
  await grantOn(kms, key.keyId, { Operations: ['ReEncryptFrom'] })
  expect((await refusalOf(user.reEncrypt(request))).message).toContain('kms:ReEncryptTo')
  await grantOn(kms, other, { Operations: ['ReEncryptTo'] })
  await expect(user.reEncrypt(request)).resolves.toBeDefined()
})

const FULL = { EncryptionContext: { a: '1', b: '2' } }

test.each<readonly [constraints: CreateGrantRequest['Constraints'], context: Record<string, string>, isMet: boolean]>([
  [{ EncryptionContextEquals: { a: '1' } }, { a: '1' }, true],
  [{ EncryptionContextEquals: { a: '1' } }, { a: '1', b: '2' }, false],
  [{ EncryptionContextEquals: { a: '1' } }, { a: '2' }, false],
  [{ EncryptionContextEquals: { a: '1' } }, { A: '1' }, false],
  [{ EncryptionContextEquals: { a: '1' } }, {}, false],
  [{ EncryptionContextEquals: { a: '1', b: '2' } }, { b: '2', a: '1' }, true],
  [{ EncryptionContextEquals: {} }, {}, true],
  [{ EncryptionContextEquals: {} }, { a: '1' }, false],
  [{ EncryptionContextSubset: { a: '1' } }, { a: '1' }, true],
  [{ EncryptionContextSubset: { a: '1' } }, { a: '1', b: '2' }, true],
  [{ EncryptionContextSubset: { a: '1' } }, { b: '2' }, false],
  [{ EncryptionContextSubset: { a: 'x' } }, { a: 'X' }, false],
  [{ EncryptionContextSubset: { toString: '1' } }, {}, false],
  [{ EncryptionContextSubset: {} }, { a: '1' }, true],
])('%o of a request with %o', async (Constraints, EncryptionContext, isMet) => {
  const scene = await startGrantScene()
  const Operations = ['Encrypt', 'DescribeKey'] as const
  await grantOn(scene.kms, scene.key.keyId, { Constraints, Operations })
  const reason = isMet ? BY_GRANT : NO_IDENTITY
  expect(await reasonFor(scene, GRANTEES.user, 'Encrypt', { EncryptionContext })).toBe(reason)
  // DescribeKey has no encryption context, and is not asked for one.
  expect(await reasonFor(scene, GRANTEES.user, 'DescribeKey')).toBe(BY_GRANT)
  // With many grants on the same key to the same grantee, the one that fits is still found.
  for (let i = 0; i < 20; i++) {
    await grantOn(scene.kms, scene.key.keyId, { Constraints: { EncryptionContextEquals: { i: String(i) } } })
  }
  expect(await reasonFor(scene, GRANTEES.user, 'Encrypt', { EncryptionContext })).toBe(reason)
  expect(await reasonFor(scene, GRANTEES.user, 'DescribeKey')).toBe(BY_GRANT)
})

test('a decision looks at few grants, however many there are', async () => {
  const scene = await startGrantScene()
  const { kms, key, store } = scene
  let looked = 0
  const counting = await startGrantScene({
    store: {
      ...store,
      async listGrants(...request) {
        const page = await store.listGrants(...request)
        looked += page.items.length
        return page
      },
    },
  })
  for (let i = 0; i < 300; i++) {
    const EncryptionContext = { volume: `vol-${i}` }
    await grantOn(counting.kms, counting.key.keyId, { Constraints: { EncryptionContextSubset: EncryptionContext } })
    await grantOn(counting.kms, counting.key.keyId, { GranteePrincipal: `${GRANTEES.role}-${i}` })
  }
  const user = counting.kms.as(GRANTEES.user)
  const ask = async (volume: string): Promise<unknown> =>
    user.encrypt({ KeyId: counting.key.keyId, Plaintext, EncryptionContext: { volume, region: REGION } })
  for (const i of [0, 150, 299]) {
    looked = 0
    await expect(ask(`vol-${i}`)).resolves.toBeDefined()
    expect(looked).toBeLessThan(25)
  }
  looked = 0
  await expect(ask('vol-300')).rejects.toMatchObject({ code: 'AccessDeniedException' })
  expect(looked).toBeLessThan(25)
  // What policies settle is settled without a look.
  looked = 0
  await counting.kms.encrypt({ KeyId: counting.key.keyId, Plaintext })
  expect(looked).toBe(0)
  expect((await kms.listGrants({ KeyId: key.keyId })).Grants).toEqual([])
})

test.each([
  ['the key policy', 'deny in resource-based policy'],
  ['an identity policy', 'deny in identity-based policy'],
  ['a boundary', 'deny in permissions boundary'],
  ['a service control policy', 'deny in service control policy'],
  ['a resource control policy', 'deny in resource control policy'],
  ['a service control policy that does not allow', 'no service control policy'],
  ['a resource control policy that does not allow', 'no resource control policy'],
] as const)('a grant does not outweigh %s', async (where, reason) => {
  const scene = await startGrantScene()
  const { kms, iam, key } = scene
  await grantOn(kms, key.keyId)
  expect(await reasonFor(scene, GRANTEES.user, 'Encrypt')).toBe(BY_GRANT)
  const denying = deny({ Action: 'kms:Encrypt' })
  const isSilent = where.endsWith('not allow')
  const anyone = where.includes('resource') ? { Principal: '*' } : {}
  const silent = policyOf(allow({ ...anyone, Action: 'kms:List*' }))
  const control = [[isSilent ? silent : policyOf(allow(anyone), { ...denying, ...anyone })]]
  if (where === 'the key policy') {
    const Policy = policyOf(allow({ Principal: { AWS: ROOT } }), { ...denying, Principal: '*' })
    await kms.putKeyPolicy({ KeyId: key.keyId, Policy })
  } else if (where === 'an identity policy') iam.set(GRANTEES.user, { identity: [policyOf(denying)] })
  else if (where === 'a boundary') iam.set(GRANTEES.user, { boundary: policyOf(denying) })
  else if (where.includes('service')) iam.setAccount(ACCOUNT, { serviceControl: control })
  else iam.setAccount(ACCOUNT, { resourceControl: control })
  expect(await reasonFor(scene, GRANTEES.user, 'Encrypt')).toBe(reason)
})

test('a boundary and a session policy limit a grant to a role, as a key policy that names it', async () => {
  const scene = await startGrantScene()
  await grantOn(scene.kms, scene.key.keyId, { GranteePrincipal: GRANTEES.role })
  scene.iam.set(GRANTEES.role, { boundary: policyOf(allow({ Action: 'kms:List*' })) })
  expect(await reasonFor(scene, GRANTEES.session, 'Encrypt')).toBe('no permissions boundary')
  await grantOn(scene.kms, scene.key.keyId, { GranteePrincipal: GRANTEES.session })
  expect(await reasonFor(scene, GRANTEES.session, 'Encrypt')).toBe(BY_GRANT)
})

test('a service uses its grant on behalf of the resource that the grant names, and of no other', async () => {
  const scene = await startGrantScene()
  const { kms, key } = scene
  await kms.createGrant({
    KeyId: key.keyId,
    GranteeServicePrincipal: 'sqs.amazonaws.com',
    RetiringPrincipal: ROOT,
    Operations: ['GenerateDataKey', 'DescribeKey'],
    Constraints: { SourceArn: SOURCE },
  })
  const ask = async (principal: string, source: string | undefined, operation: string): Promise<string> =>
    kms
      .execute(
        operation,
        { KeyId: key.arn, NumberOfBytes: 1 },
        {
          account: ACCOUNT,
          region: REGION,
          principal,
          ...(source === undefined ? {} : { conditionKeys: { 'aws:SourceArn': source } }),
        },
      )
      .then(
        () => 'ok',
        (error: Error) => error.name,
      )
  expect(await ask('sqs.amazonaws.com', SOURCE, 'GenerateDataKey')).toBe('ok')
  expect(await ask('sqs.amazonaws.com', SOURCE, 'DescribeKey')).toBe('ok')
  expect(await ask('sqs.amazonaws.com', `${SOURCE}2`, 'DescribeKey')).toBe('AccessDeniedException')
  expect(await ask('sqs.amazonaws.com', undefined, 'GenerateDataKey')).toBe('AccessDeniedException')
  expect(await ask('sns.amazonaws.com', SOURCE, 'GenerateDataKey')).toBe('AccessDeniedException')
  expect(await ask(GRANTEES.user, SOURCE, 'GenerateDataKey')).toBe('AccessDeniedException')
})

test('the grants of an AWS managed key are for its service to make', async () => {
  const { kms } = await startGrantScene()
  const KeyId = (await kms.describeKey({ KeyId: 'alias/aws/ebs' })).KeyMetadata?.Arn ?? ''
  expect((await refusalOf(grantOn(kms, KeyId))).code).toBe('AccessDeniedException')
  const viaEc2 = kms.as(GRANTEES.user, { conditionKeys: { 'kms:ViaService': `ec2.${REGION}.amazonaws.com` } })
  const { grantId } = await grantOn(viaEc2, KeyId, { GranteePrincipal: GRANTEES.role })
  await expect(kms.as(GRANTEES.session).encrypt({ KeyId, Plaintext })).resolves.toBeDefined()
  await expect(kms.revokeGrant({ KeyId, GrantId: grantId })).resolves.toEqual({})
})

const PARENT: readonly GrantOperation[] = ['CreateGrant', 'Decrypt', 'Encrypt']

test.each<readonly [parent: CreateGrantRequest['Constraints'], child: Partial<CreateGrantRequest>, isAllowed: boolean]>(
  [
    [undefined, {}, true],
    [undefined, { Operations: ['Encrypt', 'CreateGrant'] }, true],
    [undefined, { Operations: ['Encrypt', 'DescribeKey'] }, false],
    [undefined, { Constraints: { EncryptionContextSubset: { a: '1' } } }, true],
    [{ EncryptionContextSubset: { a: '1' } }, {}, false],
    [{ EncryptionContextSubset: { a: '1' } }, { Constraints: { EncryptionContextSubset: { a: '1' } } }, true],
    [{ EncryptionContextSubset: { a: '1' } }, { Constraints: { EncryptionContextSubset: { a: '1', b: '2' } } }, true],
    [{ EncryptionContextSubset: { a: '1' } }, { Constraints: { EncryptionContextEquals: { a: '1', b: '2' } } }, true],
    [{ EncryptionContextSubset: { a: '1' } }, { Constraints: { EncryptionContextEquals: { b: '2' } } }, false],
    [{ EncryptionContextEquals: { a: '1' } }, {}, false],
    [{ EncryptionContextEquals: { a: '1' } }, { Constraints: { EncryptionContextEquals: { a: '1' } } }, true],
    [{ EncryptionContextEquals: { a: '1' } }, { Constraints: { EncryptionContextSubset: { a: '1' } } }, false],
    [{ EncryptionContextEquals: { a: '1' } }, { Constraints: { EncryptionContextEquals: { a: '1', b: '2' } } }, false],
    [{ SourceArn: SOURCE }, {}, false],
    [{ SourceArn: SOURCE }, { Constraints: { SourceArn: SOURCE } }, true],
    [{ SourceArn: SOURCE }, { Constraints: { SourceArn: `${SOURCE}2` } }, false],
  ],
)('under a parent with %o, a child with %o', async (Constraints, child, isAllowed) => {
  const scene = await startGrantScene()
  const { kms, key } = scene
  await grantOn(kms, key.keyId, { Operations: PARENT, ...(Constraints === undefined ? {} : { Constraints }) })
  const user = kms.as(GRANTEES.user, { conditionKeys: { 'aws:SourceArn': SOURCE } })
  const make = async (): Promise<string> =>
    grantOn(user, key.keyId, { GranteePrincipal: GRANTEES.role, Operations: ['Decrypt'], ...child }).then(
      () => 'ok',
      (error: Error) => error.name,
    )
  const outcome = isAllowed ? 'ok' : 'AccessDeniedException'
  expect(await make()).toBe(outcome)
  for (let i = 0; i < 20; i++) {
    await grantOn(kms, key.keyId, { Constraints: { EncryptionContextEquals: { i: String(i) } } })
  }
  expect(await make()).toBe(outcome)
  // Whoever may by policy is not bound to any parent.
  scene.iam.set(GRANTEES.user, { identity: [policyOf(allow({ Action: 'kms:CreateGrant' }))] })
  expect(await make()).toBe('ok')
})

test('the trace tells of each grant what it lacked', async () => {
  const scene = await startGrantScene()
  const { kms, key } = scene
  const Constraints = { EncryptionContextEquals: { tenant: 'blue' } }
  const { grantId } = await grantOn(kms, key.keyId, { Constraints, Name: 'blue' })
  await grantOn(kms, key.keyId, { Operations: ['Decrypt'], Constraints })
  const [explanation] = await kms.as(GRANTEES.user).why('Encrypt', { KeyId: key.keyId, Plaintext, ...FULL })
  expect(explanation?.decision.isAllowed).toBe(false)
  expect(explanation?.grants.find((grant) => grant.grantId === grantId)).toEqual({
    grantId,
    name: 'blue',
    grantee: GRANTEES.user,
    isMatch: false,
    isDelegation: false,
    misses: ['EncryptionContext'],
  })
  expect(explanation?.grants.map(({ misses }) => misses.length).toSorted()).toEqual([1, 2])
  expect(explanation?.remedies).toContain(
    `Grant ${grantId} ("blue") would, but for its constraint on the encryption context.`,
  )
})
