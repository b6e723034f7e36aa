/**
 * What is left in memory: a provider that keeps every buffer that it was handed, and looks at it again afterwards.
 *
 * The buffers themselves, not copies: if a private scalar, a seed or wrapped material were not overwritten when it is
 * done with, it would still be read here. What a provider makes of them inside is its own affair: of prepared keys it is
 * seen that they are told to zeroize.
 */
import { constants, createCipheriv, generateKeyPairSync, publicEncrypt, randomBytes } from 'node:crypto'
import {
  type Hsm,
  HsmError,
  type KeyToken,
  type Provider,
  type WrappingAlgorithm,
  createHsm,
  nobleProvider,
  systemEntropy,
} from '@softkms/hsm'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { layout, open, openCommand, seal } from '../../support/hsm-fixture.ts'
import { FAMILY_KINDS, type Kind, generate, generateAll, readSpki, titleOf } from '../../support/hsm-keys.ts'

const NOTHING = new Uint8Array(0)
const MESSAGE = new TextEncoder().encode('attack at dawn, as we said')

interface PreparedKey {
  readonly kind: string
  isZeroized: boolean
}

/** Buffers with secrets in them, and prepared keys, in the order in which the provider saw them. */
const seen = { secrets: [] as Uint8Array[], prepared: [] as PreparedKey[], drawn: [] as Uint8Array[] }

function keep<Bytes extends Uint8Array>(bytes: Bytes): Bytes {
  seen.secrets.push(bytes)
  return bytes
}

function prepare<Key extends { zeroize(): void }>(kind: string, key: Key): Key {
  const entry: PreparedKey = { kind, isZeroized: false }
  seen.prepared.push(entry)
  const zeroize = (): void => {
    entry.isZeroized = true
    key.zeroize()
  }
  return { ...key, zeroize }
}

const watching: Provider = {
  ...nobleProvider,
  name: 'noble, watched',
  sealAesGcm: (key, nonce, additionalData, plaintext) =>
    nobleProvider.sealAesGcm(keep(key), nonce, additionalData, keep(plaintext)),
  openAesGcm(key, nonce, additionalData, sealed) {
    const plaintext = nobleProvider.openAesGcm(keep(key), nonce, additionalData, sealed)
    return plaintext && keep(plaintext)
  },
  unwrapAesKwp(key, wrapped) {
    const material = nobleProvider.unwrapAesKwp(keep(key), wrapped)
    return material && keep(material)
  },
  createHmac: (hash, key) => prepare('hmac', nobleProvider.createHmac(hash, keep(key))),
  generateRsaKey(...args) {
    const numbers = nobleProvider.generateRsaKey(...args)
    const { privateExponent, prime1, prime2, exponent1, exponent2, coefficient } = numbers
    for (const secret of [privateExponent, prime1, prime2, exponent1, exponent2, coefficient]) keep(secret)
    return numbers
  },
  createRsaPrivateKey(numbers, entropy) {
    for (const secret of [numbers.privateExponent, numbers.prime1, numbers.prime2]) keep(secret)
    return prepare('rsa', nobleProvider.createRsaPrivateKey(numbers, entropy))
  },
  generateScalar: (curve, entropy) => keep(nobleProvider.generateScalar(curve, entropy)),
  computePoint: (curve, scalar) => nobleProvider.computePoint(curve, keep(scalar)),
  signEcdsa: (curve, scalar, ...rest) => nobleProvider.signEcdsa(curve, keep(scalar), ...rest),
  deriveEcdh: (curve, scalar, peer) => nobleProvider.deriveEcdh(curve, keep(scalar), peer),
  computeEd25519PublicKey: (seed) => nobleProvider.computeEd25519PublicKey(keep(seed)),
  signEd25519: (seed, ...rest) => nobleProvider.signEd25519(keep(seed), ...rest),
  createMlDsaKey: (parameters, seed) => prepare('ml-dsa', nobleProvider.createMlDsaKey(parameters, keep(seed))),
  createMlKemKey: (parameters, seed) => prepare('ml-kem', nobleProvider.createMlKemKey(parameters, keep(seed))),
}

function start(): Hsm {
  return createHsm({
    provider: watching,
    loadedKeyLimit: 1,
    entropy: {
      fill(bytes) {
        systemEntropy.fill(bytes)
        seen.drawn.push(bytes)
      },
    },
  })
}

function forget(): void {
  for (const list of Object.values(seen)) list.length = 0
}

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0)
const leftovers = (): readonly Uint8Array[] => [...new Set(seen.secrets)].filter((bytes) => !isZero(bytes))
/** Prepared and still in use. */
const inUse = (): readonly string[] => seen.prepared.filter(({ isZeroized }) => !isZeroized).map(({ kind }) => kind)

const hsm = start()
let tokens: ReadonlyMap<string, KeyToken>

// Runs the self-tests of every family too, whose known keys are nobody's secret.
beforeAll(async () => {
  tokens = await generateAll(hsm, FAMILY_KINDS)
})
beforeEach(forget)

function tokenOf(title: string): KeyToken {
  return tokens.get(title) ?? expect.fail(`no key of ${title}`)
}

/** A use of the key that reaches its private half, and how many secrets of it stay behind in the loaded key. */
const USES: Readonly<Record<string, readonly [(at: Hsm, token: KeyToken) => Promise<unknown>, 'bytes' | 'prepared']>> =
  {
    'SYMMETRIC_DEFAULT ENCRYPT_DECRYPT': [(at, token) => seal(at, token, MESSAGE), 'prepared'],
    'HMAC_224 GENERATE_VERIFY_MAC': [
      (at, token) => at.mac({ token, algorithm: 'HMAC_SHA_224', message: MESSAGE }),
      'prepared',
    ],
    'RSA_2048 ENCRYPT_DECRYPT': [
      async (at, token) => {
        const algorithm = 'RSAES_OAEP_SHA_1'
        return at.open({ token, algorithm, ciphertext: await at.seal({ token, algorithm, plaintext: MESSAGE }) })
      },
      'prepared',
    ],
    'RSA_2048 SIGN_VERIFY': [sign('RSASSA_PSS_SHA_256'), 'prepared'],
    'RSA_2048 UNWRAP': [(at, token) => at.publicKey(token), 'prepared'],
    'ECC_NIST_P256 SIGN_VERIFY': [sign('ECDSA_SHA_256'), 'bytes'],
    'ECC_NIST_P256 KEY_AGREEMENT': [
      async (at, token) => at.deriveSharedSecret({ token, algorithm: 'ECDH', publicKey: await at.publicKey(token) }),
      'bytes',
    ],
    'ECC_NIST_EDWARDS25519 SIGN_VERIFY': [sign('ED25519_SHA_512'), 'bytes'],
    'ML_DSA_44 SIGN_VERIFY': [sign('ML_DSA_SHAKE_256'), 'prepared'],
    'ML_KEM_512 ENCAPSULATE_DECAPSULATE': [
      async (at, token) => {
        const { ciphertext } = await at.encapsulate({ token, algorithm: 'ML_KEM' })
        return at.decapsulate({ token, algorithm: 'ML_KEM', ciphertext })
      },
      'prepared',
    ],
  }

function sign(algorithm: 'RSASSA_PSS_SHA_256' | 'ECDSA_SHA_256' | 'ED25519_SHA_512' | 'ML_DSA_SHAKE_256') {
  return (at: Hsm, token: KeyToken) => at.sign({ token, algorithm, messageType: 'RAW', message: MESSAGE })
}

describe.each(FAMILY_KINDS.map((kind) => [titleOf(kind), kind] as const))('%s', (title, kind: Kind) => {
  const [use, held] = USES[title] ?? expect.fail(title)

  test('leaves nothing behind when it was generated', async () => {
    await generate(hsm, kind)
    expect(seen.secrets.length).toBeGreaterThan(0)
    expect(leftovers()).toEqual([])
    expect(inUse()).toEqual([])
  })

  test('stays in one loaded key while it is used, and nowhere once another key takes its place', async () => {
    await use(hsm, tokenOf(title))
    expect(await hsm.status()).toMatchObject({ loadedKeys: 1 })
    expect(leftovers()).toHaveLength(held === 'bytes' ? 1 : 0)
    expect(inUse()).toHaveLength(held === 'prepared' ? 1 : 0)

    const other = await hsm.generateKey({
      keyId: 'o',
      keySpec: 'HMAC_512',
      keyUsage: 'GENERATE_VERIFY_MAC',
      origin: 'AWS_KMS',
    })
    await hsm.mac({ token: other.token, algorithm: 'HMAC_SHA_512', message: MESSAGE })
    expect(leftovers()).toEqual([])
    // The key that took its place.
    expect(inUse()).toEqual(['hmac'])
    expect(await hsm.status()).toMatchObject({ loadedKeys: 1 })
  })

  test('is gone when it is unloaded', async () => {
    await use(hsm, tokenOf(title))
    await hsm.unload(tokenOf(title))
    expect(leftovers()).toEqual([])
    expect(inUse()).toEqual([])
    expect(await hsm.status()).toMatchObject({ loadedKeys: 0 })
  })

  test('is gone when everything is zeroized', async () => {
    const ending = start()
    const { token } = await generate(ending, kind)
    forget()
    await use(ending, token)
    await ending.zeroize()
    expect(leftovers()).toEqual([])
    expect(inUse()).toEqual([])
    expect(await ending.status()).toMatchObject({ loadedKeys: 0 })
  })

  test('leaves nothing behind when its token is wrapped anew', async () => {
    await hsm.rotateDomainKey()
    forget()
    await hsm.rewrap(tokenOf(title))
    expect(seen.secrets.length).toBeGreaterThan(0)
    expect(leftovers()).toEqual([])
  })
})

test('of what a generation drew, only nonce and vector are left: they are in the token to be read', async () => {
  for (const kind of FAMILY_KINDS.filter(({ keySpec }) => !keySpec.startsWith('RSA'))) {
    forget()
    const { token } = await generate(hsm, kind)
    const left = seen.drawn.filter((bytes) => !isZero(bytes))
    expect(left.length).toBe(1)
    for (const bytes of left) expect(Buffer.from(token).includes(Buffer.from(bytes))).toBe(true)
  }
})

test.each([
  ['HMAC_256', 'GENERATE_VERIFY_MAC', () => Uint8Array.from(randomBytes(32))],
  ['ECC_NIST_P256', 'SIGN_VERIFY', () => pkcs8Of('ec', { namedCurve: 'P-256' })],
  ['RSA_2048', 'ENCRYPT_DECRYPT', () => pkcs8Of('rsa', { modulusLength: 2048 })],
  // Refused: it unwraps, but is no material of the spec.
  ['HMAC_512', 'GENERATE_VERIFY_MAC', () => Uint8Array.from(randomBytes(32))],
  ['ECC_NIST_P384', 'SIGN_VERIFY', () => pkcs8Of('ec', { namedCurve: 'P-256' })],
] as const)(
  'material that comes in for %s %s is gone when its token is made, or refused',
  async (keySpec, keyUsage, make) => {
    const wrappingToken = tokenOf('RSA_2048 UNWRAP')
    const key = readSpki(await hsm.publicKey(wrappingToken))
    const oaep = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
    const command = { keyId: 'k', keySpec, keyUsage, origin: 'EXTERNAL', wrappingToken } as const
    const aesKey = randomBytes(32)
    const cipher = createCipheriv('id-aes256-wrap-pad', aesKey, Buffer.from('a65959a6', 'hex'))
    const wrapped = {
      RSA_AES_KEY_WRAP_SHA_256: [publicEncrypt(oaep, aesKey), cipher.update(make()), cipher.final()],
      RSAES_OAEP_SHA_256: keySpec === 'RSA_2048' ? undefined : [publicEncrypt(oaep, make())],
    }
    for (const [wrappingAlgorithm, parts] of Object.entries(wrapped)) {
      if (parts === undefined) continue
      forget()
      const wrappedMaterial = Uint8Array.from(Buffer.concat(parts))
      const importing = { ...command, wrappedMaterial, wrappingAlgorithm: wrappingAlgorithm as WrappingAlgorithm }
      const answer: unknown = await hsm.importKey(importing).catch((error: unknown) => error)
      // Neither command is malformed: it is a token, or the refusal of the material.
      expect(answer instanceof Error ? answer : undefined).toEqual(
        keySpec === 'HMAC_512' || keySpec === 'ECC_NIST_P384' ? new HsmError('INVALID_MATERIAL') : undefined,
      )
      // The material at least was seen, or its scalar; with the AES key, that too.
      expect(seen.secrets.length).toBeGreaterThanOrEqual(wrappingAlgorithm === 'RSAES_OAEP_SHA_256' ? 0 : 2)
      expect(leftovers()).toEqual([])
      // The wrapping key stays loaded, and nothing beside it.
      expect(inUse().filter((kind) => kind !== 'rsa')).toEqual([])
    }
  },
)

function pkcs8Of(
  ...args: readonly ['ec', { readonly namedCurve: string }] | readonly ['rsa', { readonly modulusLength: number }]
) {
  const { privateKey } =
    args[0] === 'ec' ? generateKeyPairSync(args[0], args[1]) : generateKeyPairSync(args[0], args[1])
  return Uint8Array.from(privateKey.export({ type: 'pkcs8', format: 'der' }))
}

test('a data key pair is gone but for the copy that was asked for', async () => {
  const token = tokenOf('SYMMETRIC_DEFAULT ENCRYPT_DECRYPT')
  const target = { token, layout, additionalData: NOTHING }
  for (const keyPairSpec of ['RSA_2048', 'ECC_NIST_P384', 'ECC_NIST_EDWARDS25519', 'ML_KEM_768'] as const) {
    for (const isPlaintextWanted of [true, false]) {
      forget()
      const { plaintext } = await hsm.generateSealedKeyPair({ ...target, keyPairSpec, isPlaintextWanted })
      expect(leftovers()).toEqual([])
      if (isPlaintextWanted) expect(isZero(plaintext ?? NOTHING)).toBe(false)
    }
  }
})

test('a refused seal of a fresh key pair leaves nothing of it', async () => {
  const token = tokenOf('SYMMETRIC_DEFAULT ENCRYPT_DECRYPT')
  await seal(hsm, token, MESSAGE)
  forget()
  let asked = 0
  const fickle = () => {
    if (asked++ > 0) throw new Error('no header')
    return layout()
  }
  const command = { token, layout: fickle, additionalData: NOTHING, isPlaintextWanted: true }
  await expect(hsm.generateSealedKeyPair({ ...command, keyPairSpec: 'ECC_NIST_P256' })).rejects.toThrow('no header')
  expect(seen.secrets.length).toBeGreaterThan(0)
  expect(leftovers()).toEqual([])
})

test('resealing between kinds of keys, with room for one, leaves nothing of the plaintext', async () => {
  const symmetric = tokenOf('SYMMETRIC_DEFAULT ENCRYPT_DECRYPT')
  const rsa = tokenOf('RSA_2048 ENCRYPT_DECRYPT')
  const sealed = await seal(hsm, symmetric, MESSAGE)
  forget()
  const algorithm = 'RSAES_OAEP_SHA_256'
  const ciphertext = await hsm.reseal({
    source: openCommand(symmetric, sealed),
    destination: { token: rsa, algorithm },
  })
  expect(leftovers()).toEqual([])
  forget()
  const back = await hsm.reseal({
    source: { token: rsa, algorithm, ciphertext },
    destination: { token: symmetric, layout, additionalData: NOTHING },
  })
  expect(leftovers()).toEqual([])
  expect(await open(hsm, symmetric, back)).toEqual(MESSAGE)
  expect(await hsm.status()).toMatchObject({ loadedKeys: 1 })
})
