/**
 * ECDSA signatures: r and s side by side, as the primitives have them, and the DER that the API speaks.
 *
 * @spec RFC 3279 §2.2.3
 */

import { decodeDer } from './der-reader.ts'
import { TAG } from './der-tag.ts'
import { derPositive, derSequence, encodeDer } from './der-writer.ts'

/** @param signature r and s, each of the curve's length */
export function encodeEcdsaSignature(signature: Uint8Array): Uint8Array {
  const half = signature.length / 2
  return encodeDer(derSequence(derPositive(signature.subarray(0, half)), derPositive(signature.subarray(half))))
}

/**
 * @param scalarLength the curve's length in bytes
 * @returns r and s, each of that length, or `undefined` for anything but DER, and for a number that is zero or longer
 */
export function decodeEcdsaSignature(encoded: Uint8Array, scalarLength: number): Uint8Array | undefined {
  const numbers = decodeEcdsaNumbers(encoded)
  if (numbers === undefined || numbers.some((number) => number.length > scalarLength)) return undefined
  const signature = new Uint8Array(2 * scalarLength)
  numbers.forEach((number, i) => signature.set(number, (i + 1) * scalarLength - number.length))
  return signature
}

/** @returns r and s as views of `encoded`, without leading zeros, or `undefined` for anything but their DER */
export function decodeEcdsaNumbers(encoded: Uint8Array): readonly [r: Uint8Array, s: Uint8Array] | undefined {
  return decodeDer(encoded, (reader) =>
    reader.readInside(TAG.sequence, (inside) => [inside.readPositive(), inside.readPositive()] as const),
  )
}
