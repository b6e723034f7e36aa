/**
 * ML-KEM's kernel against noble, node:crypto and BigInt: the same keys, ciphertexts and secrets byte for byte, and the
 * arithmetic at its edges.
 *
 * @covers FIPS 203 §4.2, §4.3, §6, §7
 */

import { fc, test } from '@fast-check/vitest'
import { type MlKemParameters, kernelsProvider, nobleProvider } from '@softkms/hsm'
import { describe, expect } from 'vitest'
import { ML_KEM_SIZES } from '../../packages/hsm/src/algorithms/ml-kem/ml-kem.ts'
import { testingOnlyEntropy } from '../../packages/hsm/src/testing.ts'
import {
  COEFFICIENTS,
  CIPHERTEXT,
  EXPECTED,
  NOISE,
  POLYNOMIAL_BYTES,
  PUBLIC,
  SECRET,
  SEED,
  U,
  V,
} from '../../packages/kernels/src/ml-kem/layout.ts'
import { MODULUS } from '../../packages/kernels/src/ml-kem/modular.ts'
import { type MlKemExports, assembleMlKem } from '../../packages/kernels/src/ml-kem/program.ts'
import { nativeProvider } from '../support/providers.ts'
import { runs } from '../support/runs.ts'
import { expectSame } from '../support/same-numbers.ts'

const PARAMETERS = Object.keys(ML_KEM_SIZES) as MlKemParameters[]
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })

describe.each(PARAMETERS)('%s', (parameters) => {
  const { encapsulationKey: keyLength, ciphertext: ciphertextLength } = ML_KEM_SIZES[parameters]

  test.prop([bytes(64), bytes(16), fc.nat(), fc.boolean()], { numRuns: runs(50, 10_000) })(
    'keys, ciphertexts and secrets are noble’s and node:crypto’s, of what is rejected, too',
    (seed, source, position, isRandom) => {
      const keys = [kernelsProvider, nobleProvider, nativeProvider].map((one) => one.createMlKemKey(parameters, seed))
      const [key, reference, native] = keys
      if (key === undefined || reference === undefined || native === undefined) return
      expect(key.encapsulationKey).toEqual(reference.encapsulationKey)
      expect(key.encapsulationKey).toEqual(native.encapsulationKey)
      const made = kernelsProvider.encapsulate(parameters, key.encapsulationKey, testingOnlyEntropy(source))
      expect(made).toEqual(nobleProvider.encapsulate(parameters, key.encapsulationKey, testingOnlyEntropy(source)))
      if (made === undefined) return
      for (const one of keys) expect(one.decapsulate(made.ciphertext)).toEqual(made.sharedSecret)
      const at = position % ciphertextLength
      const changed = made.ciphertext.map((byte, i) =>
        isRandom ? (byte * 167 + i * position) & 0xff : i === at ? byte ^ (1 << (position % 8)) : byte,
      )
      const secret = key.decapsulate(changed)
      expect(secret).toEqual(reference.decapsulate(changed))
      expect(secret).toEqual(native.decapsulate(changed))
      expect(secret).not.toEqual(made.sharedSecret)
      for (const one of keys) one.zeroize()
    },
  )

  const coefficient = fc.constantFrom(0, 1, MODULUS - 1, MODULUS, MODULUS + 1, 4095)
  test.prop([fc.array(coefficient, { minLength: 1, maxLength: 9 }), bytes(16)], { numRuns: runs(200, 10_000) })(
    'encapsulation keys at the edges: those whose coefficients are all reduced are keys',
    (values, source) => {
      const key = new Uint8Array(keyLength)
      for (let i = 0; i + 2 < keyLength - 32; i += 3) {
        const [first, second] = [values[(2 * i) % values.length] ?? 0, values[(2 * i + 1) % values.length] ?? 0]
        key.set([first & 0xff, (first >> 8) | ((second & 15) << 4), second >> 4], i)
      }
      const made = kernelsProvider.encapsulate(parameters, key, testingOnlyEntropy(source))
      expect(made).toEqual(nobleProvider.encapsulate(parameters, key, testingOnlyEntropy(source)))
    },
  )
})

describe('the arithmetic', () => {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(assembleMlKem())))
  const run = instance.exports as unknown as MlKemExports
  const memory = new Uint8Array(run.memory.buffer)
  const coefficients = new Int16Array(run.memory.buffer)
  const put = (address: number, values: readonly number[]): void => coefficients.set(values, address / 2)
  const get = (address: number): readonly number[] =>
    Array.from(coefficients.subarray(address / 2, address / 2 + COEFFICIENTS))
  const modulo = (value: number): number => ((value % MODULUS) + MODULUS) % MODULUS
  const numRuns = runs(2000, 100_000)

  const polynomial = (most: number, least = -most) =>
    fc.oneof(
      fc.array(fc.integer({ min: least, max: most }), { minLength: COEFFICIENTS, maxLength: COEFFICIENTS }),
      fc
        .array(fc.constantFrom(least, least + 1, 0, 1, most - 1, most), { minLength: 1, maxLength: 9 })
        .map((edges) => Array.from({ length: COEFFICIENTS }, (_, i) => edges[i % edges.length] ?? 0)),
    )
  /** By the school's way, modulo X^256 + 1. */
  const product = (a: readonly number[], b: readonly number[]): number[] => {
    const sums = Array.from({ length: COEFFICIENTS }, () => 0)
    for (const [i, left] of a.entries()) {
      for (const [j, right] of b.entries()) {
        const at = (i + j) % COEFFICIENTS
        sums[at] = (sums[at] ?? 0) + (i + j < COEFFICIENTS ? left * right : -left * right)
      }
    }
    return sums.map(modulo)
  }

  test.prop([polynomial(MODULUS - 1), polynomial(MODULUS - 1)], { numRuns: runs(200, 5000) })(
    'multiplies as polynomials are multiplied',
    (a, b) => {
      put(SECRET, a)
      put(U, b)
      for (const address of [SECRET, U]) {
        run.transform(address)
        run.reduce(address, address)
      }
      run.multiply(V, SECRET, POLYNOMIAL_BYTES, U, 1)
      run.invert(V)
      expectSame(get(V).map(modulo), product(a, b))
    },
  )

  test.prop([fc.array(polynomial(MODULUS - 1), { minLength: 4, maxLength: 4 }), polynomial(1997)], {
    numRuns: runs(200, 10_000),
  })('adds up four products of the largest factors, and goes back from the largest sums', (row, factor) => {
    for (const [i, values] of row.entries()) {
      put(PUBLIC + i * POLYNOMIAL_BYTES, values)
      put(SECRET + i * POLYNOMIAL_BYTES, factor)
    }
    run.multiply(V, PUBLIC, POLYNOMIAL_BYTES, SECRET, row.length)
    const sum = get(V)
    expect(sum.every((value) => Math.abs(value) < MODULUS)).toBe(true)
    // One by one, and then together: the same.
    const sums = Array.from({ length: COEFFICIENTS }, () => 0)
    for (const i of row.keys()) {
      run.multiply(NOISE, PUBLIC + i * POLYNOMIAL_BYTES, POLYNOMIAL_BYTES, SECRET, 1)
      for (const [k, value] of get(NOISE).entries()) sums[k] = (sums[k] ?? 0) + value
    }
    expect(sum.map(modulo)).toEqual(sums.map(modulo))
    run.invert(V)
    const back = get(V)
    expect(back.every((value) => Math.abs(value) < MODULUS)).toBe(true)
    run.reduce(V, V)
    run.transform(V)
    // There and back multiplies by 2^16.
    expectSame(
      get(V).map(modulo),
      sum.map((value) => modulo(value * 65_536)),
    )
  })

  test.prop([polynomial(32_767, -32_767), polynomial(16_383)], { numRuns })('reduces sums of 16 bits', (a, b) => {
    put(SECRET, a)
    put(U, b)
    run.reduce(V, SECRET)
    expectSame(get(V).map(modulo), a.map(modulo))
    expect(get(V).every((value) => Math.abs(value) < 0.66 * MODULUS)).toBe(true)
    run.raise(V, V)
    expectSame(get(V), a.map(modulo))
    run.add(V, U, U)
    expectSame(
      get(V).map(modulo),
      b.map((value) => modulo(2 * value)),
    )
    run.subtract(V, U, SECRET)
    const differences = b.map((value, i) => value - (a[i] ?? 0))
    const fitting = differences.every((value) => Math.abs(value) < 32_768)
    if (fitting) expectSame(get(V).map(modulo), differences.map(modulo))
    run.restore(V, SECRET)
    expectSame(
      get(V).map(modulo),
      a.map((value) => modulo(value * 65_536)),
    )
  })

  test('rounds every coefficient to every number of bits as the standard says', () => {
    for (const bits of [1, 4, 5, 10, 11]) {
      for (let first = 0; first < MODULUS; first += COEFFICIENTS) {
        const values = Array.from({ length: COEFFICIENTS }, (_, i) => (first + i) % MODULUS)
        put(V, values)
        run.compress(CIPHERTEXT, V, bits)
        run.unpack(V, CIPHERTEXT, bits)
        // Half is never met, for q is odd.
        const rounded = values.map((value) => Math.round((value * 2 ** bits) / MODULUS) % 2 ** bits)
        expectSame(get(V), rounded)
        run.decompress(V, CIPHERTEXT, bits)
        expectSame(
          get(V),
          rounded.map((value) => Math.floor((value * MODULUS) / 2 ** bits + 0.5)),
        )
      }
    }
  })

  test.prop([polynomial(4095, 0)], { numRuns })('packs twelve bits, and sees which are not reduced', (values) => {
    put(V, values)
    run.pack(CIPHERTEXT, V, 12)
    const whole = memory.slice(CIPHERTEXT, CIPHERTEXT + 384).reduceRight((all, byte) => (all << 8n) | BigInt(byte), 0n)
    expect(whole).toBe(values.reduceRight((all, value) => (all << 12n) | BigInt(value), 0n))
    run.unpack(U, CIPHERTEXT, 12)
    expectSame(get(U), values)
    expect(run.isReduced(U)).toBe(Number(values.every((value) => value < MODULUS)))
  })

  test.prop([bytes(1568), fc.nat({ max: 1567 }), fc.integer({ min: 0, max: 255 })], { numRuns })(
    'a secret is replaced when any bit of a ciphertext is another',
    (ciphertext, position, change) => {
      const [secret, other] = [new Uint8Array(32).fill(0xa5), new Uint8Array(32).fill(0x3c)]
      memory.set(ciphertext, CIPHERTEXT)
      memory.set(ciphertext, EXPECTED)
      memory[EXPECTED + position] = (memory[EXPECTED + position] ?? 0) ^ change
      memory.set(secret, SEED)
      memory.set(other, SEED + 32)
      run.replaceUnlessSame(SEED, SEED + 32, ciphertext.length)
      expect(memory.slice(SEED, SEED + 32)).toEqual(change === 0 ? secret : other)
    },
  )
})
