/**
 * Telling primes: trial division, then Miller-Rabin with random bases.
 *
 * @spec FIPS 186-5 §B.3.1, table B.1, §C.1
 */

import { type Entropy, drawBytes } from '../../entropy.ts'
import { type Exponentiation, bigintExponentiation, cutExponent } from './mod-exp.ts'
import { bitLength, bytesToNumber, numberToShortestBytes } from './numbers.ts'

/**
 * Rounds for a number drawn at random. The last column of table B.1: a composite passes with a probability below
 * 2^-112, 2^-128 and 2^-144, by the bound of Damgård, Landrock and Pomerance (1993), which holds for random numbers.
 */
export function roundsForRandom(bits: number): number {
  return bits < 1536 ? 5 : 4
}

/**
 * Rounds for a number that somebody chose: each round lets the worst composite pass once in four times, whatever it
 * is, so this is below 2^-112.
 */
export const ROUNDS_FOR_GIVEN = 56

/** Half as many or twice as many primes make generation no faster, by measurement over CCTV's sequences. */
const TRIAL_LIMIT = 1 << 14

/** Primes are tried several at a time, as long as their product is a small integer to the engine. */
const PRODUCT_LIMIT = 2 ** 31

/** Drawn beyond a base's length, so that the remainder shows no bias. */
const SURPLUS_BYTES = 8

interface TrialGroup {
  readonly product: bigint
  readonly primes: readonly number[]
}

const SMALL_PRIMES: readonly number[] = sieve(TRIAL_LIMIT)
const TRIAL_GROUPS: readonly TrialGroup[] = groupPrimes(SMALL_PRIMES)

/** Eratosthenes, over the odd numbers. */
function sieve(limit: number): readonly number[] {
  const isComposite = new Uint8Array(limit)
  const primes: number[] = []
  for (let number = 3; number < limit; number += 2) {
    if (isComposite[number] === 1) continue
    primes.push(number)
    for (let multiple = number * number; multiple < limit; multiple += 2 * number) isComposite[multiple] = 1
  }
  return primes
}

function groupPrimes(primes: readonly number[]): readonly TrialGroup[] {
  const groups: TrialGroup[] = []
  let group: number[] = []
  let product = 1
  for (const prime of primes) {
    if (product * prime >= PRODUCT_LIMIT) {
      groups.push({ product: BigInt(product), primes: group })
      group = []
      product = 1
    }
    group.push(prime)
    product *= prime
  }
  groups.push({ product: BigInt(product), primes: group })
  return groups
}

/** Whether an odd number is a multiple of a small prime other than itself. */
function hasSmallFactor(candidate: bigint): boolean {
  for (const { product, primes } of TRIAL_GROUPS) {
    const remainder = Number(candidate % product)
    for (const prime of primes) if (remainder % prime === 0 && candidate !== BigInt(prime)) return true
  }
  return false
}

/**
 * Whether a number is prime; a composite is taken for one with the probability that `rounds` stands for.
 *
 * @param exponentiation a faster one may stand in
 */
export function isProbablePrime(
  candidate: bigint,
  rounds: number,
  entropy: Entropy,
  exponentiation: Exponentiation = bigintExponentiation,
): boolean {
  if (candidate < 4n) return candidate === 2n || candidate === 3n
  if (candidate % 2n === 0n || hasSmallFactor(candidate)) return false
  return candidate < BigInt(TRIAL_LIMIT) ** 2n || passesMillerRabin(candidate, rounds, entropy, exponentiation)
}

/** @param candidate odd and above 3; @spec FIPS 186-5 §B.3.1 */
function passesMillerRabin(
  candidate: bigint,
  rounds: number,
  entropy: Entropy,
  exponentiation: Exponentiation,
): boolean {
  const bits = bitLength(candidate)
  const last = candidate - 1n
  let twos = 0
  while (((last >> BigInt(twos)) & 1n) === 0n) twos++
  const exponent = cutExponent(last >> BigInt(twos), bits)
  const bytes = numberToShortestBytes(candidate)
  const modulus = exponentiation.prepare(bytes)
  bytes.fill(0)
  try {
    for (let round = 0; round < rounds; round++) {
      const base = drawBase(last, bits, entropy)
      if (!fitsPrime(modulus.power(base, exponent), twos, candidate)) return false
    }
    return true
  } finally {
    exponent.fill(0)
    modulus.zeroize()
  }
}

/** Whether base^odd, squared up to twos - 1 times, behaves as it does modulo a prime. Steps 4.3 to 4.5 */
function fitsPrime(power: bigint, twos: number, candidate: bigint): boolean {
  const last = candidate - 1n
  if (power === 1n || power === last) return true
  let square = power
  for (let i = 1; i < twos; i++) {
    square = (square * square) % candidate
    if (square === last) return true
  }
  return false
}

/** @returns a random number from 2 to `last` - 1, by remainder, which ends whatever is drawn. Steps 4.1 and 4.2 */
function drawBase(last: bigint, bits: number, entropy: Entropy): bigint {
  return 2n + (bytesToNumber(drawBytes(entropy, Math.ceil(bits / 8) + SURPLUS_BYTES)) % (last - 2n))
}
