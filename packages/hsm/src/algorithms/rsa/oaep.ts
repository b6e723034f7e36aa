/**
 * RSAES-OAEP with an empty label and the same hash in MGF1, which is all that AWS has.
 *
 * A ciphertext that does not decode says nothing but that: every check is computed over the whole block before one
 * branch is taken (Manger 2001). The engine's arithmetic on small integers is taken to be free of data-dependent
 * time; nothing promises it.
 *
 * @spec RFC 8017 §7.1
 */

import type {
  HashName,
  HashPrimitives,
  RsaPrivateKey,
  RsaPublicKey,
  RsaPublicNumbers,
} from '../../asymmetric-primitives.ts'
import type { Entropy } from '../../entropy.ts'
import { digestLength } from '../../algorithm-name.ts'
import { applyMgf1 } from './mgf1.ts'

const EMPTY_LABEL = new Uint8Array(0)
const SEPARATOR = 0x01

/** In bytes, of the longest message that a key takes. */
export function maxOaepLength(modulusLength: number, hash: HashName): number {
  return modulusLength - 2 * digestLength(hash) - 2
}

/**
 * Encrypts; the message stays its owner's.
 *
 * @throws RangeError for a message that is longer than `maxOaepLength`
 */
export function encryptOaep(
  hashes: HashPrimitives,
  key: RsaPublicKey,
  numbers: RsaPublicNumbers,
  hash: HashName,
  message: Uint8Array,
  entropy: Entropy,
): Uint8Array {
  const block = encodeOaep(hashes, hash, numbers.modulus.length, message, entropy)
  try {
    // The block begins with a zero byte and so is below the modulus.
    return key.compute(block) ?? new Uint8Array(0)
  } finally {
    block.fill(0)
  }
}

/**
 * Decrypts.
 *
 * @returns the message, which the caller zeroizes, or `undefined`, whatever is wrong with the ciphertext
 * @throws HsmError `FAULT_DETECTED`
 */
export function decryptOaep(
  hashes: HashPrimitives,
  key: RsaPrivateKey,
  numbers: RsaPublicNumbers,
  hash: HashName,
  ciphertext: Uint8Array,
): Uint8Array | undefined {
  if (ciphertext.length !== numbers.modulus.length) return undefined
  const block = key.compute(ciphertext)
  if (block === undefined) return undefined
  try {
    return decodeOaep(hashes, hash, block)
  } finally {
    block.fill(0)
  }
}

/** @returns 00, masked seed, masked data. §7.1.1 step 2 */
function encodeOaep(
  hashes: HashPrimitives,
  hash: HashName,
  modulusLength: number,
  message: Uint8Array,
  entropy: Entropy,
): Uint8Array {
  if (message.length > maxOaepLength(modulusLength, hash)) throw new RangeError('message must fit the key')
  const block = new Uint8Array(modulusLength)
  const { seed, data } = splitBlock(block, hash)
  entropy.fill(seed)
  data.set(hashes.digest(hash, EMPTY_LABEL))
  data[data.length - message.length - 1] = SEPARATOR
  data.set(message, data.length - message.length)
  applyMgf1(hashes, hash, seed, data)
  applyMgf1(hashes, hash, data, seed)
  return block
}

/** Unmasks in place. §7.1.2 step 3 */
function decodeOaep(hashes: HashPrimitives, hash: HashName, block: Uint8Array): Uint8Array | undefined {
  const { seed, data } = splitBlock(block, hash)
  applyMgf1(hashes, hash, data, seed)
  applyMgf1(hashes, hash, seed, data)

  // Any bit that is set in `wrong` at the end is a refusal.
  let wrong = block[0] ?? 1
  const labelHash = hashes.digest(hash, EMPTY_LABEL)
  for (let i = 0; i < labelHash.length; i++) wrong |= (labelHash[i] ?? 0) ^ (data[i] ?? 0)

  // All ones until the separator was seen, then zero; `start` counts the bytes up to it.
  let searching = -1
  let start = labelHash.length + 1
  for (let i = labelHash.length; i < data.length; i++) {
    const byte = data[i] ?? 0
    const isSeparator = maskOfZero(byte ^ SEPARATOR)
    const isPadding = maskOfZero(byte)
    wrong |= searching & ~isSeparator & ~isPadding
    searching &= ~isSeparator
    start -= searching
  }
  wrong |= searching

  return wrong === 0 ? data.slice(start) : undefined
}

function splitBlock(block: Uint8Array, hash: HashName): { readonly seed: Uint8Array; readonly data: Uint8Array } {
  const dataAt = 1 + digestLength(hash)
  return { seed: block.subarray(1, dataAt), data: block.subarray(dataAt) }
}

/** @returns all ones for 0, and 0 for any other byte */
function maskOfZero(byte: number): number {
  return (byte - 1) >> 31
}
