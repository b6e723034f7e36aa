/**
 * Whether RSA numbers that somebody brings are a key, and one that is served.
 *
 * AWS documents no bound on the public exponent of imported keys; every one that FIPS 186-5 admits is taken: odd,
 * above 2^16 and below 2^256. So e = 3 is refused. The private exponent may be the inverse modulo lcm(p - 1, q - 1) or
 * modulo (p - 1)(q - 1): both are in use, and the operations need neither.
 *
 * @spec SP 800-56B Rev. 2 §6.4.1.2.3, FIPS 186-5 §A.1.1
 */

import type { RsaPrivateNumbers } from '../../asymmetric-primitives.ts'
import type { Entropy } from '../../entropy.ts'
import { KEY_SPECS } from '../../key-spec.ts'
import { bitLength, bytesToNumber } from './numbers.ts'
import { ROUNDS_FOR_GIVEN, isProbablePrime } from './prime.ts'

const LEAST_PUBLIC_EXPONENT = 65_537n
const MOST_PUBLIC_EXPONENT_BITS = 256

/**
 * Whether the modulus has the size of a key spec, the numbers fit each other, and the primes are primes.
 *
 * The cheap checks come first; the primes take as long as some fifty private operations.
 *
 * @param entropy draws the bases of the primality test, so that no composite can be made to pass it
 */
export function checkRsaKey(key: RsaPrivateNumbers, entropy: Entropy): boolean {
  const n = bytesToNumber(key.modulus)
  const e = bytesToNumber(key.publicExponent)
  const bits = bitLength(n)
  if (!isServedSize(bits) || !isSafeExponent(e)) return false

  const d = bytesToNumber(key.privateExponent)
  const p = bytesToNumber(key.prime1)
  const q = bytesToNumber(key.prime2)
  return (
    areFactors(n, bits, p, q) &&
    d < n &&
    d > 1n << BigInt(bits / 2) &&
    (d * e) % (p - 1n) === 1n &&
    (d * e) % (q - 1n) === 1n &&
    bytesToNumber(key.exponent1) === d % (p - 1n) &&
    bytesToNumber(key.exponent2) === d % (q - 1n) &&
    isInverse(bytesToNumber(key.coefficient), q, p) &&
    [p, q].every((prime) => isProbablePrime(prime, ROUNDS_FOR_GIVEN, entropy))
  )
}

function isServedSize(bits: number): boolean {
  return Object.values(KEY_SPECS).some((row) => row.family === 'rsa' && row.modulusBits === bits)
}

function isSafeExponent(e: bigint): boolean {
  return e % 2n === 1n && e >= LEAST_PUBLIC_EXPONENT && bitLength(e) <= MOST_PUBLIC_EXPONENT_BITS
}

/** Two factors of half the length each, and not close: no search from the modulus' root finds them. */
function areFactors(n: bigint, bits: number, p: bigint, q: bigint): boolean {
  const difference = p > q ? p - q : q - p
  return (
    p * q === n && bitLength(p) === bits / 2 && bitLength(q) === bits / 2 && difference > 1n << BigInt(bits / 2 - 100)
  )
}

function isInverse(candidate: bigint, number: bigint, modulus: bigint): boolean {
  return candidate < modulus && (candidate * number) % modulus === 1n
}
