/**
 * Key generation keeps every criterion of the standard, and the key check accepts what it makes and nothing less.
 *
 * @covers FIPS 186-5 §A.1.1, §A.1.3; SP 800-56B Rev. 2 §6.4.1.2.3
 */

import { generatePrimeSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { checkRsaKey } from '../../../packages/hsm/src/algorithms/rsa/check-key.ts'
import { generateRsaKey } from '../../../packages/hsm/src/algorithms/rsa/generate.ts'
import { createKnownKey } from '../../../packages/hsm/src/algorithms/rsa/known-key.ts'
import {
  bitLength,
  bytesToNumber,
  invertModulo,
  numberToBytes,
  numberToShortestBytes,
} from '../../../packages/hsm/src/algorithms/rsa/numbers.ts'
import { isProbablePrime, roundsForRandom } from '../../../packages/hsm/src/algorithms/rsa/prime.ts'
import type { RsaPrivateNumbers } from '../../../packages/hsm/src/asymmetric-primitives.ts'
import { systemEntropy } from '../../../packages/hsm/src/entropy.ts'
import { testingOnlyEntropy } from '../../../packages/hsm/src/testing.ts'
import { createRsaTestKey } from '../../support/rsa-key.ts'
import { isSlow } from '../../support/runs.ts'
import { fromHex, testLines } from '../../support/vectors.ts'

/** CCTV's sequences: two primes, the last of them at the end, among as many composites as an average key takes. */
const SEQUENCES = [
  [2048, 708],
  [3072, 1064],
  [4096, 1418],
] as const

function expectCriteria(key: RsaPrivateNumbers, bits: number): void {
  const [n, d, p, q] = [key.modulus, key.privateExponent, key.prime1, key.prime2].map(bytesToNumber) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ]
  expect(bitLength(n)).toBe(bits)
  expect(p * q).toBe(n)
  expect(bytesToNumber(key.publicExponent)).toBe(65_537n)
  for (const prime of [p, q]) {
    expect(prime * prime >= 1n << BigInt(bits - 1)).toBe(true)
    expect(bitLength(prime)).toBe(bits / 2)
    expect((d * 65_537n) % (prime - 1n)).toBe(1n)
  }
  expect(p - q > 1n << BigInt(bits / 2 - 100)).toBe(true)
  expect(d > 1n << BigInt(bits / 2)).toBe(true)
}

describe('CCTV candidates', () => {
  for (const [bits, count] of isSlow ? SEQUENCES : SEQUENCES.slice(0, 1)) {
    testLines(`cctv/rsa.bench.${bits}.txt`, (lines) => {
      expect(lines).toHaveLength(count)
      let used = 0
      const told: string[] = []
      const key = generateRsaKey(
        bits,
        systemEntropy,
        ({ prime, candidates }) => told.push(`${prime}: ${candidates}`),
        () => fromHex(lines[used++] ?? expect.fail('more candidates were drawn than the sequence has')),
      )
      expect(used).toBe(count)
      expectCriteria(key, bits)
      expect(checkRsaKey(key, systemEntropy)).toBe(true)
      // The two primes are told of, however many candidates came before.
      const first = told.filter((line) => line.startsWith('1')).at(-1)
      const second = told.filter((line) => line.startsWith('2')).at(-1)
      const found = [first, second].map((line) => Number(line?.slice(3)))
      expect((found[0] ?? 0) + (found[1] ?? 0)).toBe(count)
    })
  }
})

describe('random keys', () => {
  test.each(isSlow ? [2048, 2048, 2048, 2048, 3072, 4096] : [2048])('of %i bits', { timeout: 120_000 }, (bits) => {
    expectCriteria(generateRsaKey(bits, systemEntropy), bits)
  })

  test('are determined by their entropy', () => {
    const first = generateRsaKey(2048, testingOnlyEntropy(Uint8Array.of(1)))
    const second = generateRsaKey(2048, testingOnlyEntropy(Uint8Array.of(1)))
    expect(first).toEqual(second)
  })

  test('have at least 2048 bits', () => {
    expect(() => generateRsaKey(1024, systemEntropy)).toThrow(RangeError)
    expect(() => generateRsaKey(2056, systemEntropy)).toThrow(RangeError)
  })

  test.each([0x00, 0xff])('a generator that is stuck at %i is a fault, not a loop', (stuck) => {
    const entropy = { fill: (bytes: Uint8Array) => bytes.fill(stuck) }
    expect(() => generateRsaKey(2048, entropy)).toThrow(expect.objectContaining({ code: 'FAULT_DETECTED' }))
  })

  test('come of no candidate that is too small, too close, or whose p - 1 is a multiple of e', () => {
    const find = (start: bigint, step: bigint): bigint => {
      let candidate = start
      while (!isProbablePrime(candidate, 5, systemEntropy)) candidate += step
      return candidate
    }
    const tenth = (1n << 1024n) / 10n
    const small = find((7n * tenth) | 1n, 2n)
    const p = find((8n * tenth) | 1n, 2n)
    const close = find(p + 2n, 2n)
    const multiple = find(((9n * tenth) / 131_074n) * 131_074n + 1n, 131_074n)
    const q = find((9n * tenth) | 1n, 2n)
    const primes = [small, p, close, p, multiple, q]

    const key = generateRsaKey(2048, systemEntropy, undefined, (length) =>
      numberToBytes(primes.shift() ?? expect.fail('more candidates were drawn than there are'), length),
    )
    expect([key.prime2, key.prime1].map(bytesToNumber)).toEqual([p, q])
    expect(primes).toEqual([])
  })

  test('take the rounds of table B.1', () => {
    expect([1024, 1536, 2048].map(roundsForRandom)).toEqual([5, 4, 4])
  })
})

describe('the key check', () => {
  const known = createKnownKey()
  const entropy = testingOnlyEntropy(Uint8Array.of(2))

  test('accepts a key of OpenSSL', () => {
    expect(checkRsaKey(known, entropy)).toBe(true)
  })

  test('accepts a private exponent modulo (p - 1)(q - 1)', () => {
    const [d, p, q] = [known.privateExponent, known.prime1, known.prime2].map(bytesToNumber) as [bigint, bigint, bigint]
    const totient = (p - 1n) * (q - 1n)
    // Adding lcm(p - 1, q - 1), which divides the totient, keeps the exponent right.
    const longer = { ...known, privateExponent: numberToShortestBytes((d + totient / 2n) % totient) }
    expect(checkRsaKey(longer, entropy)).toBe(true)
  })

  test.each(Object.keys(known) as (keyof RsaPrivateNumbers)[])('refuses another %s', (member) => {
    const damaged = {
      ...known,
      [member]: known[member].map((byte, i, all) => (i === all.length - 1 ? byte ^ 2 : byte)),
    }
    expect(checkRsaKey(damaged, entropy)).toBe(false)
  })

  test.each(Object.keys(known) as (keyof RsaPrivateNumbers)[])('refuses no %s', (member) => {
    expect(checkRsaKey({ ...known, [member]: new Uint8Array(0) }, entropy)).toBe(false)
  })

  test.each(['prime1', 'prime2'] as const)('refuses a private exponent that is wrong modulo %s - 1 alone', (member) => {
    const other = bytesToNumber(known[member === 'prime1' ? 'prime2' : 'prime1']) - 1n
    const d = (bytesToNumber(known.privateExponent) + other) % bytesToNumber(known.modulus)
    const [p, q] = [known.prime1, known.prime2].map(bytesToNumber) as [bigint, bigint]
    const damaged = {
      ...known,
      privateExponent: numberToShortestBytes(d),
      exponent1: numberToShortestBytes(d % (p - 1n)),
      exponent2: numberToShortestBytes(d % (q - 1n)),
    }
    expect(checkRsaKey(damaged, entropy)).toBe(false)
  })

  test('refuses 3 as the public exponent', () => {
    expect(checkRsaKey(createRsaTestKey(2048, 3).numbers, entropy)).toBe(false)
  })

  test('refuses factors so close that the root of the modulus tells them', () => {
    const known1 = bytesToNumber(known.prime1)
    let p = known1 + 2n
    while (!isProbablePrime(p, 5, entropy) || (p - 1n) % 65_537n === 0n) p += 2n
    expect(checkRsaKey(fit(p, known1), entropy)).toBe(false)
  })

  test('refuses a private exponent beyond the modulus, though it would do', () => {
    const [d, p, q] = [known.privateExponent, known.prime1, known.prime2].map(bytesToNumber) as [bigint, bigint, bigint]
    const privateExponent = numberToShortestBytes(d + (p - 1n) * (q - 1n))
    expect(checkRsaKey({ ...known, privateExponent }, entropy)).toBe(false)
  })

  test.each([1024, 2056])('refuses a modulus of %i bits', (bits) => {
    expect(checkRsaKey(createRsaTestKey(bits).numbers, entropy)).toBe(false)
  })

  test('refuses factors that are no primes, though all else fits', () => {
    // Two primes make a composite that only the primality test can tell from a prime of its length.
    const q = bytesToNumber(known.prime2)
    let p = 0n
    while (bitLength(p) !== 1024 || bitLength(p * q) !== 2048 || (p - 1n) % 65_537n === 0n) {
      p = generatePrimeSync(512, { bigint: true }) * generatePrimeSync(512, { bigint: true })
    }
    expect(checkRsaKey(fit(p, q), entropy)).toBe(false)
  })
})

/** Numbers consistent with each other for any two factors, prime or not. */
function fit(p: bigint, q: bigint): RsaPrivateNumbers {
  const e = 65_537n
  const d = invert(e, (p - 1n) * (q - 1n))
  const bytes = numberToShortestBytes
  return {
    modulus: bytes(p * q),
    publicExponent: bytes(e),
    privateExponent: bytes(d),
    prime1: bytes(p),
    prime2: bytes(q),
    exponent1: bytes(d % (p - 1n)),
    exponent2: bytes(d % (q - 1n)),
    coefficient: bytes(invert(q, p)),
  }
}

function invert(number: bigint, modulus: bigint): bigint {
  return invertModulo(number, modulus) ?? expect.fail('there is no inverse')
}
