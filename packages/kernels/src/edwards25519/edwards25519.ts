/**
 * The arithmetic of Ed25519 as functions: multiples of the base point, scalars, and the equation of a signature.
 *
 * Numbers are little-endian. The tables of the base point are filled when they are first wanted; besides them nothing is
 * left in the kernel's memory when a function returns.
 */

import { assertLength } from '../assert-length.ts'
import { instantiate } from '../host.ts'
import {
  ADDEND,
  BASE_WINDOW_BITS,
  DIGITS,
  ENCODED,
  ENCODED_BYTES,
  ENCODED_COMMITMENT,
  FACTOR,
  KEY_DIGITS,
  KEY_WINDOW_BITS,
  SCALAR,
} from './layout.ts'
import { type Edwards25519Exports, assembleEdwards25519 } from './program.ts'
import { isReduced, slide } from './sliding-window.ts'

export interface Edwards25519Kernel {
  /**
   * Whatever the scalar: the same instructions on the same addresses.
   *
   * @param scalar 32 bytes, below 2^255 @returns the multiple of the base point, encoded
   */
  multiplyBase(scalar: Uint8Array): Uint8Array
  /** @param wide 64 bytes @returns its remainder modulo the base point's order L, 32 bytes */
  reduce(wide: Uint8Array): Uint8Array
  /** @param a, b, c 32 bytes each @returns a b + c modulo L */
  multiplyAdd(a: Uint8Array, b: Uint8Array, c: Uint8Array): Uint8Array
  /**
   * Whether 8 S B = 8 R + 8 k A, in a time that depends on all of them.
   *
   * @param publicKey A, 32 bytes @param signature R and S, 64 bytes @param challenge k, 32 bytes, below L
   * @returns `false` also for what is not the encoding of a point, for a public key of small order, and an S not below L
   */
  verify(publicKey: Uint8Array, signature: Uint8Array, challenge: Uint8Array): boolean
}

const WIDE_BYTES = 64

export async function createEdwards25519Kernel(): Promise<Edwards25519Kernel> {
  return new Kernel((await instantiate(assembleEdwards25519())) as Edwards25519Exports)
}

class Kernel implements Edwards25519Kernel {
  readonly #exports: Edwards25519Exports
  readonly #memory: Uint8Array
  #hasTables = false

  constructor(exports: Edwards25519Exports) {
    this.#exports = exports
    this.#memory = new Uint8Array(exports.memory.buffer)
  }

  multiplyBase(scalar: Uint8Array): Uint8Array {
    assertLength('scalar', scalar, ENCODED_BYTES)
    if ((scalar[ENCODED_BYTES - 1] ?? 0) >= 0x80) throw new RangeError('scalar must be below 2^255')
    this.#fillTables()
    this.#memory.set(scalar, SCALAR)
    this.#exports.multiplyBase()
    return this.#take(ENCODED)
  }

  reduce(wide: Uint8Array): Uint8Array {
    assertLength('wide', wide, WIDE_BYTES)
    this.#memory.set(wide, SCALAR)
    this.#exports.reduce()
    return this.#take(SCALAR)
  }

  multiplyAdd(a: Uint8Array, b: Uint8Array, c: Uint8Array): Uint8Array {
    for (const [name, scalar] of Object.entries({ a, b, c })) assertLength(name, scalar, ENCODED_BYTES)
    this.#memory.set(a, SCALAR)
    this.#memory.set(b, FACTOR)
    this.#memory.set(c, ADDEND)
    this.#exports.multiplyAdd()
    return this.#take(SCALAR)
  }

  verify(publicKey: Uint8Array, signature: Uint8Array, challenge: Uint8Array): boolean {
    assertLength('publicKey', publicKey, ENCODED_BYTES)
    assertLength('signature', signature, 2 * ENCODED_BYTES)
    assertLength('challenge', challenge, ENCODED_BYTES)
    const response = signature.subarray(ENCODED_BYTES)
    if (!isReduced(response)) return false
    this.#fillTables()
    this.#memory.set(publicKey, FACTOR)
    this.#memory.set(signature.subarray(0, ENCODED_BYTES), ENCODED_COMMITMENT)
    this.#memory.set(slide(response, BASE_WINDOW_BITS), DIGITS)
    this.#memory.set(slide(challenge, KEY_WINDOW_BITS), KEY_DIGITS)
    const isValid = this.#exports.verify() === 1
    this.#exports.zeroize()
    return isValid
  }

  #fillTables(): void {
    if (!this.#hasTables) this.#exports.fillTables()
    this.#hasTables = true
  }

  #take(address: number): Uint8Array {
    const result = this.#memory.slice(address, address + ENCODED_BYTES)
    this.#exports.zeroize()
    return result
  }
}
