/**
 * ML-DSA's kernel against noble, node:crypto and BigInt: the same keys and signatures byte for byte, and the arithmetic at
 * its edges.
 *
 * @covers FIPS 204 §6, §7
 */

import { fc, test } from '@fast-check/vitest'
import { type MlDsaParameters, kernelsProvider, nobleProvider } from '@softkms/hsm'
import { describe, expect } from 'vitest'
import { ML_DSA_SIZES } from '../../packages/hsm/src/algorithms/ml-dsa/ml-dsa.ts'
import { testingOnlyEntropy } from '../../packages/hsm/src/testing.ts'
import { COEFFICIENTS, POLYNOMIAL_BYTES, S1, S2, T0, Y, Z } from '../../packages/kernels/src/ml-dsa/layout.ts'
import { MODULUS } from '../../packages/kernels/src/ml-dsa/modular.ts'
import { type MlDsaExports, assembleMlDsa } from '../../packages/kernels/src/ml-dsa/program.ts'
import { GAMMA2 } from '../../packages/kernels/src/ml-dsa/rounding.ts'
import { nativeProvider } from '../support/providers.ts'
import { runs } from '../support/runs.ts'
import { expectSame } from '../support/same-numbers.ts'

const PARAMETERS = Object.keys(ML_DSA_SIZES) as MlDsaParameters[]
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const Q = BigInt(MODULUS)
const modulo = (value: bigint): bigint => ((value % Q) + Q) % Q

describe.each(PARAMETERS)('%s', (parameters) => {
  const { signature: signatureLength } = ML_DSA_SIZES[parameters]

  test.prop([bytes(32), fc.uint8Array({ maxLength: 9000 }), bytes(16), fc.nat()], { numRuns: runs(10, 2000) })(
    'keys, μ and signatures are noble’s, and node:crypto verifies them',
    (seed, message, source, position) => {
      const [key, reference] = [kernelsProvider, nobleProvider].map((one) => one.createMlDsaKey(parameters, seed))
      if (key === undefined || reference === undefined) return
      const { publicKey } = key
      expect(publicKey).toEqual(reference.publicKey)
      const mu = kernelsProvider.computeMlDsaMu(publicKey, message)
      expect(mu).toEqual(nobleProvider.computeMlDsaMu(publicKey, message))
      const signature = key.sign(mu, testingOnlyEntropy(source))
      expect(signature).toEqual(reference.sign(mu, testingOnlyEntropy(source)))
      expect(kernelsProvider.verifyMlDsa(parameters, publicKey, mu, signature)).toBe(true)
      expect(nativeProvider.verifyMlDsaMessage?.(parameters, publicKey, message, signature)).toBe(true)
      const changed = signature.map((byte, i) =>
        i === position % signatureLength ? byte ^ (1 << (position % 8)) : byte,
      )
      expect(kernelsProvider.verifyMlDsa(parameters, publicKey, mu, changed)).toBe(false)
      key.zeroize()
      reference.zeroize()
    },
  )

  // Signatures are long, and most of those that are made up fail early: hints are what has many encodings.
  const hints = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 12 })
  test.prop([bytes(1), hints, fc.nat({ max: 90 }), fc.boolean()], { numRuns: runs(60, 5000) })(
    'what is accepted is what noble accepts',
    (seed, values, from, isResponse) => {
      const key = nobleProvider.createMlDsaKey(parameters, new Uint8Array(32).fill(seed[0] ?? 0))
      const mu = new Uint8Array(64).fill(0x5a)
      const signature = kernelsProvider
        .createMlDsaKey(parameters, new Uint8Array(32).fill(seed[0] ?? 0))
        .sign(mu, testingOnlyEntropy(seed))
      // Into the response, where numbers become too large, or into the hints.
      signature.set(values, isResponse ? 64 + 8 * from : signatureLength - 92 + Math.min(from, 92 - values.length))
      const verdict = nobleProvider.verifyMlDsa(parameters, key.publicKey, mu, signature)
      expect(kernelsProvider.verifyMlDsa(parameters, key.publicKey, mu, signature)).toBe(verdict)
    },
  )
})

describe('the arithmetic', () => {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(assembleMlDsa())))
  const run = instance.exports as unknown as MlDsaExports
  const coefficients = new Int32Array(run.memory.buffer)
  const put = (address: number, values: readonly number[]): void => coefficients.set(values, address / 4)
  const get = (address: number): readonly number[] =>
    Array.from(coefficients.subarray(address / 4, address / 4 + COEFFICIENTS))
  const numRuns = runs(2000, 100_000)

  const polynomial = (most: number, least = -most) =>
    fc.oneof(
      fc.array(fc.integer({ min: least, max: most }), { minLength: COEFFICIENTS, maxLength: COEFFICIENTS }),
      fc
        .array(fc.constantFrom(least, least + 1, 0, 1, most - 1, most), { minLength: 1, maxLength: 9 })
        .map((edges) => Array.from({ length: COEFFICIENTS }, (_, i) => edges[i % edges.length] ?? 0)),
    )

  test.prop([polynomial(MODULUS - 1), polynomial(MODULUS - 1)], { numRuns })(
    'transforms there and back, and multiplies pointwise as polynomials are multiplied',
    (a, b) => {
      put(S1, a)
      put(S2, b)
      run.transform(S1)
      run.transform(S2)
      // Evaluated at one root of x^256 + 1 and its conjugate, a product is the product of the values.
      const at = (values: readonly number[], root: bigint): bigint =>
        values.reduceRight((sum, value) => modulo(sum * root + BigInt(value)), 0n)
      // The first coefficient is the value at the root that the bits of 128 turned around say: 1753 itself.
      expect(modulo(BigInt(get(S1)[0] ?? 0))).toBe(at(a, 1753n))
      expect(get(S1).every((value) => Math.abs(value) < 9 * MODULUS)).toBe(true)
      // A factor of a product is below q, as a matrix's and a challenge's are when they are sampled.
      run.center(S1, S1)
      run.multiply(T0, S1, S2, 1)
      run.invert(T0)
      const product = get(T0)
      expect(product.every((value) => Math.abs(value) < MODULUS)).toBe(true)
      for (const root of [1753n, modulo(-1753n)]) {
        expect(at(product, root)).toBe(modulo(at(a, root) * at(b, root)))
      }
    },
  )

  test.prop([fc.array(polynomial(MODULUS - 1), { minLength: 7, maxLength: 7 }), polynomial(9 * MODULUS - 1)], {
    numRuns: runs(200, 10_000),
  })('adds up seven products of the largest factors, and multiplies the two largest', (row, factor) => {
    for (const [i, values] of row.entries()) {
      put(Y + i * POLYNOMIAL_BYTES, values)
      put(Z + i * POLYNOMIAL_BYTES, factor)
    }
    run.multiply(T0, Y, Z, row.length)
    const expectProducts = (factors: readonly (readonly number[])[]): void => {
      const result = get(T0)
      const sums = factor.map((value, i) => factors.reduce((all, one) => all + BigInt(one[i] ?? 0) * BigInt(value), 0n))
      expect(result.map((value) => modulo(BigInt(value) << 32n))).toEqual(sums.map(modulo))
      expect(result.every((value) => Math.abs(value) < MODULUS)).toBe(true)
    }
    expectProducts(row)
    run.multiply(T0, Z, Z, 1)
    expectProducts([factor])
  })

  test.prop(
    [polynomial(MODULUS - 1, 0), fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 256, maxLength: 256 })],
    {
      numRuns,
    },
  )('splits and corrects as the standard says', (values, hints) => {
    for (const [rounding, suffix] of [
      ['coarse', 'Coarse'],
      ['fine', 'Fine'],
    ] as const) {
      const gamma2 = GAMMA2[rounding]
      const parts = (MODULUS - 1) / (2 * gamma2)
      put(S1, values)
      put(Y, hints)
      run[`decompose${suffix}`](S2, T0, S1)
      const [high, low] = [get(S2), get(T0)]
      run[`useHint${suffix}`](S2, T0, Y)
      const corrected = get(S2)
      const expected = values.map((value, i) => {
        let rest = value % (2 * gamma2)
        if (rest > gamma2) rest -= 2 * gamma2
        const isLast = value - rest === MODULUS - 1
        const [part, lowPart] = isLast ? [0, rest - 1] : [(value - rest) / (2 * gamma2), rest]
        const step = hints[i] === 0 ? 0 : lowPart > 0 ? 1 : -1
        return [part, lowPart, (part + step + parts) % parts]
      })
      for (const [i, numbers] of [high, low, corrected].entries()) {
        expectSame(
          numbers,
          expected.map((one) => one[i] ?? 0),
        )
      }
    }
    run.power2Round(S2, T0, S1)
    const [high, low] = [get(S2), get(T0)]
    expectSame(
      high.map((part, i) => part * 8192 + (low[i] ?? 0)),
      values,
    )
    expect(low.every((part) => part > -4096 && part <= 4096)).toBe(true)
  })

  const WIDTHS = [
    [3, 2],
    [4, 4],
    [4, 0],
    [6, 0],
    [10, 0],
    [13, 4096],
    [18, 2 ** 17],
    [20, 2 ** 19],
  ] as const
  test.prop([polynomial(2 ** 20 - 1, 0), fc.constantFrom(...WIDTHS)], { numRuns })(
    'packs as many bits side by side, and unpacks them',
    (numbers, [bits, from]) => {
      const values = numbers.map((number) => {
        const fitting = number % 2 ** bits
        return from === 0 ? fitting : from - fitting
      })
      put(S1, values)
      run.pack(Y, S1, bits, from)
      const packed = new Uint8Array(run.memory.buffer).slice(Y, Y + 32 * bits)
      const whole = packed.reduceRight((all, byte) => (all << 8n) | BigInt(byte), 0n)
      const expected = numbers.reduceRight((all, number) => (all << BigInt(bits)) | BigInt(number % 2 ** bits), 0n)
      expect(whole).toBe(expected)
      run.unpack(S2, Y, bits, from)
      expectSame(get(S2), values)
    },
  )

  test.prop([polynomial(2 ** 22), fc.integer({ min: 1, max: 2 ** 22 })], { numRuns })(
    'finds what is too large',
    (values, bound) => {
      put(S1, values)
      expect(run.reaches(S1, bound) !== 0).toBe(values.some((value) => Math.abs(value) >= bound))
      expect(run.reaches(S1, Math.max(...values.map(Math.abs)) + 1)).toBe(0)
    },
  )
})
