/**
 * ML-DSA and ML-KEM: the lengths that are checked, hedging, and what the self-tests catch.
 *
 * @covers FIPS 203 §7, FIPS 204 §5
 */

import { type MlDsaParameters, type MlKemParameters, nobleProvider, systemEntropy } from '@softkms/hsm'
import { describe, expect, test } from 'vitest'
import { passesMlDsaCast } from '../../packages/hsm/src/algorithms/ml-dsa/cast.ts'
import {
  ML_DSA_SIZES,
  createMlDsaKey,
  signMlDsaMessage,
  signMlDsaMu,
  verifyMlDsaMessage,
  verifyMlDsaMu,
} from '../../packages/hsm/src/algorithms/ml-dsa/ml-dsa.ts'
import { passesMlKemCast } from '../../packages/hsm/src/algorithms/ml-kem/cast.ts'
import {
  ML_KEM_SIZES,
  createMlKemKey,
  decapsulate,
  encapsulate,
} from '../../packages/hsm/src/algorithms/ml-kem/ml-kem.ts'
import type { Entropy } from '../../packages/hsm/src/entropy.ts'

const MESSAGE = Uint8Array.of(1, 2, 3)

function fixed(byte: number): Entropy & { readonly drawn: number } {
  let drawn = 0
  return {
    fill(bytes) {
      drawn += bytes.length
      bytes.fill(byte)
    },
    get drawn() {
      return drawn
    },
  }
}

describe.each(Object.keys(ML_DSA_SIZES) as MlDsaParameters[])('%s', (parameters) => {
  const key = createMlDsaKey(nobleProvider, parameters, new Uint8Array(32).fill(7))
  const sizes = ML_DSA_SIZES[parameters]

  test('signs a message and its μ alike, with 32 fresh bytes for each signature', () => {
    const entropy = fixed(1)
    const mu = nobleProvider.computeMlDsaMu(key.publicKey, MESSAGE)
    const signature = signMlDsaMessage(nobleProvider, key, MESSAGE, entropy)
    expect(entropy.drawn).toBe(32)
    expect(signMlDsaMu(key, mu, fixed(1))).toEqual(signature)
    expect(signMlDsaMu(key, mu, fixed(2))).not.toEqual(signature)
    expect(signature.length).toBe(sizes.signature)
    expect(verifyMlDsaMu(nobleProvider, parameters, key.publicKey, mu, signature)).toBe(true)
    expect(verifyMlDsaMessage(nobleProvider, parameters, key.publicKey, MESSAGE, signature)).toBe(true)
    expect(verifyMlDsaMessage(nobleProvider, parameters, key.publicKey, mu, signature)).toBe(false)
  })

  test('checks lengths', () => {
    const mu = new Uint8Array(64)
    const signature = new Uint8Array(sizes.signature)
    for (const length of [0, 32, 63, 65]) {
      expect(() => signMlDsaMu(key, new Uint8Array(length), systemEntropy)).toThrow(RangeError)
      const check = () => verifyMlDsaMu(nobleProvider, parameters, key.publicKey, new Uint8Array(length), signature)
      expect(check).toThrow(RangeError)
    }
    for (const [publicKey, other] of [
      [key.publicKey.subarray(1), signature],
      [key.publicKey, signature.subarray(1)],
    ] as const) {
      expect(verifyMlDsaMu(nobleProvider, parameters, publicKey, mu, other)).toBe(false)
      expect(verifyMlDsaMessage(nobleProvider, parameters, publicKey, mu, other)).toBe(false)
    }
    expect(() => createMlDsaKey(nobleProvider, parameters, new Uint8Array(31))).toThrow(RangeError)
  })
})

describe.each(Object.keys(ML_KEM_SIZES) as MlKemParameters[])('%s', (parameters) => {
  const key = createMlKemKey(nobleProvider, parameters, new Uint8Array(64).fill(7))
  const sizes = ML_KEM_SIZES[parameters]

  test('opens what was encapsulated, and gives another secret for any other ciphertext of its length', () => {
    const entropy = fixed(1)
    const made = encapsulate(nobleProvider, parameters, key.encapsulationKey, entropy)
    expect(entropy.drawn).toBe(32)
    expect(made && decapsulate(key, parameters, made.ciphertext)).toEqual(made?.sharedSecret)
    // A buffer of its own: nothing of the derived randomness stands beside it.
    expect(made?.sharedSecret.buffer.byteLength).toBe(32)
    const rejected = decapsulate(key, parameters, new Uint8Array(sizes.ciphertext))
    expect(rejected?.length).toBe(32)
    expect(rejected).not.toEqual(made?.sharedSecret)
  })

  test('checks lengths', () => {
    for (const length of [0, sizes.ciphertext - 1, sizes.ciphertext + 1]) {
      expect(decapsulate(key, parameters, new Uint8Array(length))).toBeUndefined()
    }
    for (const length of [0, sizes.encapsulationKey - 1, sizes.encapsulationKey + 1]) {
      expect(encapsulate(nobleProvider, parameters, new Uint8Array(length), systemEntropy)).toBeUndefined()
    }
    expect(() => createMlKemKey(nobleProvider, parameters, new Uint8Array(63))).toThrow(RangeError)
  })

  test('refuses a key with any one coefficient that is not reduced', () => {
    const last = sizes.encapsulationKey - 32 - 3
    for (const [at, values] of [
      [0, [0x01, 0x0d, 0x00]],
      [last, [0x00, 0x10, 0xd0]],
    ] as const) {
      const encapsulationKey = Uint8Array.from(key.encapsulationKey)
      encapsulationKey.set(values, at)
      expect(encapsulate(nobleProvider, parameters, encapsulationKey, systemEntropy)).toBeUndefined()
      // One less is the largest that is reduced.
      encapsulationKey.set(at === 0 ? [0x00, 0x0d, 0x00] : [0x00, 0x00, 0xd0], at)
      expect(encapsulate(nobleProvider, parameters, encapsulationKey, systemEntropy)).toBeDefined()
    }
  })
})

test('ML-DSA fails its self-test with a provider that verifies anything, or hedges when it may not', () => {
  expect(passesMlDsaCast({ ...nobleProvider, verifyMlDsa: () => true })).toBe(false)
  const eager = {
    ...nobleProvider,
    createMlDsaKey: (...args: Parameters<typeof nobleProvider.createMlDsaKey>) => {
      const key = nobleProvider.createMlDsaKey(...args)
      return { ...key, sign: (mu: Uint8Array) => key.sign(mu, systemEntropy) }
    },
  }
  expect(passesMlDsaCast(eager)).toBe(false)
})

test('ML-KEM fails its self-test with a provider that says which ciphertext is not genuine', () => {
  const telling = {
    ...nobleProvider,
    createMlKemKey: (...args: Parameters<typeof nobleProvider.createMlKemKey>) => {
      const key = nobleProvider.createMlKemKey(...args)
      const zeros = (ciphertext: Uint8Array) =>
        (ciphertext.at(-1) ?? 0) % 2 === 1 ? key.decapsulate(ciphertext) : new Uint8Array(32)
      return { ...key, decapsulate: zeros }
    },
  }
  expect(passesMlKemCast(telling)).toBe(false)
  expect(passesMlKemCast({ ...nobleProvider, encapsulate: () => undefined })).toBe(false)
})
