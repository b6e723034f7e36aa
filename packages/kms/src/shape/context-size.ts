/**
 * How much encryption context a request may have.
 *
 * Policies compare contexts with patterns, so that without a bound a request could keep the engine busy for as long as
 * it likes.
 *
 * @spec KMS custom-key-stores, XKS proxy API (additionalAuthenticatedData)
 */

import { KmsError } from '../errors.ts'

const CONTEXTS = ['EncryptionContext', 'SourceEncryptionContext', 'DestinationEncryptionContext'] as const

/** Bytes of UTF-8, of keys and values together. */
const MOST_BYTES = 8192

/**
 * @param input valid
 * @throws KmsError `ValidationException`
 */
export function assertContextSizes(input: Readonly<Record<string, unknown>>): void {
  for (const name of CONTEXTS) {
    const context = input[name] as Readonly<Record<string, string>> | undefined
    if (context === undefined || lengthOf(context) <= MOST_BYTES) continue
    throw new KmsError('ValidationException', `${name} must not be longer than ${MOST_BYTES} bytes.`)
  }
}

function lengthOf(context: Readonly<Record<string, string>>): number {
  let length = 0
  for (const [key, value] of Object.entries(context)) length += utf8LengthOf(key) + utf8LengthOf(value)
  return length
}

/** Half of a surrogate pair counts two of the four bytes of the pair. */
function utf8LengthOf(text: string): number {
  let length = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    length += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3
  }
  return length
}
