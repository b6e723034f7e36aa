/**
 * What every provider must do, whoever serves what. No skip lists: a provider without a primitive takes it from another
 * one, and so passes whole.
 */

import { type Curve, type MlDsaParameters, type MlKemParameters, systemEntropy } from '@softkms/hsm'
import { describe, expect, test } from 'vitest'
import { passesAesGcmCast } from '../../packages/hsm/src/algorithms/aes-gcm/cast.ts'
import { passesCtrDrbgCast } from '../../packages/hsm/src/algorithms/ctr-drbg/cast.ts'
import { passesEcdhCast } from '../../packages/hsm/src/algorithms/ecdh/cast.ts'
import { passesEcdhPct } from '../../packages/hsm/src/algorithms/ecdh/pct.ts'
import { passesEcdsaCast } from '../../packages/hsm/src/algorithms/ecdsa/cast.ts'
import { passesEcdsaPct } from '../../packages/hsm/src/algorithms/ecdsa/pct.ts'
import { passesEd25519Cast } from '../../packages/hsm/src/algorithms/eddsa/cast.ts'
import { passesEd25519Pct } from '../../packages/hsm/src/algorithms/eddsa/pct.ts'
import { SCALAR_LENGTHS, pointLength } from '../../packages/hsm/src/algorithms/elliptic-curve.ts'
import { passesHmacCast } from '../../packages/hsm/src/algorithms/hmac/cast.ts'
import { HMAC_LENGTHS } from '../../packages/hsm/src/algorithms/hmac/hmac.ts'
import { passesKbkdfCast } from '../../packages/hsm/src/algorithms/kbkdf/cast.ts'
import { passesAesKwpCast } from '../../packages/hsm/src/algorithms/key-wrap/cast.ts'
import { passesMlDsaCast } from '../../packages/hsm/src/algorithms/ml-dsa/cast.ts'
import { ML_DSA_SIZES, signMlDsaMessage } from '../../packages/hsm/src/algorithms/ml-dsa/ml-dsa.ts'
import { passesMlDsaPct } from '../../packages/hsm/src/algorithms/ml-dsa/pct.ts'
import { passesMlKemCast } from '../../packages/hsm/src/algorithms/ml-kem/cast.ts'
import { ML_KEM_SIZES } from '../../packages/hsm/src/algorithms/ml-kem/ml-kem.ts'
import { passesMlKemPct } from '../../packages/hsm/src/algorithms/ml-kem/pct.ts'
import { passesRsaCast } from '../../packages/hsm/src/algorithms/rsa/cast.ts'
import { passesShaCast } from '../../packages/hsm/src/algorithms/sha/cast.ts'
import { drawBytes } from '../../packages/hsm/src/entropy.ts'
import type { MacHash } from '../../packages/hsm/src/symmetric-primitives.ts'
import { PROVIDERS } from '../support/providers.ts'

const CURVES = Object.keys(SCALAR_LENGTHS) as Curve[]
const ML_DSA = Object.keys(ML_DSA_SIZES) as MlDsaParameters[]
const ML_KEM = Object.keys(ML_KEM_SIZES) as MlKemParameters[]
const HASHES = Object.keys(HMAC_LENGTHS) as MacHash[]

/** A plain array: not a Buffer, which has methods and conversions that ours must not have. */
function expectBytes(bytes: Uint8Array | undefined, length: number): Uint8Array {
  expect(bytes?.constructor).toBe(Uint8Array)
  expect(bytes?.length).toBe(length)
  return bytes ?? new Uint8Array(0)
}

function flipped(bytes: Uint8Array, at = bytes.length - 1): Uint8Array {
  return bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))
}

describe.each(PROVIDERS)('$name', (provider) => {
  test.each([
    ['SHA', passesShaCast],
    ['AES-256-GCM', passesAesGcmCast],
    ['CTR_DRBG', passesCtrDrbgCast],
    ['HMAC', passesHmacCast],
    ['KBKDF', passesKbkdfCast],
    ['AES-256-KWP', passesAesKwpCast],
    ['RSA', passesRsaCast],
    ['ECDSA', passesEcdsaCast],
    ['ECDH', passesEcdhCast],
    ['Ed25519', passesEd25519Cast],
    ['ML-DSA', passesMlDsaCast],
    ['ML-KEM', passesMlKemCast],
  ])('passes the self-test of %s', (_name, passes) => {
    expect(passes(provider)).toBe(true)
  })

  test('says who serves every group', () => {
    expect(Object.values(provider.servedBy).every((name) => name !== '')).toBe(true)
  })

  test('seals and opens, and opens nothing that was changed', () => {
    const [key, nonce, data, plaintext] = [32, 12, 20, 43].map((length) => drawBytes(systemEntropy, length))
    if (key === undefined || nonce === undefined || data === undefined || plaintext === undefined) return
    const sealed = expectBytes(provider.sealAesGcm(key, nonce, data, plaintext), 59)
    expect(expectBytes(provider.openAesGcm(key, nonce, data, sealed), 43)).toEqual(plaintext)
    for (const at of [0, 42, 43, 58]) {
      expect(provider.openAesGcm(key, nonce, data, flipped(sealed, at))).toBeUndefined()
    }
    expect(provider.openAesGcm(key, nonce, flipped(data), sealed)).toBeUndefined()
    const empty = provider.sealAesGcm(key, nonce, data, new Uint8Array(0))
    expectBytes(provider.openAesGcm(key, nonce, data, empty), 0)
  })

  test('wraps and unwraps, and unwraps nothing that was changed', () => {
    const key = drawBytes(systemEntropy, 32)
    for (const length of [1, 8, 9, 32, 1218]) {
      const material = drawBytes(systemEntropy, length)
      const wrapped = expectBytes(provider.wrapAesKwp(key, material), 8 + Math.ceil(length / 8) * 8)
      expect(expectBytes(provider.unwrapAesKwp(key, wrapped), length)).toEqual(material)
      expect(provider.unwrapAesKwp(key, flipped(wrapped))).toBeUndefined()
    }
  })

  test.each(HASHES)('HMAC and digest of %s: length, many messages, and an end', (hash) => {
    const mac = provider.createHmac(hash, drawBytes(systemEntropy, HMAC_LENGTHS[hash]))
    const message = drawBytes(systemEntropy, 100)
    const tag = expectBytes(mac.compute(message), HMAC_LENGTHS[hash])
    expect(mac.compute(message)).toEqual(tag)
    expect(mac.compute(flipped(message))).not.toEqual(tag)
    mac.zeroize()
    expect(() => mac.compute(message)).toThrow(Error)

    const digest = expectBytes(provider.digest(hash, message), HMAC_LENGTHS[hash])
    expect(provider.digest(hash, message.subarray(0, 7), message.subarray(7))).toEqual(digest)
    expectBytes(provider.digest(hash), HMAC_LENGTHS[hash])

    expectBytes(provider.createHash(hash).digest(), HMAC_LENGTHS[hash])
    const running = provider.createHash(hash)
    const reused = new Uint8Array(7)
    for (let at = 0; at < message.length; at += reused.length) {
      const part = message.subarray(at, at + reused.length)
      reused.set(part)
      running.update(reused.subarray(0, part.length))
    }
    expect(expectBytes(running.digest(), HMAC_LENGTHS[hash])).toEqual(digest)
    expect(() => running.update(message)).toThrow(Error)
    expect(() => running.digest()).toThrow(Error)
  })

  test.each(CURVES)('%s: a pair that signs and agrees, and points that are none', (curve) => {
    const scalar = expectBytes(provider.generateScalar(curve, systemEntropy), SCALAR_LENGTHS[curve])
    const point = expectBytes(provider.computePoint(curve, scalar), pointLength(curve))
    expect(provider.isPoint(curve, point)).toBe(true)
    expect(passesEcdsaPct(provider, curve, scalar, point, systemEntropy)).toBe(true)
    expect(passesEcdhPct(provider, curve, scalar, point)).toBe(true)
    expectBytes(provider.deriveEcdh(curve, scalar, point), SCALAR_LENGTHS[curve])

    const digest = drawBytes(systemEntropy, 32)
    const signature = expectBytes(provider.signEcdsa(curve, scalar, digest, systemEntropy), 2 * SCALAR_LENGTHS[curve])
    expect(provider.verifyEcdsa(curve, point, flipped(digest), signature)).toBe(false)
    expect(provider.verifyEcdsa(curve, point, digest, flipped(signature))).toBe(false)

    const other = provider.computePoint(curve, provider.generateScalar(curve, systemEntropy)) ?? point
    expect(passesEcdsaPct(provider, curve, scalar, other, systemEntropy)).toBe(false)
    expect(passesEcdhPct(provider, curve, scalar, other)).toBe(false)

    const compressed = Uint8Array.from(point.subarray(0, 1 + SCALAR_LENGTHS[curve]))
    compressed[0] = 2 + ((point.at(-1) ?? 0) & 1)
    expect(expectBytes(provider.decompressPoint(curve, compressed), pointLength(curve))).toEqual(point)
    const mirrored = provider.decompressPoint(curve, flipped(compressed, 0))
    expect(mirrored?.subarray(0, compressed.length)).toEqual(point.subarray(0, compressed.length))
    expect(mirrored?.at(-1)).not.toBe(point.at(-1))
    const hybrid = Uint8Array.from(point)
    hybrid[0] = 4 + (compressed[0] ?? 0)
    const beyond = new Uint8Array(compressed.length).fill(0xff)
    beyond[0] = 2
    for (const none of [point, hybrid, compressed.subarray(1), Uint8Array.of(0), Uint8Array.of(2), beyond]) {
      expect(provider.decompressPoint(curve, none)).toBeUndefined()
    }

    for (const none of [flipped(point), Uint8Array.of(0), point.subarray(1), new Uint8Array(point.length)]) {
      expect(provider.isPoint(curve, none)).toBe(false)
      expect(provider.deriveEcdh(curve, scalar, none)).toBeUndefined()
    }
    expect(provider.computePoint(curve, new Uint8Array(scalar.length))).toBeUndefined()
    expect(provider.computePoint(curve, new Uint8Array(scalar.length).fill(0xff))).toBeUndefined()
  })

  test('Ed25519: a pair that signs, whole and prehashed', () => {
    const seed = drawBytes(systemEntropy, 32)
    const publicKey = expectBytes(provider.computeEd25519PublicKey(seed), 32)
    expect(passesEd25519Pct(provider, seed, publicKey)).toBe(true)
    expect(passesEd25519Pct(provider, flipped(seed), publicKey)).toBe(false)
    for (const isPrehashed of [false, true]) {
      const signature = expectBytes(provider.signEd25519(seed, seed, isPrehashed), 64)
      expect(provider.verifyEd25519(publicKey, seed, signature, isPrehashed)).toBe(true)
      expect(provider.verifyEd25519(publicKey, seed, signature, !isPrehashed)).toBe(false)
      expect(provider.verifyEd25519(publicKey, flipped(seed), signature, isPrehashed)).toBe(false)
    }
  })

  test.each(ML_DSA)('%s: a pair that signs, and an end', (parameters) => {
    const seed = drawBytes(systemEntropy, 32)
    const key = provider.createMlDsaKey(parameters, seed)
    expectBytes(key.publicKey, ML_DSA_SIZES[parameters].publicKey)
    expect(passesMlDsaPct(provider, parameters, key, systemEntropy)).toBe(true)
    const other = provider.createMlDsaKey(parameters, drawBytes(systemEntropy, 32))
    const { publicKey } = other
    expect(passesMlDsaPct(provider, parameters, { ...key, publicKey }, systemEntropy)).toBe(false)
    key.zeroize()
    other.zeroize()
    expect(() => key.sign(new Uint8Array(64), systemEntropy)).toThrow(TypeError)
    if ('signMessage' in key) expect(() => signMlDsaMessage(provider, key, seed, systemEntropy)).toThrow(TypeError)
  })

  test.each(ML_KEM)('%s: a pair that encapsulates, keys that fail their check, and an end', (parameters) => {
    const key = provider.createMlKemKey(parameters, drawBytes(systemEntropy, 64))
    const { encapsulationKey } = key
    expectBytes(encapsulationKey, ML_KEM_SIZES[parameters].encapsulationKey)
    expect(passesMlKemPct(provider, parameters, key, systemEntropy)).toBe(true)
    const other = provider.createMlKemKey(parameters, drawBytes(systemEntropy, 64))
    expect(passesMlKemPct(provider, parameters, { ...other, encapsulationKey }, systemEntropy)).toBe(false)

    const made = provider.encapsulate(parameters, encapsulationKey, systemEntropy)
    expectBytes(made?.sharedSecret, 32)
    const ciphertext = expectBytes(made?.ciphertext, ML_KEM_SIZES[parameters].ciphertext)
    const rejected = expectBytes(key.decapsulate(flipped(ciphertext)), 32)
    expect(rejected).not.toEqual(made?.sharedSecret)
    expect(key.decapsulate(flipped(ciphertext))).toEqual(rejected)

    const notReduced = Uint8Array.from(encapsulationKey)
    notReduced.fill(0xff, 0, 3)
    expect(provider.encapsulate(parameters, notReduced, systemEntropy)).toBeUndefined()
    key.zeroize()
    other.zeroize()
    expect(() => key.decapsulate(ciphertext)).toThrow(TypeError)
  })

  test('RSA: a pair that computes both ways, nothing at or above the modulus, and an end', () => {
    const numbers = provider.generateRsaKey(2048, systemEntropy)
    const publicKey = provider.createRsaPublicKey(numbers)
    const privateKey = provider.createRsaPrivateKey(numbers, systemEntropy)
    const input = drawBytes(systemEntropy, 256)
    input[0] = 0
    const output = expectBytes(privateKey.compute(input), 256)
    expect(expectBytes(publicKey.compute(output), 256)).toEqual(input)
    for (const tooLarge of [numbers.modulus, new Uint8Array(256).fill(0xff)]) {
      expect(publicKey.compute(tooLarge)).toBeUndefined()
      expect(privateKey.compute(tooLarge)).toBeUndefined()
    }
    // One is its own power: leading zeros stay.
    const one = new Uint8Array(256)
    one[255] = 1
    expect(privateKey.compute(one)).toEqual(one)
    privateKey.zeroize()
    expect(() => privateKey.compute(input)).toThrow(TypeError)
    expect(numbers.publicExponent).toEqual(Uint8Array.of(1, 0, 1))
  })
})
