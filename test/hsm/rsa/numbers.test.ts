/** Numbers, exponents and primes, against plain arithmetic. */

import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { cutExponent, modExp, modExpPublic } from '../../../packages/hsm/src/algorithms/rsa/mod-exp.ts'
import {
  bitLength,
  bytesToNumber,
  greatestCommonDivisor,
  invertModulo,
  numberToBytes,
  numberToShortestBytes,
} from '../../../packages/hsm/src/algorithms/rsa/numbers.ts'
import { isProbablePrime } from '../../../packages/hsm/src/algorithms/rsa/prime.ts'
import { systemEntropy } from '../../../packages/hsm/src/entropy.ts'
import { runs } from '../../support/runs.ts'
import { toHex } from '../../support/vectors.ts'

const numRuns = runs(200, 20_000)
const natural = fc.bigInt({ min: 0n, max: 1n << 600n })
const positive = fc.bigInt({ min: 1n, max: 1n << 600n })

describe('numbers', () => {
  test.prop([fc.uint8Array({ maxLength: 80 })], { numRuns })('are what their bytes say', (bytes) => {
    const number = bytesToNumber(bytes)
    expect(number).toBe(BigInt(`0x0${toHex(bytes)}`))
    expect(numberToBytes(number, bytes.length)).toEqual(bytes)
  })

  test.prop([natural], { numRuns })('have as many bits as their binary form', (number) => {
    expect(bitLength(number)).toBe(number === 0n ? 0 : number.toString(2).length)
    expect(bytesToNumber(numberToShortestBytes(number))).toBe(number)
  })

  test.prop([positive, positive], { numRuns })(
    'have an inverse exactly when they share no factor',
    (number, modulus) => {
      const inverse = invertModulo(number, modulus)
      const isCoprime = greatestCommonDivisor(number, modulus) === 1n
      expect(inverse !== undefined).toBe(isCoprime)
      if (inverse !== undefined) {
        expect((inverse * number) % modulus).toBe(1n % modulus)
        expect(inverse < modulus).toBe(true)
      }
    },
  )
})

describe('exponentiation', () => {
  const base = fc.bigInt({ min: 0n, max: 1n << 200n })

  test.prop([base, fc.bigInt({ min: 0n, max: (1n << 130n) - 1n }), positive], { numRuns })(
    'by windows and by bits is the same',
    (number, exponent, modulus) => {
      fc.pre(modulus > 1n)
      const reduced = number % modulus
      const expected = modExpPublic(reduced, exponent, modulus)
      expect(modExp(reduced, cutExponent(exponent, 130), modulus)).toBe(expected)
      // More room than needed changes nothing but the time.
      expect(modExp(reduced, cutExponent(exponent, 160), modulus)).toBe(expected)
    },
  )

  test('takes as many steps for one exponent of a length as for another', () => {
    expect(cutExponent(1n, 1024)).toHaveLength(205)
    expect(cutExponent((1n << 1024n) - 1n, 1024)).toHaveLength(205)
    expect([...cutExponent(0b10001_00011n, 10)]).toEqual([0b10001, 0b00011])
  })
})

test('primes below ten thousand are those of a plain sieve', () => {
  const isComposite = new Uint8Array(10_000)
  for (let i = 2; i < 100; i++) for (let j = i * i; j < 10_000; j += i) isComposite[j] = 1
  const numbers = Array.from({ length: 10_000 }, (_, i) => i)
  const expected = numbers.filter((i) => i > 1 && isComposite[i] === 0)
  expect(numbers.filter((i) => isProbablePrime(BigInt(i), 5, systemEntropy))).toEqual(expected)
  expect(expected).toHaveLength(1229)
})
