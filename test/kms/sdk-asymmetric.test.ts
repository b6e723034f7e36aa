/**
 * The AWS SDK for JavaScript against this process, with keys that cross: what the SDK brings back is used by
 * node:crypto, and what node:crypto makes is sent through the SDK.
 *
 * That each operation answers at all is `test/conformance/sdk-js`' to show; this file goes through every spec.
 */
import { constants, createPrivateKey, createPublicKey, diffieHellman, publicEncrypt, sign, verify } from 'node:crypto'
import { type DataKeyPairSpec, KMS, type KeySpec, type KeyUsageType } from '@aws-sdk/client-kms'
import { type SigningAlgorithm, algorithmsOf } from '@softkms/hsm'
import { createNativeProvider } from '@softkms/hsm/native'
import { createKms, requestHandler } from 'softkms'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signingsOf } from '../support/hsm-keys.ts'

const Message = new TextEncoder().encode('sent by the SDK')
let client: KMS

beforeAll(async () => {
  const kms = await createKms({ provider: createNativeProvider() })
  const credentials = { accessKeyId: '111122223333', secretAccessKey: 'any' }
  client = new KMS({ region: 'eu-west-1', credentials, requestHandler: requestHandler(kms) })
})
afterAll(() => client.destroy())

async function createKey(KeySpec: KeySpec, KeyUsage: KeyUsageType): Promise<string> {
  const { KeyMetadata } = await client.createKey({ KeySpec, KeyUsage })
  return KeyMetadata?.KeyId ?? ''
}

async function readPublicKey(KeyId: string) {
  const { PublicKey } = await client.getPublicKey({ KeyId })
  return createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' })
}

const SIGNERS = [
  'RSA_2048',
  'ECC_NIST_P256',
  'ECC_NIST_P384',
  'ECC_NIST_P521',
  'ECC_SECG_P256K1',
  'ECC_NIST_EDWARDS25519',
  'ML_DSA_44',
  'ML_DSA_65',
  'ML_DSA_87',
] as const

test.each(SIGNERS)('signs with %s, and node:crypto verifies', async (spec) => {
  const KeyId = await createKey(spec, 'SIGN_VERIFY')
  const key = await readPublicKey(KeyId)
  for (const { algorithm: SigningAlgorithm, messageType: MessageType, message } of signingsOf(spec)) {
    const request = { KeyId, Message: message, MessageType, SigningAlgorithm }
    const { Signature } = await client.sign(request)
    expect((await client.verify({ ...request, Signature })).SignatureValid).toBe(true)
    const wrong = client.verify({ ...request, Signature: Signature?.map((byte) => byte ^ 1) })
    await expect(wrong).rejects.toMatchObject({ name: 'KMSInvalidSignatureException' })
    if (MessageType !== 'RAW') continue
    const hash = /^(?:RSA|ECDSA)/u.test(SigningAlgorithm) ? `sha${SigningAlgorithm.slice(-3)}` : null
    const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    const options = { key, ...(SigningAlgorithm.includes('PSS') ? pss : {}) }
    expect(verify(hash, message, options, Signature ?? new Uint8Array(0))).toBe(true)
  }
})

test('ML-KEM: what is encapsulated is decapsulated, and damage gives another secret', async () => {
  for (const spec of ['ML_KEM_512', 'ML_KEM_768', 'ML_KEM_1024'] as const) {
    const key = { KeyId: await createKey(spec, 'ENCAPSULATE_DECAPSULATE'), EncapsulationAlgorithm: 'ML_KEM' } as const
    const { SharedSecret, SharedSecretCiphertextBlob } = await client.encapsulate(key)
    const opened = await client.decapsulate({ ...key, SharedSecretCiphertextBlob })
    expect(opened.SharedSecret).toEqual(SharedSecret)
    const damaged = SharedSecretCiphertextBlob?.map((byte, i) => (i === 9 ? byte ^ 1 : byte))
    const rejected = await client.decapsulate({ ...key, SharedSecretCiphertextBlob: damaged })
    expect(rejected.SharedSecret).toHaveLength(32)
    expect(rejected.SharedSecret).not.toEqual(SharedSecret)
    const short = client.decapsulate({ ...key, SharedSecretCiphertextBlob: damaged?.slice(1) })
    await expect(short).rejects.toMatchObject({ name: 'InvalidCiphertextException' })
  }
})

test.each(['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] as const)(
  'decrypts what was encrypted outside with %s',
  async (EncryptionAlgorithm) => {
    const KeyId = await createKey('RSA_2048', 'ENCRYPT_DECRYPT')
    const oaepHash = EncryptionAlgorithm.endsWith('_1') ? 'sha1' : 'sha256'
    const key = await readPublicKey(KeyId)
    const CiphertextBlob = publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, Message)
    const answer = await client.decrypt({ KeyId, CiphertextBlob, EncryptionAlgorithm })
    expect(Uint8Array.from(answer.Plaintext ?? [])).toEqual(Message)
    expect(answer).not.toHaveProperty('KeyMaterialId')
    const unnamed = client.decrypt({ CiphertextBlob, EncryptionAlgorithm })
    await expect(unnamed).rejects.toMatchObject({ name: 'ValidationException', message: 'KeyId is required.' })
  },
)

const PAIRS: readonly DataKeyPairSpec[] = [
  'RSA_2048',
  'ECC_NIST_P256',
  'ECC_NIST_P384',
  'ECC_NIST_P521',
  'ECC_SECG_P256K1',
  'ECC_NIST_EDWARDS25519',
  'ML_KEM_512',
  'ML_KEM_768',
  'ML_KEM_1024',
]

describe.each(PAIRS)('a data key pair of %s', (KeyPairSpec) => {
  test('works outside, and its blob opens to it', async () => {
    const KeyId = await createKey('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT')
    const pair = await client.generateDataKeyPair({ KeyId, KeyPairSpec })
    const { Plaintext } = await client.decrypt({ CiphertextBlob: pair.PrivateKeyCiphertextBlob })
    expect(Plaintext).toEqual(pair.PrivateKeyPlaintext)
    const privateKey = createPrivateKey({ key: Buffer.from(Plaintext ?? []), format: 'der', type: 'pkcs8' })
    const publicKey = createPublicKey({ key: Buffer.from(pair.PublicKey ?? []), format: 'der', type: 'spki' })
    expect(createPublicKey(privateKey).equals(publicKey)).toBe(true)
    if (KeyPairSpec.startsWith('ML_KEM')) return
    const hash = KeyPairSpec === 'ECC_NIST_EDWARDS25519' ? null : 'sha256'
    expect(verify(hash, Message, publicKey, sign(hash, Message, privateKey))).toBe(true)
  })
})

test.each(['ECC_NIST_P256', 'ECC_NIST_P384', 'ECC_NIST_P521'] as const)(
  '%s: a key here agrees with a pair of its own making',
  async (spec) => {
    const KeyId = await createKey(spec, 'KEY_AGREEMENT')
    const sealing = await createKey('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT')
    const pair = await client.generateDataKeyPair({ KeyId: sealing, KeyPairSpec: spec })
    const PublicKey = pair.PublicKey
    const { SharedSecret } = await client.deriveSharedSecret({ KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey })
    const key = Buffer.from(pair.PrivateKeyPlaintext ?? [])
    const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' })
    const there = diffieHellman({ privateKey, publicKey: await readPublicKey(KeyId) })
    expect(Buffer.from(SharedSecret ?? []).equals(there)).toBe(true)
    const bad = client.deriveSharedSecret({ KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey: Message })
    await expect(bad).rejects.toMatchObject({ name: 'ValidationException' })
  },
)

test('a wrong algorithm is refused by name, in the words of AWS', async () => {
  const KeyId = await createKey('ML_DSA_65', 'SIGN_VERIFY')
  const [right] = algorithmsOf('ML_DSA_65', 'SIGN_VERIFY') as SigningAlgorithm[]
  expect(right).toBe('ML_DSA_SHAKE_256')
  await expect(client.sign({ KeyId, Message, SigningAlgorithm: 'ECDSA_SHA_256' })).rejects.toMatchObject({
    name: 'InvalidKeyUsageException',
    message: 'Algorithm ECDSA_SHA_256 is incompatible with key spec ML_DSA_65.',
  })
})
