/** The RSA public operation. @spec RFC 8017 §5.1.1, §5.2.2 */

import type { RsaPublicKey, RsaPublicNumbers } from '../../asymmetric-primitives.ts'
import { type Exponentiation, bigintExponentiation } from './mod-exp.ts'
import { bytesToNumber, numberToBytes } from './numbers.ts'

/** Prepares a public key for many operations. */
export function createPublicKey(
  key: RsaPublicNumbers,
  exponentiation: Exponentiation = bigintExponentiation,
): RsaPublicKey {
  const modulusLength = key.modulus.length
  const modulus = bytesToNumber(key.modulus)
  const prepared = exponentiation.prepare(key.modulus)
  const publicExponent = bytesToNumber(key.publicExponent)
  return {
    compute(input) {
      const number = bytesToNumber(input)
      if (number >= modulus) return undefined
      return numberToBytes(prepared.powerPublic(number, publicExponent), modulusLength)
    },
  }
}
