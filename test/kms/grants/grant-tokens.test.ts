/**
 * Grant tokens, and grants that do not count at once.
 *
 * @covers KMS authorization §4 (eventual consistency)
 */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { GRANTEES, grantOn, startGrantScene } from '../../support/grant-scene.ts'
import { bytesOf, expectRefusal, refusalOf } from '../../support/kms-fixture.ts'
import { runs } from '../../support/runs.ts'

const Plaintext = bytesOf('kept')
const DELAY = 300_000
const INVALID = 'The grant token is not valid.'

test('a new grant counts with its token at once and without it when its time has come', async () => {
  const { kms, key, clock } = await startGrantScene({ grantDelayMs: DELAY })
  const KeyId = key.keyId
  const user = kms.as(GRANTEES.user)
  const { grantId, token } = await grantOn(kms, KeyId)
  expect((await kms.listGrants({ KeyId })).Grants).toMatchObject([{ GrantId: grantId }])
  expect((await refusalOf(user.encrypt({ KeyId, Plaintext }))).code).toBe('AccessDeniedException')
  await expect(user.encrypt({ KeyId, Plaintext, GrantTokens: [token] })).resolves.toBeDefined()
  const [explanation] = await user.why('Encrypt', { KeyId, Plaintext })
  expect(explanation?.grants[0]?.misses).toEqual(['NotYetEffective'])
  const [presenting] = await user.why('Encrypt', { KeyId, Plaintext, GrantTokens: [token] })
  expect(presenting?.decision).toEqual({ isAllowed: true, grounds: 'grant' })
  clock.advance(DELAY - 1)
  expect((await refusalOf(user.encrypt({ KeyId, Plaintext }))).code).toBe('AccessDeniedException')
  clock.advance(1)
  await expect(user.encrypt({ KeyId, Plaintext })).resolves.toBeDefined()
})

test('a token is for the grantee alone, and one of several will do', async () => {
  const { kms, key } = await startGrantScene({ grantDelayMs: DELAY })
  const KeyId = key.keyId
  const mine = await grantOn(kms, KeyId)
  const theirs = await grantOn(kms, KeyId, { GranteePrincipal: GRANTEES.role })
  const GrantTokens = [theirs.token, mine.token]
  await expect(kms.as(GRANTEES.user).encrypt({ KeyId, Plaintext, GrantTokens })).resolves.toBeDefined()
  const other = kms.as(GRANTEES.federated)
  expect((await refusalOf(other.encrypt({ KeyId, Plaintext, GrantTokens }))).code).toBe('AccessDeniedException')
  // Another grant's token makes nothing of this one.
  const attempt = kms.as(GRANTEES.user).encrypt({ KeyId, Plaintext, GrantTokens: [theirs.token] })
  expect((await refusalOf(attempt)).code).toBe('AccessDeniedException')
})

test('a grant that its token makes count gives a child at once', async () => {
  const { kms, key } = await startGrantScene({ grantDelayMs: DELAY })
  const parent = await grantOn(kms, key.keyId, { Operations: ['CreateGrant', 'Encrypt'] })
  const child = { GranteePrincipal: GRANTEES.role, Operations: ['Encrypt'] } as const
  const user = kms.as(GRANTEES.user)
  expect((await refusalOf(grantOn(user, key.keyId, child))).code).toBe('AccessDeniedException')
  const { token } = await grantOn(user, key.keyId, { ...child, GrantTokens: [parent.token] })
  const session = kms.as(GRANTEES.session)
  await expect(session.encrypt({ KeyId: key.arn, Plaintext, GrantTokens: [token] })).resolves.toBeDefined()
})

test('every token of a grant is good as long as the grant is, and refuses nothing afterwards', async () => {
  const { kms, key } = await startGrantScene({ grantDelayMs: DELAY })
  const KeyId = key.keyId
  const first = await grantOn(kms, KeyId, { Name: 'one' })
  const second = await grantOn(kms, KeyId, { Name: 'one' })
  for (const { token } of [first, second]) {
    const attempt = kms.as(GRANTEES.user).encrypt({ KeyId, Plaintext, GrantTokens: [token] })
    await expect(attempt).resolves.toBeDefined()
  }
  await kms.retireGrant({ GrantToken: second.token })
  const attempt = kms.as(GRANTEES.user).encrypt({ KeyId, Plaintext, GrantTokens: [first.token] })
  expect((await refusalOf(attempt)).code).toBe('AccessDeniedException')
  await expect(kms.encrypt({ KeyId, Plaintext, GrantTokens: [first.token] })).resolves.toBeDefined()
})

test('a token of elsewhere is none', async () => {
  const here = await startGrantScene()
  const elsewhere = await startGrantScene()
  const { token } = await grantOn(elsewhere.kms, elsewhere.key.keyId)
  const there = here.kms.inRegion('us-west-2')
  const ofRegion = await grantOn(there, (await there.createKey()).KeyMetadata?.KeyId ?? '')
  const { KeyId, ...rest } = { KeyId: here.key.keyId, Plaintext }
  for (const foreign of [token, ofRegion.token]) {
    const request = { KeyId, ...rest, GrantTokens: [foreign] }
    await expectRefusal(here, 'Encrypt', request, 'InvalidGrantTokenException', INVALID)
    await expectRefusal(here, 'RetireGrant', { GrantToken: foreign }, 'InvalidGrantTokenException', INVALID)
  }
  const imported = await here.kms.createKey({ Origin: 'EXTERNAL' })
  const { ImportToken = new Uint8Array() } = await here.kms.getParametersForImport({
    KeyId: imported.KeyMetadata?.KeyId,
    WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
    WrappingKeySpec: 'RSA_2048',
  })
  const GrantToken = Buffer.from(ImportToken).toString('base64url')
  await expectRefusal(here, 'RetireGrant', { GrantToken }, 'InvalidGrantTokenException', INVALID)
})

test('a token that was altered in any character is none', async () => {
  const { kms, key, store } = await startGrantScene()
  const { token } = await grantOn(kms, key.keyId)
  await fc.assert(
    fc.asyncProperty(fc.nat(token.length - 1), fc.integer({ min: 1, max: 63 }), async (at, by) => {
      const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
      const digit = digits.charAt((digits.indexOf(token.charAt(at)) + by) % 64)
      const altered = token.slice(0, at) + digit + token.slice(at + 1)
      expect((await refusalOf(kms.retireGrant({ GrantToken: altered }))).code).toBe('InvalidGrantTokenException')
    }),
    { numRuns: runs(100, 5_000) },
  )
  for (const GrantToken of [
    token.slice(1),
    token.slice(0, -1),
    `${token}A`,
    `${token}=`,
    `${token}\n`,
    ' ',
    '☃',
    'A',
  ]) {
    await expectRefusal({ kms, store }, 'RetireGrant', { GrantToken }, 'InvalidGrantTokenException', INVALID)
  }
  await expect(kms.retireGrant({ GrantToken: token })).resolves.toEqual({})
})
