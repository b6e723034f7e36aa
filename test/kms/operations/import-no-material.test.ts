/**
 * What unwraps and is no material of the key's spec: one error, whatever is wrong with it.
 *
 * @covers KMS crypto-details §8; RFC 5958, RFC 5915, RFC 8017 §A.1.2
 */
import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import type { KeySpec } from '@softkms/hsm'
import { beforeAll, describe, expect, test } from 'vitest'
import { flipBit } from '../../support/bits.ts'
import {
  NEVER,
  type Wrapping,
  createExternalKey,
  makeMaterial,
  materialOf,
  randomOf,
  requestWrapping,
} from '../../support/import-material.ts'
import { type KmsFixture, expectRefusal } from '../../support/kms-fixture.ts'
import { startNativeKms } from '../../support/kms-keys.ts'

let fixture: KmsFixture

beforeAll(async () => {
  fixture = await startNativeKms()
})

const rsa = (modulusLength: number, publicExponent = 65_537) =>
  materialOf(generateKeyPairSync('rsa', { modulusLength, publicExponent }).privateKey).bytes
const ec = (namedCurve: string) => materialOf(generateKeyPairSync('ec', { namedCurve }).privateKey).bytes
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const p256Bytes = materialOf(p256.privateKey).bytes
const anyRsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const der = (key: typeof anyRsa, type: 'pkcs1' | 'sec1' | 'pkcs8') => {
  const encoded = type === 'sec1' ? key.export({ type, format: 'der' }) : key.export({ type, format: 'der' } as never)
  return Uint8Array.from(encoded as Buffer)
}
const encrypted = () =>
  Uint8Array.from(p256.privateKey.export({ type: 'pkcs8', format: 'der', cipher: 'aes-256-cbc', passphrase: 'secret' }))
/** The same PKCS#8 with the length of its outer sequence in one byte more than it needs. */
const longLength = () => Uint8Array.of(0x30, 0x82, 0, p256Bytes[2] ?? 0, ...p256Bytes.slice(3))
/** The same with indefinite length, as BER has it and DER has not. */
const indefinite = () => Uint8Array.of(0x30, 0x80, ...p256Bytes.slice(3), 0, 0)
/** The scalar, which stands at byte 36 of what OpenSSL writes. */
const withScalar = (scalar: Uint8Array) => Uint8Array.of(...p256Bytes.slice(0, 36), ...scalar, ...p256Bytes.slice(68))
const P256_ORDER = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex')

const NO_MATERIAL: Readonly<Partial<Record<KeySpec, Readonly<Record<string, () => Uint8Array>>>>> = {
  SYMMETRIC_DEFAULT: {
    '31 bytes': () => randomOf(31),
    '33 bytes': () => randomOf(33),
    '16 bytes': () => randomOf(16),
    '1 byte': () => randomOf(1),
    'its hexadecimal digits': () => new TextEncoder().encode(randomBytes(32).toString('hex')),
  },
  HMAC_224: { '32 bytes': () => randomOf(32), '27 bytes': () => randomOf(27) },
  HMAC_256: { '28 bytes': () => randomOf(28), '64 bytes': () => randomOf(64) },
  HMAC_384: { '32 bytes': () => randomOf(32), '64 bytes': () => randomOf(64) },
  HMAC_512: { '48 bytes': () => randomOf(48), '65 bytes': () => randomOf(65) },
  RSA_2048: {
    'a key of 3072 bits': () => rsa(3072),
    'a key of 1024 bits': () => rsa(1024),
    'a key with exponent 3': () => rsa(2048, 3),
    'PKCS#1': () => der(anyRsa, 'pkcs1'),
    'a key for PSS alone': () => materialOf(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey).bytes,
    'an EC key': () => ec('P-256'),
    PEM: () => new TextEncoder().encode(anyRsa.export({ type: 'pkcs8', format: 'pem' }).toString()),
    'a changed prime': () => flipBit(der(anyRsa, 'pkcs8'), 8 * 700),
    'raw bytes': () => randomOf(1200),
  },
  ECC_NIST_P256: {
    'a key on P-384': () => ec('P-384'),
    'a key on secp256k1': () => ec('secp256k1'),
    'an Ed25519 key': () => makeMaterial('ECC_NIST_EDWARDS25519').bytes,
    'SEC 1': () => der(p256.privateKey, 'sec1'),
    'a public key': () => Uint8Array.from(p256.publicKey.export({ type: 'spki', format: 'der' })),
    'encrypted PKCS#8': encrypted,
    'a longer length than needed': longLength,
    'indefinite length': indefinite,
    'a byte too many': () => Uint8Array.of(...p256Bytes, 0),
    'a byte too few': () => p256Bytes.slice(0, -1),
    "another key's public half": () => Uint8Array.of(...p256Bytes.slice(0, -64), ...ec('P-256').slice(-64)),
    'the scalar 0': () => withScalar(new Uint8Array(32)),
    'the order for a scalar': () => withScalar(P256_ORDER),
    'the scalar alone': () => p256Bytes.slice(36, 68),
  },
  ECC_NIST_P384: { 'a key on P-256': () => ec('P-256') },
  ECC_NIST_P521: { 'a key on P-384': () => ec('P-384') },
  ECC_SECG_P256K1: { 'a key on P-256': () => ec('P-256') },
  ECC_NIST_EDWARDS25519: {
    'an X25519 key': () => materialOf(generateKeyPairSync('x25519').privateKey).bytes,
    'an Ed448 key': () => materialOf(generateKeyPairSync('ed448').privateKey).bytes,
    'its seed alone': () => randomOf(32),
  },
}

describe.each(Object.entries(NO_MATERIAL))('no material of %s', (name, kinds) => {
  const spec = name as KeySpec
  const usage = name.startsWith('HMAC') ? 'GENERATE_VERIFY_MAC' : 'SIGN_VERIFY'
  let wrapping: Wrapping

  beforeAll(async () => {
    const isSymmetric = spec === 'SYMMETRIC_DEFAULT'
    const { KeyId } = await createExternalKey(fixture.kms, spec, isSymmetric ? 'ENCRYPT_DECRYPT' : usage)
    const algorithm = isSymmetric || name.startsWith('HMAC') ? 'RSAES_OAEP_SHA_256' : 'RSA_AES_KEY_WRAP_SHA_256'
    wrapping = await requestWrapping(fixture.kms, KeyId, algorithm)
  })

  test.each(Object.entries(kinds))('is %s', async (_, make) => {
    const message = `The key material is not valid for KeySpec ${spec}.`
    const input = { ...wrapping.wrap(make()), ...NEVER }
    await expectRefusal(fixture, 'ImportKeyMaterial', input, 'IncorrectKeyMaterialException', message)
  })
})

test('what stands in the table of refused material would be taken if it were whole', () => {
  // The offset of the scalar, and that the encodings that were bent are those that OpenSSL writes.
  const { d = '' } = p256.privateKey.export({ format: 'jwk' })
  expect(Buffer.from(p256Bytes.slice(36, 68)).toString('base64url')).toBe(d)
  expect([...p256Bytes.slice(0, 2)]).toEqual([0x30, 0x81])
  expect(withScalar(p256Bytes.slice(36, 68))).toEqual(p256Bytes)
  expect(
    createPrivateKey({ key: Buffer.from(encrypted()), format: 'der', type: 'pkcs8', passphrase: 'secret' }),
  ).toBeDefined()
})
