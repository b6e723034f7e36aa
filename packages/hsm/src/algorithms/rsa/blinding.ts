/**
 * Base blinding: the private operation works on a number that whoever sent the input cannot know.
 *
 * Factors are squared after each use, which is two multiplications, and drawn afresh now and then.
 *
 * @spec Kocher 1996, "Timing Attacks on Implementations of Diffie-Hellman, RSA, DSS, and Other Systems", §10
 */

import { type Entropy, drawBytes } from '../../entropy.ts'
import { HsmError } from '../../errors.ts'
import { modExpPublic } from './mod-exp.ts'
import { bytesToNumber, invertModulo } from './numbers.ts'

const USES = 32
/** Drawn beyond the modulus' length, so that the remainder shows no bias. */
const SURPLUS_BYTES = 8
/** A number without an inverse would be a factor of the modulus: only a generator that is stuck draws two. */
const MOST_ATTEMPTS = 8

interface Factors {
  /** r to the power of e */
  readonly blinding: bigint
  /** The inverse of r */
  readonly unblinding: bigint
  readonly usesLeft: number
}

export class Blinding {
  readonly #modulus: bigint
  readonly #publicExponent: bigint
  readonly #drawnLength: number
  readonly #entropy: Entropy
  #factors: Factors | undefined

  constructor(modulus: bigint, modulusLength: number, publicExponent: bigint, entropy: Entropy) {
    this.#modulus = modulus
    this.#publicExponent = publicExponent
    this.#drawnLength = modulusLength + SURPLUS_BYTES
    this.#entropy = entropy
  }

  /**
   * @returns factors for one operation
   * @throws HsmError `FAULT_DETECTED` when the generator gives nothing that can be inverted
   */
  next(): Pick<Factors, 'blinding' | 'unblinding'> {
    const factors = this.#factors ?? this.#drawFactors()
    this.#factors =
      factors.usesLeft === 1
        ? undefined
        : {
            blinding: (factors.blinding * factors.blinding) % this.#modulus,
            unblinding: (factors.unblinding * factors.unblinding) % this.#modulus,
            usesLeft: factors.usesLeft - 1,
          }
    return factors
  }

  /** Lets go of the factors, so that the next ones are fresh. */
  forget(): void {
    this.#factors = undefined
  }

  #drawFactors(): Factors {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const r = this.#draw()
      // How long inverting takes depends on the number, so it sees r times another.
      const mask = this.#draw()
      const inverse = invertModulo((r * mask) % this.#modulus, this.#modulus)
      if (inverse !== undefined) {
        const unblinding = (inverse * mask) % this.#modulus
        return { blinding: modExpPublic(r, this.#publicExponent, this.#modulus), unblinding, usesLeft: USES }
      }
    }
    throw new HsmError('FAULT_DETECTED')
  }

  #draw(): bigint {
    const bytes = drawBytes(this.#entropy, this.#drawnLength)
    const number = bytesToNumber(bytes) % this.#modulus
    bytes.fill(0)
    return number
  }
}
