/**
 * RSA key generation from random probable primes.
 *
 * Each candidate is drawn anew; nothing is searched for upwards from a starting point, so every prime of the range is
 * equally likely.
 *
 * @spec FIPS 186-5 §A.1.1, §A.1.3
 */

import type { GenerationProgress, RsaPrivateNumbers } from '../../asymmetric-primitives.ts'
import { type Entropy, drawBytes } from '../../entropy.ts'
import { HsmError } from '../../errors.ts'
import { type Exponentiation, bigintExponentiation } from './mod-exp.ts'
import { bytesToNumber, greatestCommonDivisor, invertModulo, numberToBytes, numberToShortestBytes } from './numbers.ts'
import { isProbablePrime, roundsForRandom } from './prime.ts'

const PUBLIC_EXPONENT = 65_537n

/** How often progress is told, in candidates: several times a second. */
const PROGRESS_STEP = 16

/** Candidates allowed for p and for q, as multiples of the modulus' bits. Steps 4.7 and 5.8 */
const P_LIMIT_FACTOR = 5
const Q_LIMIT_FACTOR = 10
/** More than half of the draws are candidates. */
const DRAWS_FACTOR = 4
/** A search for p runs dry once in 2^41 keys. One that does so time and again has a generator that is stuck. */
const MOST_ATTEMPTS = 4

/** Gives candidates of so many bytes. */
export type CandidateSource = (length: number) => Uint8Array

/**
 * @param modulusBits a multiple of 16, and 2048 or more
 * @param drawCandidate where candidates come from when it is not `entropy`: a bench gives sequences whose work is average
 * @param exponentiation to test primes with; a faster one may stand in
 * @returns numbers without leading zeros that the caller zeroizes; `prime1` is the larger prime
 * @throws HsmError `FAULT_DETECTED` when no prime turns up where they are sure to
 */
export function generateRsaKey(
  modulusBits: number,
  entropy: Entropy,
  onProgress?: GenerationProgress,
  drawCandidate: CandidateSource = (length) => drawOddCandidate(entropy, length),
  exponentiation: Exponentiation = bigintExponentiation,
): RsaPrivateNumbers {
  if (modulusBits < 2048 || modulusBits % 16 !== 0)
    throw new RangeError('modulusBits must be 2048 or more, by sixteens')
  const search: Search = { modulusBits, entropy, drawCandidate, exponentiation, onProgress }
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const p = findPrime(search, 1)
    const q = p === undefined ? undefined : findPrime(search, 2, p)
    const key = p === undefined || q === undefined ? undefined : deriveNumbers(p, q, modulusBits)
    if (key !== undefined) return key
  }
  throw new HsmError('FAULT_DETECTED')
}

interface Search {
  readonly modulusBits: number
  readonly entropy: Entropy
  readonly drawCandidate: CandidateSource
  readonly exponentiation: Exponentiation
  readonly onProgress: GenerationProgress | undefined
}

/** Step 4 for the first prime, step 5 for the second, which keeps its distance from the first. */
function findPrime(search: Search, prime: 1 | 2, other?: bigint): bigint | undefined {
  const { modulusBits, entropy, drawCandidate, exponentiation, onProgress } = search
  const bits = modulusBits / 2
  const least = 1n << BigInt(modulusBits - 1)
  const distance = 1n << BigInt(bits - 100)
  const limit = modulusBits * (prime === 1 ? P_LIMIT_FACTOR : Q_LIMIT_FACTOR)

  let candidates = 0
  for (let draws = 0; draws < limit * DRAWS_FACTOR && candidates < limit; draws++) {
    const bytes = drawCandidate(bits / 8)
    const candidate = bytesToNumber(bytes)
    bytes.fill(0)
    // Compared in squares: candidate >= sqrt(2) * 2^(bits - 1). A draw below it is no candidate (step 4.4).
    if (candidate * candidate < least) continue
    if (other !== undefined && absolute(candidate - other) <= distance) continue
    candidates++
    if (candidates % PROGRESS_STEP === 0) onProgress?.({ prime, candidates })

    const isSuitable = (candidate - 1n) % PUBLIC_EXPONENT !== 0n
    if (isSuitable && isProbablePrime(candidate, roundsForRandom(bits), entropy, exponentiation)) {
      onProgress?.({ prime, candidates })
      return candidate
    }
  }
  return undefined
}

/** The highest bit is set, since nothing without it would pass; the lowest makes it odd. Steps 4.2 and 4.3 */
function drawOddCandidate(entropy: Entropy, length: number): Uint8Array {
  const bytes = drawBytes(entropy, length)
  bytes[0] = (bytes[0] ?? 0) | 0x80
  bytes[length - 1] = (bytes[length - 1] ?? 0) | 0x01
  return bytes
}

/** @returns `undefined` for a private exponent that is too small, which never happens. §A.1.1 criterion 3 */
function deriveNumbers(first: bigint, second: bigint, modulusBits: number): RsaPrivateNumbers | undefined {
  const [p, q] = first > second ? [first, second] : [second, first]
  const lambda = ((p - 1n) * (q - 1n)) / greatestCommonDivisor(p - 1n, q - 1n)
  const d = invertModulo(PUBLIC_EXPONENT, lambda)
  const coefficient = invertModulo(q, p)
  if (d === undefined || coefficient === undefined || d <= 1n << BigInt(modulusBits / 2)) return undefined
  return {
    modulus: numberToBytes(p * q, modulusBits / 8),
    publicExponent: numberToShortestBytes(PUBLIC_EXPONENT),
    privateExponent: numberToShortestBytes(d),
    prime1: numberToShortestBytes(p),
    prime2: numberToShortestBytes(q),
    exponent1: numberToShortestBytes(d % (p - 1n)),
    exponent2: numberToShortestBytes(d % (q - 1n)),
    coefficient: numberToShortestBytes(coefficient),
  }
}

function absolute(number: bigint): bigint {
  return number < 0n ? -number : number
}
