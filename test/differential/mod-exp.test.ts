/** The kernel's powers, in both of its arithmetics, against BigInt's, and RSA over them. */

import { fc, test } from '@fast-check/vitest'
import { kernelsProvider, nobleProvider } from '@softkms/hsm'
import { describe, expect } from 'vitest'
import { cutExponent, modExpPublic } from '../../packages/hsm/src/algorithms/rsa/mod-exp.ts'
import { bytesToNumber, numberToBytes } from '../../packages/hsm/src/algorithms/rsa/numbers.ts'
import { drawBytes, systemEntropy } from '../../packages/hsm/src/entropy.ts'
import { testingOnlyEntropy } from '../../packages/hsm/src/testing.ts'
import { fusesMultiplyAdd } from '../../packages/kernels/src/capability.ts'
import { fusedArithmetic } from '../../packages/kernels/src/mod-exp/fused.ts'
import { integerArithmetic } from '../../packages/kernels/src/mod-exp/integer.ts'
import { type Power, type PreparedModulus, instantiateModExp } from '../../packages/kernels/src/mod-exp/mod-exp.ts'
import { isSlow, runs } from '../support/runs.ts'

/** Random bytes, all ones and all zeros in runs: what makes carries go far, and limbs full or empty. */
function numberOf(length: number): fc.Arbitrary<Uint8Array> {
  const random = fc.uint8Array({ minLength: length, maxLength: length })
  const blocks = fc
    .array(fc.tuple(fc.constantFrom(0x00, 0xff, 0x80, 0x01, 0x7f, 0xfe), fc.integer({ min: 1, max: 24 })), {
      minLength: 1,
    })
    .map((pieces) => {
      const bytes = pieces.flatMap(([byte, count]) => Array.from({ length: count }, () => byte))
      return Uint8Array.from({ length }, (_, i) => bytes[i % bytes.length] ?? 0)
    })
  return fc.oneof(random, blocks)
}

/** Odd, above 1, and without leading zeros. */
function modulusOf(length: number): fc.Arbitrary<Uint8Array> {
  return numberOf(length).map((bytes) => {
    const modulus = bytes.slice()
    modulus[length - 1] = (modulus[length - 1] ?? 0) | 1
    if (length === 1) modulus[0] = (modulus[0] ?? 0) | 2
    else if (modulus[0] === 0) modulus[0] = 1
    return modulus
  })
}

/** Below the modulus: any number's remainder, or one of those at the edges. */
function baseFor(modulus: Uint8Array): fc.Arbitrary<bigint> {
  const number = bytesToNumber(modulus)
  return fc.oneof(
    { weight: 3, arbitrary: numberOf(modulus.length).map((bytes) => bytesToNumber(bytes) % number) },
    { weight: 1, arbitrary: fc.constantFrom(0n, 1n, 2n, number >> 1n, number - 2n, number - 1n) },
    // Leading zero bytes.
    { weight: 1, arbitrary: fc.nat({ max: 0xffff }).map((small) => BigInt(small) % number) },
  )
}

const fuses = await fusesMultiplyAdd()
const arithmetics = [
  ['integers', integerArithmetic],
  ['fused multiply-add', fusedArithmetic],
] as const
// Where multiply-add rounds twice the second would compute wrongly, and is never chosen.
const usable = arithmetics.filter(([, arithmetic]) => arithmetic === integerArithmetic || fuses)

describe.each(usable)('powers on %s', async (_, arithmetic) => {
  const kernel = await instantiateModExp(arithmetic)
  const prepare = (modulus: Uint8Array): PreparedModulus => {
    const prepared = kernel.prepare(modulus)
    if (prepared === undefined) throw new Error('not a modulus')
    return prepared
  }
  const cases = (lengths: fc.Arbitrary<number>) =>
    lengths.chain(modulusOf).chain((modulus) => fc.record({ modulus: fc.constant(modulus), base: baseFor(modulus) }))

  const short = cases(fc.integer({ min: 1, max: 40 }))
  const exponents = fc.bigInt({ min: 0n, max: (1n << 40n) - 1n })
  const publicExponents = fc.oneof(
    fc.constantFrom(3n, 17n, 65_537n, 2n ** 64n - 1n),
    fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map((half) => 2n * half + 1n),
  )
  test.prop([short, exponents, publicExponents], { numRuns: runs(2000, 100_000) })(
    'of numbers of any length up to 320 bits',
    ({ modulus, base }, exponent, publicExponent) => {
      const number = bytesToNumber(modulus)
      const prepared = prepare(modulus)
      const bytes = numberToBytes(base, modulus.length)
      const power = bytesToNumber(prepared.power(bytes, cutExponent(exponent, 40)))
      expect(power).toBe(modExpPublic(base, exponent, number))
      expect(bytesToNumber(prepared.powerPublic(bytes, publicExponent))).toBe(
        modExpPublic(base, publicExponent, number),
      )
    },
  )

  const long = cases(fc.constantFrom(128, 192, 256, 384, 512))
  test.prop([long, exponents], { numRuns: runs(100, 10_000) })(
    'of numbers as long as RSA’s',
    ({ modulus, base }, exponent) => {
      const number = bytesToNumber(modulus)
      const prepared = prepare(modulus)
      const bytes = numberToBytes(base, modulus.length)
      const power = bytesToNumber(prepared.power(bytes, cutExponent(exponent, 40)))
      expect(power).toBe(modExpPublic(base, exponent, number))
      expect(bytesToNumber(prepared.powerPublic(bytes, 65_537n))).toBe(modExpPublic(base, 65_537n, number))
    },
  )

  const full = cases(fc.constantFrom(128, 192, 256)).chain(({ modulus, base }) =>
    fc.record({ modulus: fc.constant(modulus), base: fc.constant(base), exponent: numberOf(modulus.length) }),
  )
  test.prop([full], { numRuns: runs(6, 1000) })('by exponents as long as primes', ({ modulus, base, exponent }) => {
    const windows = cutExponent(bytesToNumber(exponent), 8 * modulus.length)
    const power = bytesToNumber(prepare(modulus).power(numberToBytes(base, modulus.length), windows))
    expect(power).toBe(modExpPublic(base, bytesToNumber(exponent), bytesToNumber(modulus)))
  })

  const sides = fc.record({ modulus: fc.constantFrom(1, 7, 40, 128, 130, 256).chain(modulusOf), exponent: exponents })
  const withBase = sides.chain((side) => fc.record({ side: fc.constant(side), base: baseFor(side.modulus) }))
  test.prop([withBase, withBase, fc.integer({ min: 8, max: 20 })], { numRuns: runs(300, 20_000) })(
    'modulo two numbers at once, of other lengths and with other exponents',
    (first, second, windows) => {
      const [power1, power2] = [first, second].map(({ side, base }, i) => ({
        base: numberToBytes(base, side.modulus.length),
        windows: cutExponent(side.exponent, i === 0 ? 40 : 5 * windows),
      })) as [Power, Power]
      const [result1, result2] =
        kernel.prepareTwo(first.side.modulus, second.side.modulus)?.powers(power1, power2) ?? []
      const expected = [first, second].map(({ side, base }) =>
        modExpPublic(base, side.exponent, bytesToNumber(side.modulus)),
      )
      expect([result1, result2].map((bytes) => bytes && bytesToNumber(bytes))).toEqual(expected)
      expect([result1?.length, result2?.length]).toEqual([first.side.modulus.length, second.side.modulus.length])
    },
  )

  test.prop([short], { numRuns: runs(200, 5000) })('of a base that is not below the modulus', ({ modulus }) => {
    const ones = new Uint8Array(modulus.length).fill(0xff)
    const expected = modExpPublic(bytesToNumber(ones) % bytesToNumber(modulus), 65_537n, bytesToNumber(modulus))
    expect(bytesToNumber(prepare(modulus).powerPublic(ones, 65_537n))).toBe(expected)
  })
})

// Before it is ready, BigInt would be held to itself.
await kernelsProvider.prepare?.(['RSA'])
if (kernelsProvider.servedBy.RSA !== 'kernels') throw new Error('this runtime has no kernel')

test.each(isSlow ? [2048, 3072, 4096] : [2048])(
  'the same random bytes make the same key of %i bits, and it serves both',
  { timeout: 120_000 },
  (bits) => {
    const entropy = () => testingOnlyEntropy(Uint8Array.of(bits >> 8))
    const numbers = kernelsProvider.generateRsaKey(bits, entropy())
    expect(numbers).toEqual(nobleProvider.generateRsaKey(bits, entropy()))
    for (const seed of Array.from({ length: runs(3, 200) }, (_, i) => i)) {
      const input = drawBytes(testingOnlyEntropy(Uint8Array.of(seed)), bits / 8).fill(0, 0, 1 + (seed % 40))
      const output = kernelsProvider.createRsaPrivateKey(numbers, systemEntropy).compute(input)
      expect(output).toEqual(nobleProvider.createRsaPrivateKey(numbers, systemEntropy).compute(input))
      expect(output && kernelsProvider.createRsaPublicKey(numbers).compute(output)).toEqual(input)
    }
  },
)
