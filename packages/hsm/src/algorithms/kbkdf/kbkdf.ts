/**
 * Key derivation in counter mode over HMAC-SHA-256.
 *
 * Every key derived here is 256 bits long, so one block of the pseudorandom function is the whole output and the
 * counter never passes 1.
 *
 * @spec SP 800-108r1 §4.1: K(1) = PRF(K_IN, [1]_32 || Label || 0x00 || Context || [L]_32)
 */

import type { MacKey } from '../../symmetric-primitives.ts'

export const COUNTER_LENGTH = 4
export const SEPARATOR_LENGTH = 1
export const OUTPUT_LENGTH_LENGTH = 4

/**
 * Derives a 32-byte key; the caller zeroizes it.
 *
 * @param mac HMAC-SHA-256 under the key-derivation key
 * @param label names the purpose, so that no two purposes share a key
 * @param context what the key is bound to, as parts that are joined in order
 */
export function deriveKey(mac: MacKey, label: Uint8Array, ...context: readonly Uint8Array[]): Uint8Array {
  return mac.compute(encodeFixedInput(label, context))
}

/** What the key is the MAC of. Nothing of it is secret. */
export function encodeFixedInput(label: Uint8Array, context: readonly Uint8Array[]): Uint8Array {
  let contextLength = 0
  for (const part of context) contextLength += part.length

  const input = new Uint8Array(COUNTER_LENGTH + label.length + SEPARATOR_LENGTH + contextLength + OUTPUT_LENGTH_LENGTH)
  input[COUNTER_LENGTH - 1] = 1
  input.set(label, COUNTER_LENGTH)
  let at = COUNTER_LENGTH + label.length + SEPARATOR_LENGTH
  for (const part of context) {
    input.set(part, at)
    at += part.length
  }
  // [L]_32 in bits: 256 is 0x00000100.
  input[at + 2] = 1
  return input
}
