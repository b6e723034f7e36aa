/**
 * Modular exponentiation for RSA, as functions.
 *
 * What is prepared for a modulus stands in an array of its own; in the kernel's memory nothing is left when a function
 * returns. Two numbers are computed with at once where the arithmetic has two lanes.
 */

import { fusesMultiplyAdd } from '../capability.ts'
import { instantiate } from '../host.ts'
import { fusedArithmetic } from './fused.ts'
import { integerArithmetic } from './integer.ts'
import { BYTES, BYTES_LENGTH, MODULUS, MOST_BITS, MOST_WINDOWS, RESULT, WINDOWS, WINDOW_BITS } from './layout.ts'
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

/** Two moduli, prepared for powers modulo both: as for one, and in much less than twice the time where lanes allow it. */
export interface PreparedModuli {
  /** @throws as `power` of one modulus */
  powers(ofFirst: Power, ofSecond: Power): readonly [Uint8Array, Uint8Array]
  zeroize(): void
}

/** What to raise to which power: see `PreparedModulus.power`. */
export interface Power {
  readonly base: Uint8Array
  readonly windows: Uint8Array
}

/** Big-endian, not kept. There is nothing prepared for one that is even, 1, longer than 4096 bits, or has leading zeros. */
type ModulusBytes = Uint8Array

export interface ModExpKernel {
  prepare(modulus: ModulusBytes): PreparedModulus | undefined
  prepareTwo(first: ModulusBytes, second: ModulusBytes): PreparedModuli | undefined
}

const WINDOW_LIMIT = 2 ** WINDOW_BITS
const LARGEST_EXPONENT = 2n ** 64n - 1n

/** On fused multiply-add where the runtime has it, and on integers elsewhere. */
export async function createModExpKernel(): Promise<ModExpKernel> {
  return instantiateModExp((await fusesMultiplyAdd()) ? fusedArithmetic : integerArithmetic)
}

export async function instantiateModExp(arithmetic: Arithmetic): Promise<ModExpKernel> {
  const exports = (await instantiate(assembleModExp(arithmetic))) as ModExpExports
  const kernel: Kernel = { exports, memory: new Uint8Array(exports.memory.buffer), arithmetic }
  return {
    prepare(modulus) {
      if (!isModulus(modulus)) return undefined
      // A number alone takes every lane, which costs no more.
      const moduli = new LoadedModuli(
        kernel,
        Array.from({ length: arithmetic.lanes }, () => modulus),
      )
      return {
        power: (base, windows) => onlyOf(moduli.powers(moduli.inLanes({ base, windows }))),
        powerPublic: (base, exponent) => onlyOf(moduli.powersPublic(moduli.inLanes(base), exponent)),
        zeroize: () => moduli.zeroize(),
      }
    },
    prepareTwo(modulus1, modulus2) {
      if (!isModulus(modulus1) || !isModulus(modulus2)) return undefined
      const both =
        arithmetic.lanes === 2
          ? [new LoadedModuli(kernel, [modulus1, modulus2])]
          : [new LoadedModuli(kernel, [modulus1]), new LoadedModuli(kernel, [modulus2])]
      return {
        powers(...powers) {
          const results = both.flatMap((moduli, i) =>
            moduli.powers(both.length === 1 ? powers : powers.slice(i, i + 1)),
          )
          return results as unknown as readonly [Uint8Array, Uint8Array]
        },
        zeroize() {
          for (const moduli of both) moduli.zeroize()
        },
      }
    },
  }
}

interface Kernel {
  readonly exports: ModExpExports
  readonly memory: Uint8Array
  readonly arithmetic: Arithmetic
}

/** A modulus for each lane, as the kernel's memory holds them while it computes. */
class LoadedModuli {
  readonly #kernel: Kernel
  readonly #lengths: readonly number[]
  readonly #prepared: Uint8Array
  #isZeroized = false

  constructor(kernel: Kernel, moduli: readonly ModulusBytes[]) {
    const { exports, memory, arithmetic } = kernel
    const bits = moduli.map((modulus) => 8 * modulus.length - Math.clz32(modulus[0] ?? 0) + 24)
    const limbs = countLimbs(arithmetic, Math.max(...moduli.map(({ length }) => 8 * length)))
    const bitsOfR = limbs * arithmetic.limbBits
    // A power of two below each modulus.
    const powerOfTwo = Math.min(...bits) - 1
    for (const [lane, modulus] of moduli.entries()) writeBytes(memory, lane, modulus)
    exports.takeModuli(limbs * arithmetic.limbBytes)
    for (const [lane, modulus] of moduli.entries()) {
      const at = BYTES + lane * BYTES_LENGTH
      memory.fill(0, at, at + modulus.length)
      memory[at + (powerOfTwo >> 3)] = 1 << (powerOfTwo & 7)
    }
    exports.computeSquare(bitsOfR - powerOfTwo, bitsOfR)
    this.#kernel = kernel
    this.#lengths = moduli.map(({ length }) => length)
    this.#prepared = memory.slice(MODULUS, RESULT)
    exports.zeroize()
  }

  inLanes<Item>(item: Item): readonly Item[] {
    return this.#lengths.map(() => item)
  }

  powers(powers: readonly Power[]): readonly Uint8Array[] {
    for (const { windows } of powers) assertWindows(windows)
    const { exports, memory } = this.#kernel
    const count = Math.max(...powers.map(({ windows }) => windows.length))
    return this.#compute(
      powers.map(({ base }) => base),
      () => {
        // Zeros in front of the shorter one.
        for (const [lane, { windows }] of powers.entries()) {
          memory.set(windows, WINDOWS + lane * MOST_WINDOWS + count - windows.length)
        }
        exports.power(count)
      },
    )
  }

  powersPublic(bases: readonly Uint8Array[], exponent: bigint): readonly Uint8Array[] {
    if (exponent < 3n || exponent > LARGEST_EXPONENT || exponent % 2n === 0n) {
      throw new RangeError('a public exponent is odd, and from 3 to 2^64 - 1')
    }
    return this.#compute(bases, () => this.#kernel.exports.powerPublic(BigInt.asIntN(64, exponent)))
  }

  zeroize(): void {
    this.#isZeroized = true
    this.#prepared.fill(0)
  }

  #compute(bases: readonly Uint8Array[], run: () => void): readonly Uint8Array[] {
    if (this.#isZeroized) throw new TypeError('The modulus was zeroized.')
    if (bases.some(({ length }, lane) => length !== this.#lengths[lane])) {
      throw new RangeError('a base is as long as its modulus')
    }
    const { exports, memory } = this.#kernel
    memory.set(this.#prepared, MODULUS)
    for (const [lane, base] of bases.entries()) writeBytes(memory, lane, base)
    run()
    const results = this.#lengths.map((length, lane) => readBytes(memory, lane, length))
    exports.zeroize()
    return results
  }
}

function isModulus(bytes: ModulusBytes): boolean {
  const [first = 0, last = 0] = [bytes[0], bytes.at(-1)]
  return 8 * bytes.length <= MOST_BITS && first !== 0 && last % 2 === 1 && (bytes.length > 1 || first > 1)
}

/** For numbers of so many bits. */
function countLimbs({ limbBits, limbStep, spareBits }: Arithmetic, bits: number): number {
  return limbStep * Math.max(2, Math.ceil((bits + spareBits) / (limbBits * limbStep)))
}

function assertWindows(windows: Uint8Array): void {
  if (windows.length > MOST_WINDOWS || windows.some((window) => window >= WINDOW_LIMIT)) {
    throw new RangeError('windows have five bits, and an exponent not many more than a modulus')
  }
}

/** Of a number alone, which is the same in every lane. */
function onlyOf(results: readonly Uint8Array[]): Uint8Array {
  const [result] = results
  if (result === undefined) throw new RangeError('there is a result for each lane')
  return result
}

function readBytes(memory: Uint8Array, lane: number, length: number): Uint8Array {
  const at = BYTES + lane * BYTES_LENGTH
  const number = memory.slice(at, at + length)
  number.reverse()
  return number
}

function writeBytes(memory: Uint8Array, lane: number, number: Uint8Array): void {
  const at = BYTES + lane * BYTES_LENGTH
  memory.set(number, at)
  memory.subarray(at, at + number.length).reverse()
}
