/**
 * noble and node:crypto agree: on the same random keys and messages, each undoes and verifies what the other did.
 *
 * Where node:crypto has a primitive only in another form than the boundary asks for (ECDSA over a digest, ML-DSA with
 * an external μ), its own form is the oracle.
 */

import { fc, test } from '@fast-check/vitest'
import { type Curve, type HashName, type MlDsaParameters, type MlKemParameters, nobleProvider } from '@softkms/hsm'
import { describe, expect } from 'vitest'
import { signEcdsaMessage, verifyEcdsaMessage } from '../../packages/hsm/src/algorithms/ecdsa/ecdsa.ts'
import { SCALAR_LENGTHS } from '../../packages/hsm/src/algorithms/elliptic-curve.ts'
import { HMAC_LENGTHS } from '../../packages/hsm/src/algorithms/hmac/hmac.ts'
import { ML_DSA_SIZES, signMlDsaMessage, verifyMlDsaMessage } from '../../packages/hsm/src/algorithms/ml-dsa/ml-dsa.ts'
import { ML_KEM_SIZES } from '../../packages/hsm/src/algorithms/ml-kem/ml-kem.ts'
import type { Entropy } from '../../packages/hsm/src/entropy.ts'
import type { MacHash } from '../../packages/hsm/src/symmetric-primitives.ts'
import { testingOnlyEntropy } from '../../packages/hsm/src/testing.ts'
import { nativeProvider } from '../support/providers.ts'
import { isSlow, runs } from '../support/runs.ts'

const noble = nobleProvider
const native = nativeProvider
/** Both directions. */
const PAIRS = [
  { name: 'noble, then native', one: noble, other: native },
  { name: 'native, then noble', one: native, other: noble },
]

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const message = fc.uint8Array({ maxLength: 300 })
const entropy: fc.Arbitrary<Entropy> = bytes(16).map(testingOnlyEntropy)

const CURVES = Object.keys(SCALAR_LENGTHS) as Curve[]
const HASHES: readonly HashName[] = ['SHA-1', 'SHA-224', 'SHA-256', 'SHA-384', 'SHA-512']
const CURVE_HASHES: Readonly<Record<Curve, HashName>> = {
  'P-256': 'SHA-256',
  'P-384': 'SHA-384',
  'P-521': 'SHA-512',
  secp256k1: 'SHA-256',
}

describe('the same answer', () => {
  test.prop([fc.constantFrom(...HASHES), message, message], { numRuns: runs(50, 5000) })(
    'digests',
    (hash, head, tail) => {
      expect(native.digest(hash, head, tail)).toEqual(noble.digest(hash, head, tail))
      expect(native.digest(hash, head)).toEqual(noble.digest(hash, head))
    },
  )

  test.prop(
    [
      fc.constantFrom(...(Object.keys(HMAC_LENGTHS) as MacHash[])),
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      message,
    ],
    { numRuns: runs(50, 5000) },
  )('HMAC', (hash, key, text) => {
    expect(native.createHmac(hash, key).compute(text)).toEqual(noble.createHmac(hash, key).compute(text))
  })

  test.prop([bytes(32), bytes(12), message, message], { numRuns: runs(50, 5000) })(
    'AES-256-GCM',
    (key, nonce, data, plaintext) => {
      const sealed = noble.sealAesGcm(key, nonce, data, plaintext)
      expect(native.sealAesGcm(key, nonce, data, plaintext)).toEqual(sealed)
      expect(native.openAesGcm(key, nonce, data, sealed)).toEqual(plaintext)
      sealed[0] = (sealed[0] ?? 0) ^ 0x80
      expect(native.openAesGcm(key, nonce, data, sealed)).toBeUndefined()
      expect(noble.openAesGcm(key, nonce, data, sealed)).toBeUndefined()
    },
  )

  test.prop([bytes(32), fc.uint8Array({ minLength: 1, maxLength: 200 })], { numRuns: runs(50, 5000) })(
    'AES-256-KWP',
    (key, material) => {
      const wrapped = noble.wrapAesKwp(key, material)
      expect(native.wrapAesKwp(key, material)).toEqual(wrapped)
      expect(native.unwrapAesKwp(key, wrapped)).toEqual(material)
    },
  )

  test.prop([bytes(32), fc.uint8Array({ minLength: 16, maxLength: 64 })], { numRuns: runs(50, 5000) })(
    'AES-256-KWP of what was never wrapped',
    (key, wrapped) => {
      const whole = wrapped.subarray(0, wrapped.length - (wrapped.length % 8))
      expect(native.unwrapAesKwp(key, whole)).toEqual(noble.unwrapAesKwp(key, whole))
    },
  )
})

describe.each(CURVES)('%s', (curve) => {
  const numRuns = curve === 'P-256' ? runs(8, 300) : runs(3, 60)

  test.prop([entropy, entropy], { numRuns })('points and shared secrets', (mine, yours) => {
    const [a, b] = [noble.generateScalar(curve, mine), noble.generateScalar(curve, yours)]
    const [pointA, pointB] = [noble.computePoint(curve, a), native.computePoint(curve, b)]
    if (pointA === undefined || pointB === undefined) throw new Error('a scalar without a point')
    expect(native.computePoint(curve, a)).toEqual(pointA)
    const shared = noble.deriveEcdh(curve, a, pointB)
    expect(native.deriveEcdh(curve, a, pointB)).toEqual(shared)
    expect(native.deriveEcdh(curve, b, pointA)).toEqual(shared)
  })

  const anything = fc.uint8Array({ minLength: 1, maxLength: 133 })
  test.prop([anything, entropy], { numRuns })('what is a point', (point, source) => {
    const scalar = noble.generateScalar(curve, source)
    const genuine = noble.computePoint(curve, scalar) ?? point
    const compressed = Uint8Array.from(genuine.subarray(0, SCALAR_LENGTHS[curve] + 1))
    compressed[0] = 2 + ((genuine.at(-1) ?? 0) & 1)
    const hybrid = Uint8Array.from(genuine)
    hybrid[0] = 6 + ((genuine.at(-1) ?? 0) & 1)
    const long = new Uint8Array(genuine.length + 1)
    long.set(genuine)
    for (const candidate of [point, genuine, compressed, hybrid, long]) {
      expect(native.isPoint(curve, candidate)).toBe(noble.isPoint(curve, candidate))
      expect(noble.isPoint(curve, candidate)).toBe(candidate === genuine)
    }
  })

  for (const { name, one, other } of PAIRS) {
    test.prop([entropy, message, fc.nat()], { numRuns })(`ECDSA: ${name}`, (source, text, position) => {
      const scalar = noble.generateScalar(curve, source)
      const point = noble.computePoint(curve, scalar)
      if (point === undefined) throw new Error('a scalar without a point')
      const hash = CURVE_HASHES[curve]
      const signature = signEcdsaMessage(one, curve, hash, scalar, text, source)
      expect(verifyEcdsaMessage(other, curve, hash, point, text, signature)).toBe(true)
      const at = position % signature.length
      signature[at] = (signature[at] ?? 0) ^ 1
      expect(verifyEcdsaMessage(other, curve, hash, point, text, signature)).toBe(false)
      expect(verifyEcdsaMessage(one, curve, hash, point, text, signature)).toBe(false)
    })
  }
})

test.prop([bytes(32), message, fc.nat()], { numRuns: runs(10, 500) })('Ed25519', (seed, text, position) => {
  const publicKey = noble.computeEd25519PublicKey(seed)
  expect(native.computeEd25519PublicKey(seed)).toEqual(publicKey)
  const signature = noble.signEd25519(seed, text, false)
  expect(native.signEd25519(seed, text, false)).toEqual(signature)
  expect(native.verifyEd25519(publicKey, text, signature, false)).toBe(true)
  const at = position % signature.length
  signature[at] = (signature[at] ?? 0) ^ 1
  expect(native.verifyEd25519(publicKey, text, signature, false)).toBe(false)
  expect(noble.verifyEd25519(publicKey, text, signature, false)).toBe(false)
})

describe.each(Object.keys(ML_DSA_SIZES) as MlDsaParameters[])('%s', (parameters) => {
  for (const { name, one, other } of PAIRS) {
    test.prop([bytes(32), message, entropy, fc.nat()], { numRuns: runs(2, 50) })(
      name,
      (seed, text, source, position) => {
        const [key, sameKey] = [one.createMlDsaKey(parameters, seed), other.createMlDsaKey(parameters, seed)]
        expect(sameKey.publicKey).toEqual(key.publicKey)
        const signature = signMlDsaMessage(one, key, text, source)
        expect(verifyMlDsaMessage(other, parameters, key.publicKey, text, signature)).toBe(true)
        // By μ, too: the two ways make the same kind of signature.
        const mu = one.computeMlDsaMu(key.publicKey, text)
        expect(noble.verifyMlDsa(parameters, key.publicKey, mu, signature)).toBe(true)
        const byMu = sameKey.sign(mu, source)
        expect(verifyMlDsaMessage(one, parameters, key.publicKey, text, byMu)).toBe(true)

        const at = position % signature.length
        signature[at] = (signature[at] ?? 0) ^ 1
        expect(verifyMlDsaMessage(native, parameters, key.publicKey, text, signature)).toBe(false)
        expect(verifyMlDsaMessage(noble, parameters, key.publicKey, text, signature)).toBe(false)
        key.zeroize()
        sameKey.zeroize()
      },
    )
  }
})

describe.each(Object.keys(ML_KEM_SIZES) as MlKemParameters[])('%s', (parameters) => {
  for (const { name, one, other } of PAIRS) {
    test.prop([bytes(64), entropy, fc.nat()], { numRuns: runs(5, 300) })(name, (seed, source, position) => {
      const [key, sameKey] = [one.createMlKemKey(parameters, seed), other.createMlKemKey(parameters, seed)]
      expect(sameKey.encapsulationKey).toEqual(key.encapsulationKey)
      const made = one.encapsulate(parameters, key.encapsulationKey, source)
      if (made === undefined) throw new Error('a key that fails its check')
      expect(sameKey.decapsulate(made.ciphertext)).toEqual(made.sharedSecret)
      const damaged = Uint8Array.from(made.ciphertext)
      const at = position % damaged.length
      damaged[at] = (damaged[at] ?? 0) ^ 1
      // Implicit rejection is deterministic, so even what is refused must be the same.
      expect(sameKey.decapsulate(damaged)).toEqual(key.decapsulate(damaged))
      key.zeroize()
      sameKey.zeroize()
    })
  }
})

describe.each(isSlow ? [2048, 3072, 4096] : [2048])('RSA %i', (bits) => {
  for (const { name, one, other } of PAIRS) {
    test.prop([bytes(bits / 8)], { numRuns: runs(2, bits === 2048 ? 20 : 5) })(name, (input) => {
      const numbers = native.generateRsaKey(bits, testingOnlyEntropy(input))
      const base = input.map((byte, i) => (i === 0 ? 0 : byte))
      const output = one.createRsaPrivateKey(numbers, testingOnlyEntropy(input)).compute(base)
      expect(other.createRsaPrivateKey(numbers, testingOnlyEntropy(input)).compute(base)).toEqual(output)
      expect(output && other.createRsaPublicKey(numbers).compute(output)).toEqual(base)
    })
  }
})

if (isSlow) {
  test('RSA: a key that noble generated serves node:crypto', () => {
    const numbers = noble.generateRsaKey(2048, testingOnlyEntropy(Uint8Array.of(1)))
    const input = new Uint8Array(256).fill(7)
    const output = native.createRsaPrivateKey(numbers, testingOnlyEntropy(Uint8Array.of(1))).compute(input)
    expect(output && noble.createRsaPublicKey(numbers).compute(output)).toEqual(input)
  })
}
