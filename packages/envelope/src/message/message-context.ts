/**
 * The encryption context as a message's header stores it.
 *
 * Two bytes of length, two of count, then the pairs, sorted by the UTF-8 bytes of their keys, each text behind two
 * bytes of length; the empty context is a length of zero and nothing else. This form is the Encryption SDK's: the one
 * in `encryption-context.ts`, with which blobs are authenticated, is another.
 *
 * @spec AWS Encryption SDK, Message format reference, "AAD"
 */

import { type EncryptionContext, assertEncryptionContext, compareBytes } from '../encryption-context.ts'
import { decodeUtf8, encodeUtf8 } from '../host.ts'
import { MessageError } from './error.ts'
import { joinFields, readNumber, uint16, withLength } from './field-writer.ts'

type Pair = readonly [key: Uint8Array, value: Uint8Array]

/** Pairs whose keys begin so are the Encryption SDK's own. */
export const RESERVED_PREFIX = 'aws-crypto-'

/**
 * @throws RangeError for a context that is not well formed or does not fit
 * @throws TypeError for anything but an object of strings
 */
export function encodeMessageContext(context: EncryptionContext): Uint8Array {
  assertEncryptionContext(context)
  const pairs = Object.entries(context).map(([key, value]): Pair => [encodeUtf8(key), encodeUtf8(value)])
  return encodePairs(pairs.toSorted(([a], [b]) => compareBytes(a, b)))
}

/**
 * Reads what stands behind the two bytes of length.
 *
 * Pairs in another order are taken as they are: early releases of the SDK for JavaScript sorted them otherwise. Every
 * byte counts all the same, and what was read is what would be written in that order.
 *
 * @param visit is told of each field in order: the count, then length and text of each key and value
 * @throws MessageError `INVALID_MESSAGE` for anything else, and for a key that comes twice
 */
export function decodeMessageContext(bytes: Uint8Array, visit?: (field: Uint8Array) => void): EncryptionContext {
  if (bytes.length === 0) return {}
  let at = 0
  const take = (length: number): Uint8Array => {
    const end = at + length
    if (end > bytes.length) throw new MessageError('INVALID_MESSAGE')
    const part = bytes.subarray(at, end)
    at = end
    visit?.(part)
    return part
  }
  const takeText = (): string => {
    const text = decodeUtf8(take(readNumber(take(2))))
    if (text === undefined) throw new MessageError('INVALID_MESSAGE')
    return text
  }

  const count = readNumber(take(2))
  const context = new Map<string, string>()
  for (let i = 0; i < count; i++) context.set(takeText(), takeText())
  // Zero pairs would be a second way to write the empty context.
  if (count === 0 || context.size !== count || at !== bytes.length) throw new MessageError('INVALID_MESSAGE')
  return Object.fromEntries(context)
}

function encodePairs(pairs: readonly Pair[]): Uint8Array {
  if (pairs.length === 0) return uint16(0)
  const texts = pairs.flatMap((pair) => pair.map((text) => withLength('a key or value of the context', text)))
  return withLength('the encryption context', joinFields([uint16(pairs.length), texts]))
}
