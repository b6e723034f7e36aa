/** What each byte of a token, a key and a signature is, in words, and which bytes must not be shown. */
import {
  type Annotation,
  DATA_KEY_PAIR_SPECS,
  annotateFixedInput,
  annotateFrame,
  annotatePkcs8,
  annotateRawSignature,
  annotateSignature,
  annotateSpki,
  annotateToken,
  createHsm,
} from '@softkms/hsm'
import { createNativeProvider } from '@softkms/hsm/native'
import { beforeAll, describe, expect, test } from 'vitest'
import { decodePkcs8 } from '../../packages/hsm/src/encoding/pkcs8.ts'
import { annotationsOf, bytesNamed, expectCovered, expectRefusedOrCovered } from '../support/annotations.ts'
import { eachBitFlipped, eachLengthChanged, toHex } from '../support/bits.ts'
import { NEW_KEY, layout } from '../support/hsm-fixture.ts'

const hsm = createHsm()
/** Makes RSA keys sooner. */
const nativeHsm = createHsm({ provider: createNativeProvider() })
const NOTHING = new Uint8Array(0)

describe('a key token', () => {
  let token: Uint8Array
  let materialId: Uint8Array
  beforeAll(async () => {
    ;({ token, materialId } = await hsm.generateKey(NEW_KEY))
  })

  test('field by field', () => {
    const annotations = annotationsOf(annotateToken(token))
    expectCovered(annotations, token.length)
    expect(annotations.map(({ offset, length, name }) => [offset, length, name])).toEqual([
      [0, 1, 'format version'],
      [1, 16, 'domain key id'],
      [17, 1, 'key spec'],
      [18, 1, 'key usage'],
      [19, 1, 'origin'],
      [20, 1, 'flags'],
      [21, 32, 'KeyMaterialId'],
      [53, 16, 'nonce'],
      [69, 12, 'initialization vector'],
      [81, 1, 'length of the key id'],
      [82, 36, 'key id'],
      [118, 32, 'wrapped key material'],
      [150, 16, 'GCM tag'],
    ])
    expect(toHex(bytesNamed(token, annotations, 'KeyMaterialId'))).toBe(toHex(materialId))
    const meanings = Object.fromEntries(annotations.map(({ name, meaning }) => [name, meaning]))
    expect(meanings).toMatchObject({ 'key spec': 'SYMMETRIC_DEFAULT', 'key id': NEW_KEY.keyId, origin: 'AWS_KMS' })
  })

  test.each([
    [0, 'it does not begin with the format version 1'],
    [17, 'its key spec has a code that stands for none'],
    [18, 'its key usage has a code that stands for none'],
    [19, 'its origin has a code that stands for none'],
    [20, 'it has a flag that stands for nothing'],
    [81, 'what follows the header has not the length of wrapped SYMMETRIC_DEFAULT material'],
    [82, 'its key id is not printable ASCII'],
  ])('with a byte of no meaning at %i: why it is none', (at, reason) => {
    expect(annotateToken(token.with(at, 0x80))).toEqual({ refusal: `not a key token: ${reason}` })
  })

  test('changed or cut anywhere: refused or annotated whole', () => {
    const outcomes = [...eachBitFlipped(token), ...eachLengthChanged(token)].map((changed) =>
      expectRefusedOrCovered(annotateToken(changed), changed),
    )
    expect(new Set(outcomes)).toEqual(new Set(['refused', 'covered']))
  })
})

describe.each(DATA_KEY_PAIR_SPECS.filter((spec) => spec !== 'RSA_3072' && spec !== 'RSA_4096'))('%s', (spec) => {
  let publicKey: Uint8Array
  let privateKey: Uint8Array
  beforeAll(async () => {
    const { token } = await hsm.generateKey(NEW_KEY)
    const command = { token, layout, additionalData: NOTHING, keyPairSpec: spec, isPlaintextWanted: true }
    const pair = await hsm.generateSealedKeyPair(command)
    publicKey = pair.publicKey
    privateKey = pair.plaintext ?? NOTHING
  })

  test('its public key has no secret and one public field or two', () => {
    const annotations = annotationsOf(annotateSpki(publicKey))
    expectCovered(annotations, publicKey.length)
    expect(annotations[0]).toMatchObject({ name: 'SEQUENCE SubjectPublicKeyInfo', depth: 0 })
    const kinds = annotations.map(({ kind }) => kind)
    expect(kinds).toContain('public-key')
    expect(kinds).not.toContain('secret')
    expect(kinds).not.toContain('unparsed')
  })

  test('of its private key, exactly the private numbers are secret', () => {
    const annotations = annotationsOf(annotatePkcs8(privateKey))
    expectCovered(annotations, privateKey.length)
    const secret = annotations.filter(({ kind }) => kind === 'secret').map((one) => toHex(cut(privateKey, one)))
    expect(secret).toEqual(privateNumbers(privateKey).map(toHex))
    expect(secret.length).toBeGreaterThan(0)
    for (const { meaning, purpose } of annotations) {
      for (const hex of secret) expect(`${meaning} ${purpose}`).not.toContain(hex.slice(0, 16))
    }
  })

  test('one is not the other', () => {
    expect(annotateSpki(privateKey)).toHaveProperty('refusal')
    expect(annotatePkcs8(publicKey)).toHaveProperty('refusal')
  })

  test('changed anywhere: refused or annotated whole', () => {
    for (const changed of eachBitFlipped(publicKey.slice(0, 64))) {
      expectRefusedOrCovered(annotateSpki(Uint8Array.of(...changed, ...publicKey.subarray(64))), publicKey)
    }
    for (const changed of eachBitFlipped(privateKey.slice(0, 64))) {
      const whole = Uint8Array.of(...changed, ...privateKey.subarray(64))
      expectRefusedOrCovered(annotatePkcs8(whole), whole)
    }
  })
})

test('the names of algorithms are told from the table of identifiers', async () => {
  const { token } = await hsm.generateKey({ ...NEW_KEY, keySpec: 'ECC_SECG_P256K1', keyUsage: 'SIGN_VERIFY' })
  const meanings = annotationsOf(annotateSpki(await hsm.publicKey(token))).map(({ meaning }) => meaning)
  expect(meanings).toEqual(expect.arrayContaining(['id-ecPublicKey (1.2.840.10045.2.1)', 'secp256k1 (1.3.132.0.10)']))
})

test('an ECDSA signature, with the byte that keeps a number positive', () => {
  const high = Uint8Array.of(0x30, 0x08, 0x02, 0x02, 0x00, 0x80, 0x02, 0x02, 0x01, 0x00)
  const annotations = annotationsOf(annotateSignature(high))
  expectCovered(annotations, high.length)
  expect(annotations.map(({ offset, name, meaning }) => [offset, name, meaning])).toEqual([
    [0, 'SEQUENCE ECDSA-Sig-Value', '8 bytes'],
    [2, 'INTEGER of r', '2 bytes'],
    [4, 'sign', 'positive'],
    [5, 'r', '8 bits'],
    [6, 'INTEGER of s', '2 bytes'],
    [8, 's', '9 bits'],
  ])
  for (const changed of [...eachBitFlipped(high), ...eachLengthChanged(high)]) {
    expectRefusedOrCovered(annotateSignature(changed), changed)
  }
})

test.each([
  ['RSA_2048', 'RSASSA_PSS_SHA_256', [['s', 256]]],
  ['RSA_3072', 'RSASSA_PKCS1_V1_5_SHA_256', [['s', 384]]],
  ['ECC_NIST_EDWARDS25519', 'ED25519_SHA_512', ['R', 'S'].map((name) => [name, 32])],
  ['ML_DSA_44', 'ML_DSA_SHAKE_256', mlDsaParts(32, 2304, 80, 4)],
  ['ML_DSA_65', 'ML_DSA_SHAKE_256', mlDsaParts(48, 3200, 55, 6)],
  ['ML_DSA_87', 'ML_DSA_SHAKE_256', mlDsaParts(64, 4480, 75, 8)],
] as const)('a signature of %s by %s, which nothing but its length tells', async (keySpec, algorithm, parts) => {
  const { token } = await nativeHsm.generateKey({ ...NEW_KEY, keySpec, keyUsage: 'SIGN_VERIFY' })
  const signature = await nativeHsm.sign({ token, algorithm, messageType: 'RAW', message: Uint8Array.of(1) })
  const annotations = annotationsOf(annotateRawSignature(signature))
  expectCovered(annotations, signature.length)
  expect(annotations.map(({ name, length }) => [name, length])).toEqual(parts)
  for (const other of [signature.slice(1), Uint8Array.of(...signature, 0)]) {
    expect(annotateRawSignature(other)).toHaveProperty('refusal')
  }
})

function mlDsaParts(...[hash, z, omega, k]: [number, number, number, number]): [string, number][] {
  return [
    ['c~', hash],
    ['z', z],
    ['positions of h', omega],
    ['counts of h', k],
  ]
}

test('64 bytes are no signature of Ed25519 when their number is above its order', () => {
  expect(annotateRawSignature(new Uint8Array(64).fill(0x1f))).toHaveProperty('annotations')
  expect(annotateRawSignature(new Uint8Array(64).fill(0x20))).toHaveProperty('refusal')
})

test('a frame, and what is none', () => {
  const frame = Uint8Array.of(1, 2, 0, 0, 0, 32, 0, 0, 0, 0, 0)
  const annotations = annotationsOf(annotateFrame(frame))
  expectCovered(annotations, frame.length)
  expect(annotations.map(({ meaning }) => meaning)).toEqual(['1', 'DATA_KEY', '32 bytes', 'zeros'])
  expect(annotateFrame(frame.with(1, 9))).toHaveProperty('refusal')
  expect(annotateFrame(frame.slice(1))).toHaveProperty('refusal')
})

test('what is no fixed input', () => {
  expect(annotateFixedInput(new Uint8Array(77), 'softkms message key', 'KeyMaterialId')).toHaveProperty('refusal')
  expect(annotateFixedInput(new Uint8Array(3), '', 'KeyMaterialId')).toHaveProperty('refusal')
})

function cut(bytes: Uint8Array, { offset, length }: Annotation): Uint8Array {
  return bytes.subarray(offset, offset + length)
}

function privateNumbers(pkcs8: Uint8Array): Uint8Array[] {
  const key = decodePkcs8(pkcs8)
  if (key === undefined) throw new Error('no private key')
  if (key.family === 'rsa') {
    const { modulus: _modulus, publicExponent: _publicExponent, ...secret } = key.numbers
    return Object.values(secret)
  }
  return [key.family === 'ec' ? key.scalar : key.seed]
}
