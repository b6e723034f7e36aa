/**
 * Modular exponentiation: what RSA asks of it, and ours over bigint; a kernel may stand in.
 *
 * For a secret exponent: fixed windows of five bits. Every exponent of one length takes the same sequence of
 * multiplications and squarings, a window of zeros included. That is all that is promised: how long the engine takes
 * for one product or remainder depends on its operands, and which entry of the table is read depends on the exponent,
 * so a spectator on the same processor may learn from caches. Blinding (`crt.ts`) keeps the operands from being the
 * attacker's; nothing here hides the windows, which the kernel does.
 *
 * @spec Menezes et al., Handbook of Applied Cryptography §14.6.1, algorithm 14.82
 */

import { bytesToNumber, numberToBytes } from './numbers.ts'

const WINDOW_BITS = 5
const WINDOW_MASK = 0x1f

/** An exponent cut into windows, the highest first: bytes, so that it can be zeroized. */
export type ExponentWindows = Uint8Array

/** A modulus that is ready for many powers. Bases are below it. */
export interface Modulus {
  power(base: bigint, exponent: ExponentWindows): bigint
  /** For an exponent that anyone may know. */
  powerPublic(base: bigint, exponent: bigint): bigint
  zeroize(): void
}

/** Two moduli, that are ready for powers modulo both. */
export interface Moduli {
  powers(ofFirst: Power, ofSecond: Power): readonly [bigint, bigint]
  zeroize(): void
}

/** The base is below the modulus. */
export interface Power {
  readonly base: bigint
  readonly exponent: ExponentWindows
}

/** Whose powers to use. Moduli are big-endian and not kept. */
export interface Exponentiation {
  prepare(modulus: Uint8Array): Modulus
  prepareTwo(first: Uint8Array, second: Uint8Array): Moduli
}

export const bigintExponentiation: Exponentiation = {
  prepare(modulus) {
    const number = bytesToNumber(modulus)
    return {
      power: (base, exponent) => modExp(base, exponent, number),
      powerPublic: (base, exponent) => modExpPublic(base, exponent, number),
      zeroize() {
        // A bigint cannot be.
      },
    }
  },
  prepareTwo(first, second) {
    const [modulo1, modulo2] = [bigintExponentiation.prepare(first), bigintExponentiation.prepare(second)]
    return {
      powers: (power1, power2) => [
        modulo1.power(power1.base, power1.exponent),
        modulo2.power(power2.base, power2.exponent),
      ],
      zeroize() {
        modulo1.zeroize()
        modulo2.zeroize()
      },
    }
  },
}

/** @param bits as many as the longest exponent of its kind has, so that a short one is not seen to be short */
export function cutExponent(exponent: bigint, bits: number): ExponentWindows {
  const count = Math.ceil(bits / WINDOW_BITS)
  const bytes = numberToBytes(exponent, Math.ceil((count * WINDOW_BITS) / 8) + 1)
  const windows = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    const shift = i * WINDOW_BITS
    const at = bytes.length - 1 - Math.floor(shift / 8)
    const pair = ((bytes[at - 1] ?? 0) << 8) | (bytes[at] ?? 0)
    windows[count - 1 - i] = (pair >> (shift % 8)) & WINDOW_MASK
  }
  bytes.fill(0)
  return windows
}

/** `base` to the power of the exponent, modulo `modulus`; `base` is below it. */
export function modExp(base: bigint, exponent: ExponentWindows, modulus: bigint): bigint {
  const powers = [1n, base]
  for (let i = 2; i <= WINDOW_MASK; i++) powers.push(((powers[i - 1] ?? 0n) * base) % modulus)

  let result = 1n
  for (const window of exponent) {
    for (let i = 0; i < WINDOW_BITS; i++) result = (result * result) % modulus
    result = (result * (powers[window] ?? 0n)) % modulus
  }
  return result
}

/** For an exponent that anyone may know: as fast as it goes. */
export function modExpPublic(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus
    if (bit === '1') result = (result * base) % modulus
  }
  return result
}
