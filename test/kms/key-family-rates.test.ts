/**
 * Request rates by the family of the key, or of the key pair, that a request is for.
 *
 * @covers KMS operations-around §8
 */
import { createNativeProvider } from '@softkms/hsm/native'
import type { Kms } from 'softkms'
import { describe, expect, test } from 'vitest'
import { call, startKms } from '../support/kms-fixture.ts'
import { createKeyOf } from '../support/kms-keys.ts'

const MESSAGE = Uint8Array.of(1)

async function start() {
  const fixture = await startKms({ requestRates: 'aws', region: 'sa-east-1', provider: createNativeProvider() })
  return { ...fixture, nextSecond: () => fixture.clock.advance(1000) }
}

/** How many of `count` requests get past the throttle; what refuses them then does not matter. */
async function countPassing(attempt: () => Promise<unknown>, count: number): Promise<number> {
  let passing = 0
  for (let i = 0; i < count; i++) {
    const code = await attempt().then(
      () => 'answered',
      (error: unknown) => (error as { readonly code?: string }).code,
    )
    if (code !== 'ThrottlingException') passing += 1
  }
  return passing
}

/** Requests for a key of each family that are refused right behind the throttle, so that a thousand cost little. */
const FAMILIES = [
  ['RSA_2048', 'SIGN_VERIFY', (kms: Kms, KeyId: string) => signing(kms, KeyId)],
  ['ECC_NIST_P256', 'SIGN_VERIFY', (kms: Kms, KeyId: string) => signing(kms, KeyId)],
  ['ECC_NIST_EDWARDS25519', 'SIGN_VERIFY', (kms: Kms, KeyId: string) => signing(kms, KeyId)],
  ['ML_DSA_44', 'SIGN_VERIFY', (kms: Kms, KeyId: string) => signing(kms, KeyId)],
  [
    'ML_KEM_512',
    'ENCAPSULATE_DECAPSULATE',
    (kms: Kms, KeyId: string) =>
      call(kms, 'Decapsulate', { KeyId, EncapsulationAlgorithm: 'ML_KEM', SharedSecretCiphertextBlob: MESSAGE }),
  ],
] as const

function signing(kms: Kms, KeyId: string): Promise<unknown> {
  return call(kms, 'Sign', { KeyId, Message: MESSAGE, SigningAlgorithm: 'SM2DSA' })
}

test.each(FAMILIES)(
  '%s: 1000 a second, for all keys and operations of the family together',
  async (spec, usage, attempt) => {
    const { kms, nextSecond, clock } = await start()
    const [one, two] = [await createKeyOf(kms, spec, usage), await createKeyOf(kms, spec, usage)]
    nextSecond()
    expect(await countPassing(() => attempt(kms, one.keyId), 600)).toBe(600)
    expect(await countPassing(() => attempt(kms, two.keyId), 500)).toBe(400)
    clock.advance(1)
    expect(await countPassing(() => attempt(kms, one.keyId), 3)).toBe(1)
  },
)

test('one family does not draw on another', async () => {
  const { kms, nextSecond } = await start()
  const rsa = await createKeyOf(kms, 'RSA_2048', 'SIGN_VERIFY')
  const ec = await createKeyOf(kms, 'ECC_NIST_P256', 'KEY_AGREEMENT')
  const lattice = await createKeyOf(kms, 'ML_DSA_44', 'SIGN_VERIFY')
  nextSecond()
  expect(await countPassing(() => signing(kms, rsa.keyId), 1001)).toBe(1000)
  expect(await countPassing(() => signing(kms, lattice.keyId), 1001)).toBe(1000)
  const derive = () =>
    call(kms, 'DeriveSharedSecret', { KeyId: ec.keyId, KeyAgreementAlgorithm: 'ECDH', PublicKey: MESSAGE })
  expect(await countPassing(derive, 1001)).toBe(1000)
  expect(await countPassing(() => kms.generateRandom({ NumberOfBytes: 1 }), 10)).toBe(10)
})

test('Decrypt and ReEncrypt draw on the allowance of the key that opens', async () => {
  const { kms, nextSecond } = await start()
  const rsa = await createKeyOf(kms, 'RSA_2048', 'ENCRYPT_DECRYPT')
  const symmetric = await createKeyOf(kms, 'SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT')
  nextSecond()
  const CiphertextBlob = MESSAGE
  const from = { SourceKeyId: rsa.keyId, CiphertextBlob, DestinationKeyId: symmetric.keyId }
  expect(await countPassing(() => call(kms, 'ReEncrypt', from), 500)).toBe(500)
  expect(await countPassing(() => kms.decrypt({ KeyId: rsa.keyId, CiphertextBlob }), 510)).toBe(500)
  expect(await countPassing(() => kms.encrypt({ KeyId: symmetric.keyId, Plaintext: MESSAGE }), 10)).toBe(10)
})

describe('key pairs', () => {
  test.each([
    ['RSA_2048', 20],
    ['RSA_3072', 4],
    ['RSA_4096', 1],
    ['ECC_NIST_P384', 100],
    ['ECC_NIST_EDWARDS25519', 100],
    // Unconfirmed; by analogy with the curves.
    ['ML_KEM_768', 100],
  ])('of %s: %s a second, with the plaintext or without', async (KeyPairSpec, rate) => {
    const { kms } = await start()
    let sent = 0
    const attempt = async () => {
      const name = sent++ % 2 === 0 ? 'GenerateDataKeyPair' : 'GenerateDataKeyPairWithoutPlaintext'
      return call(kms, name, { KeyPairSpec, KeyId: 'alias/nothing' })
    }
    expect(await countPassing(attempt, rate + 5)).toBe(rate)
  })
})
