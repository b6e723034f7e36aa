/**
 * Modular exponentiation for RSA, as functions.
 *
 * What is prepared for a modulus stands in an array of its own; in the kernel's memory nothing is left when a function
 * returns.
 */

import { fusesMultiplyAdd } from '../capability.ts'
import { instantiate } from '../host.ts'
import { fusedArithmetic } from './fused.ts'
import { integerArithmetic } from './integer.ts'
import { BYTES, MODULUS, MOST_BITS, MOST_WINDOWS, RESULT, WINDOWS, WINDOW_BITS } from './layout.ts'
import type { Arithmetic } from './limbs.ts'
import { type ModExpExports, assembleModExp } from './program.ts'

/** One modulus, prepared for many powers. Numbers are big-endian, and as long as the modulus. */
export interface PreparedModulus {
  /**
   * Whatever the exponent, as long as it has as many windows: the same instructions on the same addresses.
   *
   * @param base any number of the modulus' length
   * @param windows the exponent, five bits a byte, the highest first
   * @throws RangeError for a base of another length, or too many windows; TypeError after `zeroize`
   */
  power(base: Uint8Array, windows: Uint8Array): Uint8Array
  /**
   * For an exponent that anyone may know: a squaring for each of its bits, a multiplication for each that is set.
   *
   * @param exponent odd, from 3 to 2^64 - 1
   * @throws RangeError for a base of another length, or another exponent; TypeError after `zeroize`
   */
  powerPublic(base: Uint8Array, exponent: bigint): Uint8Array
  zeroize(): void
}

export interface ModExpKernel {
  /**
   * @param modulus big-endian, not kept
   * @returns `undefined` for one that is even, 1, longer than 4096 bits, or has leading zeros
   */
  prepare(modulus: Uint8Array): PreparedModulus | undefined
}

const WINDOW_LIMIT = 2 ** WINDOW_BITS
const LARGEST_EXPONENT = 2n ** 64n - 1n

/** On fused multiply-add where the runtime has it, and on integers elsewhere. */
export async function createModExpKernel(): Promise<ModExpKernel> {
  return instantiateModExp((await fusesMultiplyAdd()) ? fusedArithmetic : integerArithmetic)
}

export async function instantiateModExp(arithmetic: Arithmetic): Promise<ModExpKernel> {
  return new Kernel((await instantiate(assembleModExp(arithmetic))) as ModExpExports, arithmetic)
}

class Kernel implements ModExpKernel {
  readonly #exports: ModExpExports
  readonly #memory: Uint8Array
  readonly #arithmetic: Arithmetic

  constructor(exports: ModExpExports, arithmetic: Arithmetic) {
    this.#exports = exports
    this.#memory = new Uint8Array(exports.memory.buffer)
    this.#arithmetic = arithmetic
  }

  prepare(modulus: Uint8Array): PreparedModulus | undefined {
    const { length } = modulus
    const [first = 0, last = 0] = [modulus[0], modulus[length - 1]]
    if (8 * length > MOST_BITS || first === 0 || last % 2 === 0 || (length === 1 && first === 1)) {
      return undefined
    }
    const prepared = this.#prepare(modulus)
    let isZeroized = false
    const compute = (base: Uint8Array, run: () => void): Uint8Array => {
      if (isZeroized) throw new TypeError('The modulus was zeroized.')
      if (base.length !== length) throw new RangeError('a base is as long as its modulus')
      this.#memory.set(prepared, MODULUS)
      this.#writeBytes(base)
      run()
      const result = this.#readBytes(length)
      this.#exports.zeroize()
      return result
    }
    return {
      power: (base, windows) => {
        if (windows.length > MOST_WINDOWS || windows.some((window) => window >= WINDOW_LIMIT)) {
          throw new RangeError('windows have five bits, and an exponent not many more than a modulus')
        }
        return compute(base, () => {
          this.#memory.set(windows, WINDOWS)
          this.#exports.power(windows.length)
        })
      },
      powerPublic: (base, exponent) => {
        if (exponent < 3n || exponent > LARGEST_EXPONENT || exponent % 2n === 0n) {
          throw new RangeError('a public exponent is odd, and from 3 to 2^64 - 1')
        }
        return compute(base, () => this.#exports.powerPublic(BigInt.asIntN(64, exponent)))
      },
      zeroize() {
        isZeroized = true
        prepared.fill(0)
      },
    }
  }

  /** @returns what the kernel's memory holds of a modulus while it computes */
  #prepare(modulus: Uint8Array): Uint8Array {
    const { limbBits, limbBytes } = this.#arithmetic
    const limbs = this.#countLimbs(8 * modulus.length)
    const bits = 8 * modulus.length - Math.clz32(modulus[0] ?? 0) + 24
    this.#writeBytes(modulus)
    this.#exports.takeModulus(limbs * limbBytes)
    this.#memory.fill(0, BYTES, BYTES + modulus.length)
    this.#memory[BYTES + Math.floor((bits - 1) / 8)] = 1 << ((bits - 1) % 8)
    this.#exports.computeSquare(limbs * limbBits - (bits - 1), limbs * limbBits)
    const prepared = this.#memory.slice(MODULUS, RESULT)
    this.#exports.zeroize()
    return prepared
  }

  /** Of which R has two bits more than a number of the modulus' length. */
  #countLimbs(bits: number): number {
    const { limbBits, limbStep } = this.#arithmetic
    return limbStep * Math.max(2, Math.ceil((bits + 2) / (limbBits * limbStep)))
  }

  #readBytes(length: number): Uint8Array {
    const number = new Uint8Array(length)
    for (let i = 0; i < length; i++) number[i] = this.#memory[BYTES + length - 1 - i] ?? 0
    return number
  }

  #writeBytes(number: Uint8Array): void {
    for (let i = 0; i < number.length; i++) this.#memory[BYTES + i] = number[number.length - 1 - i] ?? 0
  }
}
