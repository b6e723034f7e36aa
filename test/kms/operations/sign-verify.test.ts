/**
 * Sign and Verify, for every key spec that signs.
 *
 * @covers KMS operations, Sign and Verify; crypto-details §7; wire §4
 */
import { constants, createHash, createPublicKey, verify as verifyOutside } from 'node:crypto'
import { SIGNING_ALGORITHMS, type SigningAlgorithm, algorithmsOf } from '@softkms/hsm'
import { beforeAll, describe, expect, test } from 'vitest'
import { flipBit } from '../../support/bits.ts'
import { KINDS, signingsOf } from '../../support/hsm-keys.ts'
import { type KmsFixture, type NewKey, bytesOf, createKey, expectRefusal } from '../../support/kms-fixture.ts'
import { createKeyOf, startNativeKms } from '../../support/kms-keys.ts'

const MESSAGE = bytesOf('sign here')
const SPECS = KINDS.filter(({ keyUsage }) => keyUsage === 'SIGN_VERIFY').map(({ keySpec }) => keySpec)
const NOTHING = new Uint8Array(0)

let fixture: KmsFixture
const keys = new Map<string, NewKey>()

beforeAll(async () => {
  fixture = await startNativeKms()
  for (const spec of SPECS) keys.set(spec, await createKeyOf(fixture.kms, spec, 'SIGN_VERIFY'))
})

const keyOf = (spec: string): NewKey => keys.get(spec) ?? expect.fail(`no key of ${spec}`)

async function sign(spec: string, algorithm: SigningAlgorithm, message = MESSAGE): Promise<Uint8Array> {
  const input = { KeyId: keyOf(spec).keyId, Message: message, SigningAlgorithm: algorithm }
  const { Signature = NOTHING } = await fixture.kms.sign(input)
  return Signature
}

test('the specs are those that AWS signs with, but SM2', () => {
  expect(SPECS).toHaveLength(3 + 4 + 1 + 3)
})

describe.each(SPECS)('%s', (spec) => {
  test.each(signingsOf(spec).map((signing) => [signing.algorithm, signing.messageType, signing] as const))(
    '%s %s: answers with the members that AWS shows, and no others',
    async (SigningAlgorithm, MessageType, { message: Message }) => {
      const { kms } = fixture
      const { keyId: KeyId, arn } = keyOf(spec)
      const request = { KeyId, Message, MessageType, SigningAlgorithm }
      const { Signature, ...rest } = await kms.sign(request)
      expect(rest).toStrictEqual({ KeyId: arn, SigningAlgorithm })
      expect(await kms.verify({ ...request, Signature })).toStrictEqual({
        KeyId: arn,
        SignatureValid: true,
        SigningAlgorithm,
      })
      const bad = Signature ?? NOTHING
      for (const wrong of [
        { Signature: flipBit(bad, 100) },
        { Signature: bad.slice(1) },
        { Signature: Uint8Array.of(...bad, 0) },
        { Signature: Uint8Array.of(1) },
        { Message: flipBit(Message, 3) },
      ]) {
        await expectRefusal(fixture, 'Verify', { ...request, Signature, ...wrong }, 'KMSInvalidSignatureException', '')
      }
    },
  )

  test('an algorithm that the key does not have is refused', async () => {
    const { keyId: KeyId } = keyOf(spec)
    const own = algorithmsOf(spec, 'SIGN_VERIFY')
    const wrong = [...Object.keys(SIGNING_ALGORITHMS), 'SM2DSA'].filter((name) => !own.includes(name as 'ECDH'))
    expect(wrong.length).toBeGreaterThan(6)
    for (const SigningAlgorithm of wrong) {
      const message = `Algorithm ${SigningAlgorithm} is incompatible with key spec ${spec}.`
      const signing = { KeyId, Message: MESSAGE, SigningAlgorithm }
      await expectRefusal(fixture, 'Sign', signing, 'InvalidKeyUsageException', message)
      const verification = { ...signing, Signature: MESSAGE }
      await expectRefusal(fixture, 'Verify', verification, 'InvalidKeyUsageException', message)
    }
  })

  test('message types that the algorithm does not take, and digests of another length, are refused', async () => {
    const { keyId: KeyId } = keyOf(spec)
    for (const SigningAlgorithm of algorithmsOf(spec, 'SIGN_VERIFY') as SigningAlgorithm[]) {
      const { messageTypes, hash } = SIGNING_ALGORITHMS[SigningAlgorithm]
      for (const MessageType of ['RAW', 'DIGEST', 'EXTERNAL_MU'] as const) {
        const isTaken = messageTypes.includes(MessageType)
        if (MessageType === 'RAW' && isTaken) continue
        const right = hash === undefined || MessageType === 'EXTERNAL_MU' ? 64 : Number(hash.slice(4)) / 8
        const message = isTaken
          ? `Digest is invalid length for algorithm ${SigningAlgorithm}.`
          : `MessageType ${MessageType} is not valid for algorithm ${SigningAlgorithm}.`
        for (const length of isTaken ? [1, right - 1, right + 1, 4096] : [right]) {
          const signing = { KeyId, Message: new Uint8Array(length), MessageType, SigningAlgorithm }
          await expectRefusal(fixture, 'Sign', signing, 'ValidationException', message)
          const verification = { ...signing, Signature: MESSAGE }
          await expectRefusal(fixture, 'Verify', verification, 'ValidationException', message)
        }
      }
    }
  })

  test('RAW is the default, and the longest message has 4096 bytes', async () => {
    const { keyId: KeyId } = keyOf(spec)
    const SigningAlgorithm = algorithmsOf(spec, 'SIGN_VERIFY')[0] as SigningAlgorithm
    const Message = new Uint8Array(4096).fill(7)
    const { Signature } = await fixture.kms.sign({ KeyId, Message, SigningAlgorithm })
    const answer = await fixture.kms.verify({ KeyId, Message, MessageType: 'RAW', SigningAlgorithm, Signature })
    expect(answer.SignatureValid).toBe(true)
  })
})

test.each([
  ['RSA_2048', 'RSASSA_PSS_SHA_384', 'sha384'],
  ['RSA_4096', 'RSASSA_PKCS1_V1_5_SHA_512', 'sha512'],
  ['ECC_NIST_P521', 'ECDSA_SHA_512', 'sha512'],
  ['ECC_SECG_P256K1', 'ECDSA_SHA_256', 'sha256'],
] as const)(
  '%s %s: a digest signed is its message signed, and node:crypto agrees',
  async (spec, SigningAlgorithm, hash) => {
    const { kms } = fixture
    const { keyId: KeyId } = keyOf(spec)
    const digest = Uint8Array.from(createHash(hash).update(MESSAGE).digest())
    const request = { KeyId, Message: digest, MessageType: 'DIGEST', SigningAlgorithm } as const
    const { Signature = NOTHING } = await kms.sign(request)
    const raw = { KeyId, Message: MESSAGE, SigningAlgorithm, Signature }
    expect((await kms.verify(raw)).SignatureValid).toBe(true)
    const { PublicKey = NOTHING } = await kms.getPublicKey({ KeyId })
    const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' })
    const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    const options = SigningAlgorithm.includes('PSS') ? { key, ...pss } : { key }
    expect(verifyOutside(hash, MESSAGE, options, Signature)).toBe(true)
  },
)

test('signatures have the lengths that AWS documents', async () => {
  const lengths = await Promise.all([
    sign('RSA_3072', 'RSASSA_PSS_SHA_256'),
    sign('ECC_NIST_EDWARDS25519', 'ED25519_SHA_512'),
    sign('ML_DSA_44', 'ML_DSA_SHAKE_256'),
    sign('ML_DSA_65', 'ML_DSA_SHAKE_256'),
    sign('ML_DSA_87', 'ML_DSA_SHAKE_256'),
  ]).then((signatures) => signatures.map(({ length }) => length))
  expect(lengths).toEqual([384, 64, 2420, 3309, 4627])
  // DER: SEQUENCE of two INTEGERs.
  expect((await sign('ECC_NIST_P256', 'ECDSA_SHA_256'))[0]).toBe(0x30)
})

test('ED25519_PH hashes the digest once more: the two algorithms do not verify each other', async () => {
  const { keyId: KeyId } = keyOf('ECC_NIST_EDWARDS25519')
  const digest = Uint8Array.from(createHash('sha512').update(MESSAGE).digest())
  const signing = { KeyId, Message: digest, MessageType: 'DIGEST', SigningAlgorithm: 'ED25519_PH_SHA_512' } as const
  const { Signature } = await fixture.kms.sign(signing)
  const pure = { KeyId, Message: digest, SigningAlgorithm: 'ED25519_SHA_512', Signature }
  await expectRefusal(fixture, 'Verify', pure, 'KMSInvalidSignatureException', '')
  expect((await fixture.kms.verify({ ...signing, Signature })).SignatureValid).toBe(true)
})

test('an external μ of a message is that message', async () => {
  const { kms } = fixture
  const { keyId: KeyId } = keyOf('ML_DSA_65')
  const { PublicKey = NOTHING } = await kms.getPublicKey({ KeyId })
  const shake = (...parts: readonly Uint8Array[]): Uint8Array => {
    const hash = createHash('shake256', { outputLength: 64 })
    for (const part of parts) hash.update(part)
    return Uint8Array.from(hash.digest())
  }
  // The raw public key stands last in its SubjectPublicKeyInfo. @spec FIPS 204 §6.2
  const mu = shake(shake(PublicKey.subarray(-1952)), Uint8Array.of(0, 0), MESSAGE)
  const SigningAlgorithm = 'ML_DSA_SHAKE_256'
  const { Signature } = await kms.sign({ KeyId, Message: mu, MessageType: 'EXTERNAL_MU', SigningAlgorithm })
  expect((await kms.verify({ KeyId, Message: MESSAGE, SigningAlgorithm, Signature })).SignatureValid).toBe(true)
  const { Signature: raw } = await kms.sign({ KeyId, Message: MESSAGE, SigningAlgorithm })
  const viaMu = { KeyId, Message: mu, MessageType: 'EXTERNAL_MU', SigningAlgorithm, Signature: raw } as const
  expect((await kms.verify(viaMu)).SignatureValid).toBe(true)
})

test("another key's signature is none", async () => {
  const { kms } = fixture
  const twin = await createKeyOf(kms, 'ECC_NIST_P256', 'SIGN_VERIFY')
  const Signature = await sign('ECC_NIST_P256', 'ECDSA_SHA_256')
  const input = { KeyId: twin.keyId, Message: MESSAGE, SigningAlgorithm: 'ECDSA_SHA_256', Signature }
  await expectRefusal(fixture, 'Verify', input, 'KMSInvalidSignatureException', '')
})

test('a dry run says what would have been', async () => {
  const Signature = await sign('ECC_NIST_P256', 'ECDSA_SHA_256')
  const message = 'The request would have succeeded, but the DryRun option is set.'
  const { keyId: KeyId } = keyOf('ECC_NIST_P256')
  const signing = { KeyId, Message: MESSAGE, SigningAlgorithm: 'ECDSA_SHA_256', DryRun: true }
  await expectRefusal(fixture, 'Sign', signing, 'DryRunOperationException', message)
  await expectRefusal(fixture, 'Verify', { ...signing, Signature }, 'DryRunOperationException', message)
  const wrong = { ...signing, Signature: MESSAGE }
  await expectRefusal(fixture, 'Verify', wrong, 'KMSInvalidSignatureException', '')
})

test('a key for something else signs nothing', async () => {
  const { kms } = fixture
  const others = [
    ['ENCRYPT_DECRYPT', await createKey(kms)],
    ['ENCRYPT_DECRYPT', await createKeyOf(kms, 'RSA_2048', 'ENCRYPT_DECRYPT')],
    ['GENERATE_VERIFY_MAC', await createKeyOf(kms, 'HMAC_256', 'GENERATE_VERIFY_MAC')],
    ['KEY_AGREEMENT', await createKeyOf(kms, 'ECC_NIST_P256', 'KEY_AGREEMENT')],
    ['ENCAPSULATE_DECAPSULATE', await createKeyOf(kms, 'ML_KEM_512', 'ENCAPSULATE_DECAPSULATE')],
  ] as const
  for (const [usage, { keyId: KeyId, arn }] of others) {
    const input = { KeyId, Message: MESSAGE, SigningAlgorithm: 'ECDSA_SHA_256', Signature: MESSAGE }
    for (const operation of ['Sign', 'Verify'] as const) {
      const message = `${arn} key usage is ${usage} which is not valid for ${operation}.`
      await expectRefusal(fixture, operation, input, 'InvalidKeyUsageException', message)
    }
  }
})

test('the model bounds messages, signatures and names', async () => {
  const { keyId: KeyId } = keyOf('ECC_NIST_P256')
  const good = { KeyId, Message: MESSAGE, SigningAlgorithm: 'ECDSA_SHA_256', Signature: MESSAGE }
  const constraint = (path: string, rule: string) =>
    `1 validation error detected: Value at '${path}' failed to satisfy constraint: Member must have length ${rule}`
  const empty = constraint('message', 'greater than or equal to 1')
  await expectRefusal(fixture, 'Sign', { ...good, Message: NOTHING }, 'ValidationException', empty)
  const long = constraint('message', 'less than or equal to 4096')
  await expectRefusal(fixture, 'Sign', { ...good, Message: new Uint8Array(4097) }, 'ValidationException', long)
  const noSignature = constraint('signature', 'greater than or equal to 1')
  await expectRefusal(fixture, 'Verify', { ...good, Signature: NOTHING }, 'ValidationException', noSignature)
  const longSignature = constraint('signature', 'less than or equal to 6144')
  const tooLong = { ...good, Signature: new Uint8Array(6145) }
  await expectRefusal(fixture, 'Verify', tooLong, 'ValidationException', longSignature)
})
