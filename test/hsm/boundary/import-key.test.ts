/**
 * Key material that comes in wrapped: by node:crypto, as an outside party would.
 *
 * @covers KMS crypto-details §8; PKCS #11 3.1 §6.1.24, RFC 5649
 */
import {
  type KeyObject,
  constants,
  createCipheriv,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  publicEncrypt,
  randomBytes,
} from 'node:crypto'
import {
  type Hsm,
  type ImportKeyCommand,
  type KeySpec,
  type KeyToken,
  type KeyUsage,
  type WrappingAlgorithm,
  createHsm,
} from '@softkms/hsm'
import { beforeAll, describe, expect, test } from 'vitest'
import { decodePkcs8, encodePkcs8 } from '../../../packages/hsm/src/encoding/pkcs8.ts'
import { flipBit, toHex } from '../../support/bits.ts'
import { expectHsmError } from '../../support/hsm-fixture.ts'
import { generate, readSpki } from '../../support/hsm-keys.ts'

const ALGORITHMS: readonly WrappingAlgorithm[] = [
  'RSAES_OAEP_SHA_1',
  'RSAES_OAEP_SHA_256',
  'RSA_AES_KEY_WRAP_SHA_1',
  'RSA_AES_KEY_WRAP_SHA_256',
]

const hsm: Hsm = createHsm()
let wrappingToken: KeyToken
let wrappingKey: KeyObject
let otherWrappingKey: KeyObject

beforeAll(async () => {
  const [one, other] = [await generate(hsm, UNWRAP), await generate(hsm, UNWRAP)]
  wrappingToken = one.token
  wrappingKey = readSpki(await hsm.publicKey(one.token))
  otherWrappingKey = readSpki(await hsm.publicKey(other.token))
})

const UNWRAP = { keySpec: 'RSA_2048', keyUsage: 'UNWRAP' } as const
const KWP_IV = Buffer.from('a65959a6', 'hex')

function wrapOaep(key: KeyObject, oaepHash: string, material: Uint8Array): Uint8Array {
  return Uint8Array.from(publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, material))
}

function wrapKwp(aesKey: Uint8Array, material: Uint8Array): Uint8Array {
  const name = aesKey.length === 32 ? 'id-aes256-wrap-pad' : 'id-aes128-wrap-pad'
  const cipher = createCipheriv(name, aesKey, KWP_IV)
  return Uint8Array.from(Buffer.concat([cipher.update(material), cipher.final()]))
}

function wrap(algorithm: WrappingAlgorithm, material: Uint8Array, key = wrappingKey): Uint8Array {
  const hash = algorithm.endsWith('SHA_1') ? 'sha1' : 'sha256'
  if (!algorithm.startsWith('RSA_AES')) return wrapOaep(key, hash, material)
  const aesKey = Uint8Array.from(randomBytes(32))
  return Uint8Array.of(...wrapOaep(key, hash, aesKey), ...wrapKwp(aesKey, material))
}

function pkcs8Of(key: KeyObject): Uint8Array {
  return Uint8Array.from(key.export({ type: 'pkcs8', format: 'der' }))
}

function spkiOf(key: KeyObject): Uint8Array {
  return Uint8Array.from(key.export({ type: 'spki', format: 'der' }))
}

const ec = (namedCurve: string): KeyObject => generateKeyPairSync('ec', { namedCurve }).privateKey
const rsaKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
/** What comes in, by spec. */
const PRIVATE_KEYS: Partial<Record<KeySpec, KeyObject>> = {
  RSA_2048: rsaKey,
  ECC_NIST_P256: ec('P-256'),
  ECC_NIST_P384: ec('P-384'),
  ECC_NIST_P521: ec('P-521'),
  ECC_SECG_P256K1: ec('secp256k1'),
  ECC_NIST_EDWARDS25519: generateKeyPairSync('ed25519').privateKey,
}
/** To see that its primes are primes takes a second, and one way of wrapping has to do. */
const LONG_KEY = generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey
const RAW_LENGTHS: Partial<Record<KeySpec, number>> = {
  SYMMETRIC_DEFAULT: 32,
  HMAC_224: 28,
  HMAC_256: 32,
  HMAC_384: 48,
  HMAC_512: 64,
}

async function importInto(
  keySpec: KeySpec,
  keyUsage: KeyUsage,
  material: Uint8Array,
  changes: Partial<ImportKeyCommand> & { readonly wrappingAlgorithm?: WrappingAlgorithm } = {},
) {
  const { wrappingAlgorithm = 'RSA_AES_KEY_WRAP_SHA_256' } = changes
  return hsm.importKey({
    keyId: 'k',
    keySpec,
    keyUsage,
    origin: 'EXTERNAL',
    wrappingToken,
    wrappingAlgorithm,
    wrappedMaterial: wrap(wrappingAlgorithm, material),
    ...changes,
  })
}

const usageOf = (spec: string): KeyUsage =>
  spec.startsWith('HMAC') ? 'GENERATE_VERIFY_MAC' : spec === 'SYMMETRIC_DEFAULT' ? 'ENCRYPT_DECRYPT' : 'SIGN_VERIFY'

describe.each(ALGORITHMS)('%s', (wrappingAlgorithm) => {
  test.each(Object.entries(RAW_LENGTHS))(
    'brings in %s of %s bytes, and names it alike each time',
    async (spec, length) => {
      const keySpec = spec as KeySpec
      const material = Uint8Array.from(randomBytes(length))
      const first = await importInto(keySpec, usageOf(spec), material, { wrappingAlgorithm })
      const second = await importInto(keySpec, usageOf(spec), material, { wrappingAlgorithm })
      expect(toHex(first.materialId)).toBe(toHex(second.materialId))
      expect(toHex(first.token)).not.toBe(toHex(second.token))
      const elsewhere = await importInto(keySpec, usageOf(spec), material, { wrappingAlgorithm, keyId: 'other' })
      expect(toHex(elsewhere.materialId)).not.toBe(toHex(first.materialId))
      if (keySpec === 'SYMMETRIC_DEFAULT') return
      const bits = spec.slice(-3) as '224'
      const mac = await hsm.mac({ token: first.token, algorithm: `HMAC_SHA_${bits}`, message: material })
      expect(toHex(mac)).toBe(createHmac(`sha${bits}`, material).update(material).digest('hex'))
    },
  )

  // What RSA-OAEP alone can carry is shorter than the PKCS#8 of an RSA key, or of one of P-521.
  const isWide = wrappingAlgorithm.startsWith('RSA_AES')
  const fitting = Object.entries(PRIVATE_KEYS).filter(
    ([spec]) => isWide || (spec.startsWith('ECC') && spec !== 'ECC_NIST_P521'),
  )
  test.each(fitting)('brings in %s, whose public half comes out', async (spec, key) => {
    const { token } = await importInto(spec as KeySpec, 'SIGN_VERIFY', pkcs8Of(key), { wrappingAlgorithm })
    expect(toHex(await hsm.publicKey(token))).toBe(toHex(spkiOf(createPublicKey(key))))
  })

  test('whatever does not unwrap is one error', async () => {
    const material = new Uint8Array(32).fill(3)
    const good = wrap(wrappingAlgorithm, material)
    const other = ALGORITHMS[(ALGORITHMS.indexOf(wrappingAlgorithm) + 1) % 4] ?? wrappingAlgorithm
    const damaged = [
      ...[0, 1000, 2047, good.length * 8 - 1].map((bit) => flipBit(good, bit)),
      ...[new Uint8Array(0), good.slice(0, -1), good.slice(0, -8), Uint8Array.of(...good, 0), good.slice(8)],
      ...[new Uint8Array(good.length), new Uint8Array(6144)],
      wrap(wrappingAlgorithm, material, otherWrappingKey),
      wrap(other, material),
    ]
    for (const wrappedMaterial of damaged) {
      const attempt = importInto('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', material, {
        wrappingAlgorithm,
        wrappedMaterial,
      })
      await expectHsmError(attempt, 'AUTHENTICATION_FAILED')
    }
  })

  test('whatever is no material of the spec is one error', async () => {
    for (const [spec, length] of Object.entries(RAW_LENGTHS)) {
      for (const wrong of [1, length - 1, length + 1]) {
        const attempt = importInto(spec as KeySpec, usageOf(spec), new Uint8Array(wrong), { wrappingAlgorithm })
        await expectHsmError(attempt, 'INVALID_MATERIAL')
      }
    }
    for (const [spec, key] of fitting) {
      const right = pkcs8Of(key)
      const others = Object.keys(PRIVATE_KEYS).filter((other) => other !== spec)
      for (const other of [...others, 'HMAC_256', 'SYMMETRIC_DEFAULT', 'ML_DSA_44']) {
        const attempt = importInto(other as KeySpec, usageOf(other), right, { wrappingAlgorithm })
        await expectHsmError(attempt, 'INVALID_MATERIAL')
      }
    }
  })
})

test.each([[31], [16], [33], [64]])('an AES key of %s bytes inside RSA_AES_KEY_WRAP is none', async (length) => {
  const aesKey = new Uint8Array(length).fill(7)
  const usable = length === 16 ? aesKey : new Uint8Array(32)
  const wrappedMaterial = Uint8Array.of(
    ...wrapOaep(wrappingKey, 'sha256', aesKey),
    ...wrapKwp(usable, new Uint8Array(32)),
  )
  const attempt = importInto('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', new Uint8Array(32), { wrappedMaterial })
  await expectHsmError(attempt, 'AUTHENTICATION_FAILED')
})

test('brings in RSA_3072', async () => {
  const { token } = await importInto('RSA_3072', 'ENCRYPT_DECRYPT', pkcs8Of(LONG_KEY))
  expect(toHex(await hsm.publicKey(token))).toBe(toHex(spkiOf(createPublicKey(LONG_KEY))))
  await expectHsmError(importInto('RSA_2048', 'ENCRYPT_DECRYPT', pkcs8Of(LONG_KEY)), 'INVALID_MATERIAL')
})

test('nothing at all inside OAEP is no material', async () => {
  for (const wrappingAlgorithm of ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] as const) {
    const wrappedMaterial = wrap(wrappingAlgorithm, new Uint8Array(0))
    for (const [keySpec, keyUsage] of [
      ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT'],
      ['RSA_2048', 'SIGN_VERIFY'],
      ['ECC_NIST_P256', 'KEY_AGREEMENT'],
    ] as const) {
      const attempt = importInto(keySpec, keyUsage, new Uint8Array(0), { wrappingAlgorithm, wrappedMaterial })
      await expectHsmError(attempt, 'INVALID_MATERIAL')
    }
  }
})

function readEc(pkcs8: Uint8Array) {
  const key = decodePkcs8(pkcs8)
  return key?.family === 'ec' ? key : expect.fail('not an EC key')
}

test('an EC key may leave its public half out or bring it along, but not bring another', async () => {
  const key = PRIVATE_KEYS.ECC_NIST_P256 ?? expect.fail()
  const { scalar, curve, point } = readEc(pkcs8Of(key))
  expect(point).toBeDefined()
  const { token } = await importInto('ECC_NIST_P256', 'SIGN_VERIFY', encodePkcs8({ family: 'ec', curve, scalar }))
  expect(toHex(await hsm.publicKey(token))).toBe(toHex(spkiOf(createPublicKey(key))))

  const { point: foreign } = readEc(pkcs8Of(ec('P-256')))
  if (foreign === undefined) expect.fail()
  const contradictory = encodePkcs8({ family: 'ec', curve, scalar, point: foreign })
  await expectHsmError(importInto('ECC_NIST_P256', 'SIGN_VERIFY', contradictory), 'INVALID_MATERIAL')
})

test.each([
  ['zero', new Uint8Array(32)],
  [
    'the order',
    Uint8Array.from(Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex')),
  ],
  ['above the order', new Uint8Array(32).fill(255)],
])('an EC scalar of %s is no key', async (_, scalar) => {
  const material = encodePkcs8({ family: 'ec', curve: 'P-256', scalar })
  await expectHsmError(importInto('ECC_NIST_P256', 'KEY_AGREEMENT', material), 'INVALID_MATERIAL')
})

function readRsa() {
  const key = decodePkcs8(pkcs8Of(rsaKey))
  return key?.family === 'rsa' ? key.numbers : expect.fail('not an RSA key')
}

const flipLast = (bytes: Uint8Array): Uint8Array => flipBit(bytes, 8 * bytes.length - 2)

test.each([
  'modulus',
  'publicExponent',
  'privateExponent',
  'prime1',
  'prime2',
  'exponent1',
  'exponent2',
  'coefficient',
] as const)('an RSA key whose %s does not fit the rest is none', async (name) => {
  const numbers = readRsa()
  const material = encodePkcs8({ family: 'rsa', numbers: { ...numbers, [name]: flipLast(numbers[name]) } })
  await expectHsmError(importInto('RSA_2048', 'SIGN_VERIFY', material), 'INVALID_MATERIAL')
})

test('RSA keys with exponent 3, with swapped primes or of 1024 bits are refused', async () => {
  const numbers = readRsa()
  const three = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }).privateKey
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
  const swapped = { ...numbers, prime1: numbers.prime2, prime2: numbers.prime1 }
  for (const material of [pkcs8Of(three), pkcs8Of(short), encodePkcs8({ family: 'rsa', numbers: swapped })]) {
    await expectHsmError(importInto('RSA_2048', 'ENCRYPT_DECRYPT', material), 'INVALID_MATERIAL')
  }
})

test.each([
  ['a public key', () => spkiOf(createPublicKey(rsaKey))],
  ['PKCS#1 in place of PKCS#8', () => Uint8Array.from(rsaKey.export({ type: 'pkcs1', format: 'der' }))],
  ['PEM', () => new TextEncoder().encode(rsaKey.export({ type: 'pkcs8', format: 'pem' }).toString())],
  ['a byte too many', () => Uint8Array.of(...pkcs8Of(rsaKey), 0)],
  ['a byte too few', () => pkcs8Of(rsaKey).slice(0, -1)],
])('%s is no PKCS#8 of a private key', async (_, material) => {
  await expectHsmError(importInto('RSA_2048', 'SIGN_VERIFY', material()), 'INVALID_MATERIAL')
})

test.each([
  [{ wrappingAlgorithm: 'RSAES_PKCS1_V1_5' }, RangeError],
  [{ wrappingAlgorithm: 'toString' }, RangeError],
  [{ keySpec: 'SM2' }, RangeError],
  [{ origin: 'NOWHERE' }, RangeError],
  [{ keyId: '' }, RangeError],
  [{ wrappedMaterial: 'text' }, TypeError],
  [{ wrappingToken: 'text' }, TypeError],
])('a command with %o is malformed', async (changes, refusal) => {
  const material = new Uint8Array(32)
  const good = wrap('RSAES_OAEP_SHA_256', material)
  const command = { wrappingAlgorithm: 'RSAES_OAEP_SHA_256', wrappedMaterial: good, ...changes } as object
  await expect(importInto('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', material, command)).rejects.toThrow(refusal)
})

test('an imported key is for what it was imported for, and no spec has a usage by import that it has not', async () => {
  const material = pkcs8Of(PRIVATE_KEYS.ECC_NIST_P256 ?? expect.fail())
  const { token } = await importInto('ECC_NIST_P256', 'KEY_AGREEMENT', material)
  const command = { token, algorithm: 'ECDSA_SHA_256', messageType: 'RAW', message: material } as const
  await expectHsmError(hsm.sign(command), 'KEY_USAGE')
  await expectHsmError(importInto('ECC_NIST_P256', 'ENCRYPT_DECRYPT', material), 'KEY_USAGE')
})
