/**
 * Writing DER: a tree of values that point at their bytes, written once into one buffer.
 *
 * So a private key is copied exactly once, into the result, which the caller zeroizes.
 *
 * @spec X.690 §8, §10
 */

import { type DerTag, TAG } from './der-tag.ts'
import { encodeObjectIdentifier } from './object-identifier.ts'

export interface DerValue {
  readonly tag: DerTag
  /** Whether a zero byte stands before the parts: an INTEGER's sign, a BIT STRING's count of unused bits. */
  readonly hasLeadingZero: boolean
  readonly parts: readonly (DerValue | Uint8Array)[]
}

/** A value with other values, or bytes, inside. */
export function derValue(tag: DerTag, ...parts: readonly (DerValue | Uint8Array)[]): DerValue {
  return { tag, hasLeadingZero: false, parts }
}

export function derSequence(...parts: readonly DerValue[]): DerValue {
  return derValue(TAG.sequence, ...parts)
}

/** @param magnitude big-endian and positive; leading zeros are left out */
export function derPositive(magnitude: Uint8Array): DerValue {
  let start = 0
  while (start < magnitude.length - 1 && magnitude[start] === 0) start++
  const digits = magnitude.subarray(start)
  return { tag: TAG.integer, hasLeadingZero: (digits[0] ?? 0) >= 0x80, parts: [digits] }
}

/** @param version below 128 */
export function derVersion(version: number): DerValue {
  return derValue(TAG.integer, Uint8Array.of(version))
}

export function derNull(): DerValue {
  return derValue(TAG.null)
}

export function derBitString(...parts: readonly (DerValue | Uint8Array)[]): DerValue {
  return { tag: TAG.bitString, hasLeadingZero: true, parts }
}

export function derObjectIdentifier(dotted: string): DerValue {
  return derValue(TAG.objectIdentifier, encodeObjectIdentifier(dotted))
}

/** @returns the encoding, in a buffer of the caller's own */
export function encodeDer(value: DerValue): Uint8Array {
  const bytes = new Uint8Array(measureValue(value))
  writeValue(value, bytes, 0)
  return bytes
}

function measureValue(value: DerValue): number {
  const content = measureContent(value)
  return 1 + measureLength(content) + content
}

function measureContent({ hasLeadingZero, parts }: DerValue): number {
  let length = hasLeadingZero ? 1 : 0
  for (const part of parts) length += part instanceof Uint8Array ? part.length : measureValue(part)
  return length
}

function measureLength(length: number): number {
  if (length < 0x80) return 1
  let count = 1
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) count++
  return count
}

/** @returns where the next value goes */
function writeValue(value: DerValue, bytes: Uint8Array, start: number): number {
  bytes[start] = value.tag
  let at = writeLength(measureContent(value), bytes, start + 1)
  // The buffer came zeroed, so a leading zero is a place that nothing is written to.
  if (value.hasLeadingZero) at++
  for (const part of value.parts) {
    if (part instanceof Uint8Array) {
      bytes.set(part, at)
      at += part.length
    } else {
      at = writeValue(part, bytes, at)
    }
  }
  return at
}

function writeLength(length: number, bytes: Uint8Array, start: number): number {
  const count = measureLength(length)
  bytes[start] = count === 1 ? length : 0x80 | (count - 1)
  let rest = length
  for (let at = start + count - 1; at > start; at--) {
    bytes[at] = rest % 256
    rest = Math.floor(rest / 256)
  }
  return start + count
}
