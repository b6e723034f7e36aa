/**
 * The RSA private operation by the Chinese remainder theorem, blinded, and checked before its result leaves.
 *
 * A result that is right modulo one prime and wrong modulo the other gives the factors away to whoever sees it
 * (Boneh, DeMillo, Lipton 1997). So each result is raised to the public exponent first, and one that does not give
 * the input back is not released.
 *
 * @spec RFC 8017 §5.1.2, §5.2.1
 */

import type { RsaPrivateKey, RsaPrivateNumbers } from '../../asymmetric-primitives.ts'
import type { Entropy } from '../../entropy.ts'
import { HsmError } from '../../errors.ts'
import { Blinding } from './blinding.ts'
import {
  type ExponentWindows,
  type Exponentiation,
  type Moduli,
  type Modulus,
  bigintExponentiation,
  cutExponent,
} from './mod-exp.ts'
import { bytesToNumber, numberToBytes } from './numbers.ts'

interface PrivateState {
  readonly prime1: bigint
  readonly prime2: bigint
  readonly coefficient: bigint
  readonly moduloPrimes: Moduli
  readonly moduloProduct: Modulus
  readonly exponent1: ExponentWindows
  readonly exponent2: ExponentWindows
  readonly blinding: Blinding
}

/**
 * Prepares a private key for many operations. The numbers stay their owner's, and are taken to fit each other.
 *
 * @param exponentiation a faster one may stand in, a faulty one is found out
 */
export function createCrtPrivateKey(
  key: RsaPrivateNumbers,
  entropy: Entropy,
  exponentiation: Exponentiation = bigintExponentiation,
): RsaPrivateKey {
  const modulusLength = key.modulus.length
  const modulus = bytesToNumber(key.modulus)
  const publicExponent = bytesToNumber(key.publicExponent)
  let state: PrivateState | undefined = {
    prime1: bytesToNumber(key.prime1),
    prime2: bytesToNumber(key.prime2),
    coefficient: bytesToNumber(key.coefficient),
    moduloPrimes: exponentiation.prepareTwo(key.prime1, key.prime2),
    moduloProduct: exponentiation.prepare(key.modulus),
    exponent1: cutExponent(bytesToNumber(key.exponent1), 8 * key.prime1.length),
    exponent2: cutExponent(bytesToNumber(key.exponent2), 8 * key.prime2.length),
    blinding: new Blinding(modulus, modulusLength, publicExponent, entropy),
  }

  return {
    compute(input) {
      if (state === undefined) throw new TypeError('the key was zeroized')
      const number = bytesToNumber(input)
      if (number >= modulus) return undefined

      const { blinding, unblinding } = state.blinding.next()
      const blinded = computeCrt(state, (number * blinding) % modulus)
      const result = (blinded * unblinding) % modulus
      if (state.moduloProduct.powerPublic(result, publicExponent) !== number) {
        state.blinding.forget()
        throw new HsmError('FAULT_DETECTED')
      }
      return numberToBytes(result, modulusLength)
    },
    zeroize() {
      state?.exponent1.fill(0)
      state?.exponent2.fill(0)
      state?.moduloPrimes.zeroize()
      state?.moduloProduct.zeroize()
      state = undefined
    },
  }
}

/** @spec RFC 8017 §5.1.2 step 2b (Garner) */
function computeCrt(state: PrivateState, input: bigint): bigint {
  const { prime1, prime2, coefficient } = state
  const [m1, m2] = state.moduloPrimes.powers(
    { base: input % prime1, exponent: state.exponent1 },
    { base: input % prime2, exponent: state.exponent2 },
  )
  // Which prime is larger is not known, so the difference gets both remainders non-negative first.
  const h = ((m1 + prime1 - (m2 % prime1)) * coefficient) % prime1
  return m2 + h * prime2
}
