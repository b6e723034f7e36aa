/**
 * Neither an answer nor an error tells anything of a private key: keys whose material is known here, since it was
 * imported, and everything that their HSM then says.
 */
import {
  constants,
  createCipheriv,
  createPublicKey,
  generateKeyPairSync,
  publicEncrypt,
  randomBytes,
} from 'node:crypto'
import { inspect } from 'node:util'
import {
  type Hsm,
  type KeySpec,
  type KeyToken,
  type KeyUsage,
  type SigningAlgorithm,
  algorithmsOf,
  createHsm,
} from '@softkms/hsm'
import { beforeAll, expect, test } from 'vitest'
import { decodePkcs8, encodePkcs8 } from '../../../packages/hsm/src/encoding/pkcs8.ts'
import { flipBit } from '../../support/bits.ts'
import { headerOf, layout, open, seal } from '../../support/hsm-fixture.ts'
import { generate, readPkcs8, readSpki } from '../../support/hsm-keys.ts'

const MESSAGE = new TextEncoder().encode('attack at dawn, as we said')
const hsm = createHsm()
let wrappingToken: KeyToken

beforeAll(async () => {
  wrappingToken = (await generate(hsm, { keySpec: 'RSA_2048', keyUsage: 'UNWRAP' })).token
})

interface Known {
  readonly keySpec: KeySpec
  readonly keyUsage: KeyUsage
  readonly material: Uint8Array
  /** What must never be seen. */
  readonly secrets: readonly Uint8Array[]
}

const draw = (length: number): Uint8Array => Uint8Array.from(randomBytes(length))

function knownRaw(keySpec: KeySpec, keyUsage: KeyUsage, length: number): Known {
  const material = draw(length)
  return { keySpec, keyUsage, material, secrets: [material] }
}

function knownSeed(keySpec: KeySpec, keyUsage: KeyUsage, key: Parameters<typeof encodePkcs8>[0]): Known {
  return { keySpec, keyUsage, material: encodePkcs8(key), secrets: 'seed' in key ? [key.seed] : [] }
}

function knownEc(keySpec: KeySpec, keyUsage: KeyUsage, namedCurve: string): Known {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve })
  const material = Uint8Array.from(privateKey.export({ type: 'pkcs8', format: 'der' }))
  const key = decodePkcs8(material)
  return { keySpec, keyUsage, material, secrets: key?.family === 'ec' ? [key.scalar] : [] }
}

function knownRsa(keyUsage: KeyUsage): Known {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const material = Uint8Array.from(privateKey.export({ type: 'pkcs8', format: 'der' }))
  const key = decodePkcs8(material)
  if (key?.family !== 'rsa') throw new Error('not an RSA key')
  const { privateExponent, prime1, prime2, exponent1, exponent2, coefficient } = key.numbers
  const secrets = [privateExponent, prime1, prime2, exponent1, exponent2, coefficient]
  return { keySpec: 'RSA_2048', keyUsage, material, secrets }
}

const KNOWN: readonly (() => Known)[] = [
  () => knownRaw('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', 32),
  () => knownRaw('HMAC_256', 'GENERATE_VERIFY_MAC', 32),
  () => knownRsa('SIGN_VERIFY'),
  () => knownRsa('ENCRYPT_DECRYPT'),
  () => knownEc('ECC_NIST_P521', 'SIGN_VERIFY', 'P-521'),
  () => knownEc('ECC_NIST_P256', 'KEY_AGREEMENT', 'P-256'),
  () => knownEc('ECC_SECG_P256K1', 'SIGN_VERIFY', 'secp256k1'),
  () => knownSeed('ECC_NIST_EDWARDS25519', 'SIGN_VERIFY', { family: 'edwards', seed: draw(32) }),
  () => knownSeed('ML_DSA_44', 'SIGN_VERIFY', { family: 'ml-dsa', parameters: 'ML-DSA-44', seed: draw(32) }),
  () =>
    knownSeed('ML_KEM_512', 'ENCAPSULATE_DECAPSULATE', { family: 'ml-kem', parameters: 'ML-KEM-512', seed: draw(64) }),
]

async function bringIn({ keySpec, keyUsage, material }: Known, wrapped?: Uint8Array): Promise<KeyToken> {
  const aesKey = draw(32)
  const cipher = createCipheriv('id-aes256-wrap-pad', aesKey, Buffer.from('a65959a6', 'hex'))
  const key = readSpki(await hsm.publicKey(wrappingToken))
  const wrappedKey = publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, aesKey)
  const wrappedMaterial = Uint8Array.of(...wrappedKey, ...cipher.update(material), ...cipher.final())
  const { token } = await hsm.importKey({
    keyId: 'k',
    keySpec,
    keyUsage,
    origin: 'EXTERNAL',
    wrappingToken,
    wrappingAlgorithm: 'RSA_AES_KEY_WRAP_SHA_256',
    wrappedMaterial: wrapped ?? wrappedMaterial,
  })
  return token
}

/** Everything that an HSM says of a key: answers, and errors for all kinds of reasons. */
async function sayEverything(at: Hsm, token: KeyToken, known: Known): Promise<readonly unknown[]> {
  const { keySpec, keyUsage } = known
  const ciphertext = new Uint8Array(256).fill(1)
  const target = { token, layout, additionalData: MESSAGE }
  const dataKey = { ...target, isPlaintextWanted: false }
  const signings = (keyUsage === 'SIGN_VERIFY' ? algorithmsOf(keySpec, keyUsage) : ['ECDSA_SHA_256']).map(
    (algorithm) => ({ token, algorithm: algorithm as SigningAlgorithm, messageType: 'RAW', message: MESSAGE }) as const,
  )
  const peer = await at.publicKey(token).catch(() => MESSAGE)
  const attempts: readonly Promise<unknown>[] = [
    ...signings.flatMap((signing) => [at.sign(signing), at.verify({ ...signing, signature: MESSAGE })]),
    seal(at, token, MESSAGE),
    open(at, token, ciphertext),
    at.seal({ token, algorithm: 'RSAES_OAEP_SHA_256', plaintext: MESSAGE }),
    at.open({ token, algorithm: 'RSAES_OAEP_SHA_256', ciphertext }),
    at.reseal({ source: { token, algorithm: 'RSAES_OAEP_SHA_1', ciphertext }, destination: target }),
    at.generateSealedDataKey({ ...dataKey, length: 32 }),
    at.generateSealedKeyPair({ ...dataKey, keyPairSpec: 'ECC_NIST_P256' }),
    seal(at, token, new Uint8Array(5000)),
    at.seal({ ...target, plaintext: MESSAGE, layout: () => headerOf(new Uint8Array(3)) }),
    at.mac({ token, algorithm: 'HMAC_SHA_256', message: MESSAGE }),
    at.verifyMac({ token, algorithm: 'HMAC_SHA_256', message: MESSAGE, mac: MESSAGE }),
    at.deriveSharedSecret({ token, algorithm: 'ECDH', publicKey: peer }),
    at.deriveSharedSecret({ token, algorithm: 'ECDH', publicKey: MESSAGE }),
    at.encapsulate({ token, algorithm: 'ML_KEM' }),
    at.decapsulate({ token, algorithm: 'ML_KEM', ciphertext: new Uint8Array(768).fill(2) }),
    at.decapsulate({ token, algorithm: 'ML_KEM', ciphertext }),
    at.publicKey(token),
    at.publicKey(flipBit(token, 800)),
    at.rewrap(token),
    at.rewrap(flipBit(token, 800)),
    at.status(),
    at.generateKey({ keyId: '', keySpec, keyUsage, origin: 'EXTERNAL' }),
  ]
  const settled = await Promise.allSettled(attempts)
  return [at, token, ...settled.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as unknown)))]
}

/** All bytes that a value holds, and all that it prints. */
function printAll(value: unknown): string {
  const printed = inspect(value, { showHidden: true, depth: 20, maxArrayLength: null, breakLength: Infinity })
  const stack = value instanceof Error ? `${value.stack ?? ''} ${String(value.cause)}` : ''
  return [printed, stack, JSON.stringify(value) ?? '', ...bytesIn(value).map((bytes) => hex(bytes))].join('\n')
}

function bytesIn(value: unknown): readonly Uint8Array[] {
  if (value instanceof Uint8Array) return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(bytesIn) : []
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** Eight bytes in a row, in each of the forms in which they would be printed. */
function* tracesOf(secret: Uint8Array): Iterable<string> {
  for (let at = 0; at + 8 <= secret.length; at += 4) {
    const part = secret.subarray(at, at + 8)
    yield hex(part)
    yield [...part].join(',')
    yield [...part].join(', ')
  }
}

function expectSilence(said: readonly unknown[], secrets: readonly Uint8Array[]): void {
  expect(secrets.length).toBeGreaterThan(0)
  const printed = said.map(printAll).join('\n')
  expect(printed.length).toBeGreaterThan(1000)
  for (const secret of secrets) for (const trace of tracesOf(secret)) expect(printed.includes(trace)).toBe(false)
}

test.each(KNOWN.map((make) => [make()] as const))('$keySpec $keyUsage', async (known) => {
  const token = await bringIn(known)
  const said = await sayEverything(hsm, token, known)
  expectSilence(said, known.secrets)
  // What is said does speak of the key: it is no silence that comes of having looked at nothing.
  const answers = said.filter((value) => !(value instanceof Error))
  expect(answers.length).toBeGreaterThan(4)
})

test('an import that is refused says nothing of what was inside', async () => {
  for (const make of KNOWN) {
    const known = make()
    const wrongSpec = known.keySpec === 'HMAC_256' ? 'HMAC_384' : 'HMAC_256'
    const attempts = [
      bringIn({ ...known, keySpec: wrongSpec, keyUsage: 'GENERATE_VERIFY_MAC' }),
      bringIn({ ...known, material: Uint8Array.of(...known.material, 0) }),
      bringIn(known, new Uint8Array(300)),
    ]
    const settled = await Promise.allSettled(attempts)
    const errors = settled.map((one) => (one.status === 'rejected' ? (one.reason as unknown) : 'accepted'))
    if (known.material.length === 32 && known.keySpec === 'SYMMETRIC_DEFAULT') expect(errors[0]).toBe('accepted')
    else expect(errors).not.toContain('accepted')
    expectSilence([...errors, 'x'.repeat(1000)], known.secrets)
  }
})

test('the search finds what it looks for', () => {
  const { material, secrets } = knownRsa('SIGN_VERIFY')
  expect(() => expectSilence([{ deep: [{ material }] }, 'x'.repeat(1000)], secrets)).toThrow(
    'expected true to be false',
  )
  const spki = createPublicKey(readPkcs8(material))
  const publicBytes = Uint8Array.from(spki.export({ type: 'spki', format: 'der' }))
  expectSilence([publicBytes, 'x'.repeat(1000)], secrets)
})
