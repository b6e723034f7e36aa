/**
 * CreateGrant: what it takes and refuses, names that make it idempotent, the limit, and dry runs.
 *
 * @covers KMS operations, CreateGrant; authorization §4; wire §4
 */
import type { CreateGrantRequest, KmsErrorCode } from '@softkms/kms'
import { beforeAll, describe, expect, test } from 'vitest'
import { GRANTEES, type GrantScene, grantOn, startGrantScene } from '../../support/grant-scene.ts'
import { ACCOUNT, OTHER_ACCOUNT, createKeyInState, expectRefusal, refusalOf } from '../../support/kms-fixture.ts'

const SOURCE = `arn:aws:sqs:eu-west-1:${ACCOUNT}:queue`
const SERVICE = 'sqs.amazonaws.com'
const NAME = 'nightly:backup/1_a-b'

let scene: GrantScene
beforeAll(async () => {
  scene = await startGrantScene()
})

function requestOf(rest: Partial<CreateGrantRequest>): CreateGrantRequest {
  return { KeyId: scene.key.keyId, GranteePrincipal: GRANTEES.user, Operations: ['Decrypt'], ...rest }
}

const long = 'x'.repeat(385)
const nine = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`k${i}`, '']))

test.each<readonly [what: string, rest: Partial<CreateGrantRequest>, code: KmsErrorCode, message: RegExp]>([
  ['no grantee', { GranteePrincipal: undefined }, 'ValidationException', /exactly one of GranteePrincipal/],
  ['two grantees', { GranteeServicePrincipal: SERVICE }, 'ValidationException', /exactly one of GranteePrincipal/],
  [
    'two that retire',
    { RetiringPrincipal: GRANTEES.user, RetiringServicePrincipal: SERVICE },
    'ValidationException',
    /both RetiringPrincipal and/,
  ],
  [
    'a service without a source',
    { GranteePrincipal: undefined, GranteeServicePrincipal: SERVICE, RetiringPrincipal: GRANTEES.user },
    'ValidationException',
    /must have a SourceArn/,
  ],
  [
    'a service that nobody retires',
    { GranteePrincipal: undefined, GranteeServicePrincipal: SERVICE, Constraints: { SourceArn: SOURCE } },
    'ValidationException',
    /must have a RetiringPrincipal/,
  ],
  ['no operation', { Operations: [] }, 'ValidationException', /at least one operation/],
  [
    'CreateGrant alone',
    { Operations: ['CreateGrant', 'CreateGrant'] },
    'ValidationException',
    /^Grants must not contain only the CreateGrant operation\.$/,
  ],
  ['an operation of other keys', { Operations: ['Decrypt', 'Sign'] }, 'ValidationException', /\[Sign\] are not valid/],
  ['GetPublicKey of a symmetric key', { Operations: ['GetPublicKey'] }, 'ValidationException', /\[GetPublicKey\]/],
  [
    'an operation that no grant is for',
    { Operations: ['DisableKey' as never] },
    'ValidationException',
    /enum value set/,
  ],
  [
    'both kinds of context',
    { Constraints: { EncryptionContextEquals: { a: 'b' }, EncryptionContextSubset: { a: 'b' } } },
    'ValidationException',
    /^More than one constraint supplied$/,
  ],
  ['nine pairs', { Constraints: { EncryptionContextEquals: nine } }, 'ValidationException', /more than 8/],
  ['a long value', { Constraints: { EncryptionContextSubset: { a: long } } }, 'ValidationException', /longer than 384/],
  [
    'a long key',
    { Constraints: { EncryptionContextSubset: { [long]: '' } } },
    'ValidationException',
    /longer than 384/,
  ],
  ['half a character', { Constraints: { EncryptionContextSubset: { a: '\ud800' } } }, 'SerializationException', /\S/],
  ['an account by its number', { GranteePrincipal: ACCOUNT }, 'InvalidArnException', /^Invalid arn/],
  ['a group', { GranteePrincipal: `arn:aws:iam::${ACCOUNT}:group/g` }, 'InvalidArnException', /^Invalid arn/],
  ['a key as the one who retires', { RetiringPrincipal: SOURCE }, 'InvalidArnException', /^Invalid arn/],
])('refuses %s', async (_what, rest, code, message) => {
  const refusal = await refusalOf(scene.kms.createGrant(requestOf(rest)))
  expect(refusal.code).toBe(code)
  expect(refusal.message).toMatch(message)
  await expectRefusal(scene, 'CreateGrant', requestOf(rest), code, refusal.message)
})

test('takes 8 pairs of 384 characters, and every kind of grantee', async () => {
  const text = 'x'.repeat(383)
  const pairs = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`${text}${i}`, `${i}${text}`]))
  for (const GranteePrincipal of [...Object.values(GRANTEES), `arn:aws:iam::${ACCOUNT}:root`, SERVICE]) {
    const { grantId } = await grantOn(scene.kms, scene.key.keyId, {
      GranteePrincipal,
      Constraints: { EncryptionContextEquals: pairs },
    })
    const { Grants } = await scene.kms.listGrants({ KeyId: scene.key.keyId, GrantId: grantId })
    expect(Grants).toMatchObject([{ GranteePrincipal, Constraints: { EncryptionContextEquals: pairs } }])
  }
})

test.each([
  [
    'SYMMETRIC_DEFAULT',
    'ENCRYPT_DECRYPT',
    ['GenerateDataKeyPairWithoutPlaintext', 'ReEncryptTo'],
    ['Sign', 'GetPublicKey'],
  ],
  ['RSA_2048', 'ENCRYPT_DECRYPT', ['Encrypt', 'ReEncryptFrom', 'GetPublicKey'], ['GenerateDataKey', 'Verify']],
  ['ECC_NIST_P256', 'SIGN_VERIFY', ['Sign', 'Verify', 'GetPublicKey'], ['Encrypt', 'DeriveSharedSecret']],
  ['ECC_NIST_P256', 'KEY_AGREEMENT', ['DeriveSharedSecret', 'GetPublicKey'], ['Sign', 'Decapsulate']],
  ['HMAC_256', 'GENERATE_VERIFY_MAC', ['GenerateMac', 'VerifyMac'], ['GetPublicKey', 'Encrypt']],
  ['ML_KEM_512', 'ENCAPSULATE_DECAPSULATE', ['Encapsulate', 'Decapsulate', 'GetPublicKey'], ['GenerateMac']],
] as const)('operations for %s, %s', async (KeySpec, KeyUsage, fit, alien) => {
  const { KeyMetadata } = await scene.kms.createKey({ KeySpec, KeyUsage })
  const KeyId = KeyMetadata?.KeyId
  const Operations = [...fit, 'CreateGrant', 'DescribeKey', 'RetireGrant'] as const
  await expect(scene.kms.createGrant(requestOf({ KeyId, Operations }))).resolves.toBeDefined()
  for (const operation of alien) {
    const request = requestOf({ KeyId, Operations: [operation, 'DescribeKey'] })
    expect((await refusalOf(scene.kms.createGrant(request))).message).toContain(`[${operation}] are not valid for`)
  }
  const Constraints = { EncryptionContextSubset: { a: 'b' } }
  const constrained = scene.kms.createGrant(requestOf({ KeyId, Operations: ['DescribeKey'], Constraints }))
  if (KeySpec === 'SYMMETRIC_DEFAULT') await expect(constrained).resolves.toBeDefined()
  else expect((await refusalOf(constrained)).message).toContain('is not a symmetric encryption key')
})

describe('the name', () => {
  const named = { Name: NAME, Constraints: { EncryptionContextSubset: { a: '1', b: '2' } } }

  test('makes the same request the same grant, with a fresh token', async () => {
    const { kms, key } = await startGrantScene()
    const first = await grantOn(kms, key.keyId, named)
    const again = await grantOn(kms, key.keyId, {
      ...named,
      Operations: ['Decrypt', 'Encrypt', 'Decrypt'],
      Constraints: { EncryptionContextSubset: { b: '2', a: '1' } },
    })
    expect(again.grantId).toBe(first.grantId)
    expect(again.token).not.toBe(first.token)
    expect((await kms.listGrants({ KeyId: key.keyId })).Grants).toHaveLength(1)
  })

  test.each<Partial<CreateGrantRequest>>([
    { GranteePrincipal: GRANTEES.role },
    { RetiringPrincipal: GRANTEES.user },
    { Operations: ['Decrypt'] },
    { Operations: ['Decrypt', 'DescribeKey'] },
    { Constraints: undefined },
    { Constraints: { EncryptionContextEquals: { a: '1', b: '2' } } },
    { Constraints: { EncryptionContextSubset: { a: '1' } } },
    { Constraints: { EncryptionContextSubset: { a: '1', b: '2' }, SourceArn: SOURCE } },
    { Name: `${NAME}x` },
    { Name: undefined },
  ])('is no name of a grant that differs: %o', async (rest) => {
    const { kms, key } = await startGrantScene()
    const first = await grantOn(kms, key.keyId, named)
    expect((await grantOn(kms, key.keyId, { ...named, ...rest })).grantId).not.toBe(first.grantId)
  })

  test('is found among many, and forgotten with its grant', async () => {
    const { kms, key } = await startGrantScene()
    for (let i = 0; i < 120; i++) {
      await grantOn(kms, key.keyId, { Name: NAME, Constraints: { EncryptionContextEquals: { i: String(i) } } })
    }
    const first = await grantOn(kms, key.keyId, { Name: NAME })
    expect((await grantOn(kms, key.keyId, { Name: NAME })).grantId).toBe(first.grantId)
    await kms.revokeGrant({ KeyId: key.keyId, GrantId: first.grantId })
    expect((await grantOn(kms, key.keyId, { Name: NAME })).grantId).not.toBe(first.grantId)
  })

  test('is one grant for requests that race', async () => {
    const { kms, key } = await startGrantScene()
    const grants = await Promise.all(Array.from({ length: 20 }, () => grantOn(kms, key.keyId, { Name: NAME })))
    expect(new Set(grants.map(({ grantId }) => grantId)).size).toBe(1)
  })
})

test('a key has as many grants as it may, whoever races, and the same request is no further one', async () => {
  const { kms, key, store } = await startGrantScene({ grantsPerKey: 3 })
  const attempts = Array.from({ length: 6 }, (_, i) => grantOn(kms, key.keyId, { Name: `n${i}` }))
  const outcomes = await Promise.allSettled(attempts)
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
  const message = `${key.arn} has 3 grants and can have no more.`
  await expectRefusal({ kms, store }, 'CreateGrant', requestOf({ KeyId: key.arn }), 'LimitExceededException', message)
  const { Grants: [kept] = [] } = await kms.listGrants({ KeyId: key.keyId })
  expect((await grantOn(kms, key.keyId, { Name: kept?.Name })).grantId).toBe(kept?.GrantId)
  await kms.revokeGrant({ KeyId: key.keyId, GrantId: kept?.GrantId })
  await expect(grantOn(kms, key.keyId)).resolves.toBeDefined()
})

test.each([[-1], [1.5], [Number.NaN]])('a limit or a delay of %d is none', async (count) => {
  await expect(startGrantScene({ grantsPerKey: count })).rejects.toThrow('grantsPerKey must be a whole number')
  await expect(startGrantScene({ grantDelayMs: count })).rejects.toThrow('grantDelayMs must be a whole number')
})

test('a dry run makes nothing and refuses what the real one would', async () => {
  const full = await startGrantScene({ grantsPerKey: 1 })
  const would = 'The request would have succeeded, but the DryRun option is set.'
  const request = { ...requestOf({ KeyId: full.key.arn, Name: NAME }), DryRun: true }
  await expectRefusal(full, 'CreateGrant', request, 'DryRunOperationException', would)
  const { grantId } = await grantOn(full.kms, full.key.keyId)
  const message = `${full.key.arn} has 1 grants and can have no more.`
  await expectRefusal(full, 'CreateGrant', request, 'LimitExceededException', message)
  for (const [operation, rest] of [
    ['RevokeGrant', { KeyId: full.key.keyId, GrantId: grantId }],
    ['RetireGrant', { KeyId: full.key.arn, GrantId: grantId }],
  ] as const) {
    await expectRefusal(full, operation, { ...rest, DryRun: true }, 'DryRunOperationException', would)
    const unknown = { ...rest, GrantId: '0'.repeat(64), DryRun: true }
    await expectRefusal(full, operation, unknown, 'NotFoundException', `Grant ID ${'0'.repeat(64)} not found`)
  }
})

test('a disabled key gets no grant, and keeps those that it has', async () => {
  const fresh = await startGrantScene()
  const { keyId, arn } = await createKeyInState(fresh, 'Enabled')
  const { grantId } = await grantOn(fresh.kms, keyId)
  await fresh.kms.disableKey({ KeyId: keyId })
  await expectRefusal(fresh, 'CreateGrant', requestOf({ KeyId: keyId }), 'DisabledException', `${arn} is disabled.`)
  expect((await fresh.kms.listGrants({ KeyId: keyId })).Grants).toMatchObject([{ GrantId: grantId }])
})

test('the replicas of a multi-Region key have grants of their own', async () => {
  const { kms, clock } = await startGrantScene()
  const { KeyMetadata } = await kms.createKey({ MultiRegion: true })
  const KeyId = KeyMetadata?.KeyId ?? ''
  await kms.replicateKey({ KeyId, ReplicaRegion: 'us-west-2' })
  clock.advance(1)
  const there = kms.inRegion('us-west-2')
  const { grantId, token } = await grantOn(kms, KeyId)
  expect((await there.listGrants({ KeyId })).Grants).toEqual([])
  expect((await refusalOf(there.revokeGrant({ KeyId, GrantId: grantId }))).code).toBe('NotFoundException')
  expect((await refusalOf(there.retireGrant({ GrantToken: token }))).code).toBe('InvalidGrantTokenException')
})

test('the issuer is the account that asked, and the trail shows everything but tokens', async () => {
  const { kms, key, audit, iam } = await startGrantScene()
  const policy = { Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' }
  await kms.putKeyPolicy({ KeyId: key.keyId, Policy: JSON.stringify({ Version: '2012-10-17', Statement: policy }) })
  iam.set(GRANTEES.stranger, { identity: [{ Version: '2012-10-17', Statement: { ...policy, Principal: undefined } }] })
  const { grantId: retired, token } = await grantOn(kms, key.keyId)
  const request = { GrantTokens: [token], Constraints: { EncryptionContextEquals: { tenant: 'blue' } }, Name: NAME }
  const { grantId } = await grantOn(kms.as(GRANTEES.stranger), key.arn, request)
  expect(audit.entries.at(-1)?.request).toEqual({
    KeyId: key.arn,
    GranteePrincipal: GRANTEES.user,
    Operations: ['Encrypt', 'Decrypt'],
    Constraints: request.Constraints,
    Name: NAME,
  })
  const { Grants } = await kms.listGrants({ KeyId: key.keyId, GrantId: grantId })
  expect(Grants?.[0]?.IssuingAccount).toBe(`arn:aws:iam::${OTHER_ACCOUNT}:root`)
  await kms.retireGrant({ GrantToken: token })
  expect(audit.entries.at(-1)).toMatchObject({
    operation: 'RetireGrant',
    keys: [key.arn],
    request: {},
    grantId: retired,
  })
  expect(JSON.stringify(audit.entries)).not.toContain(token)
})
