/** Encryption contexts of every kind that can be written, the awkward ones often. */
import type { EncryptionContext } from '@softkms/envelope'
import * as fc from 'fast-check'

/** Any text without lone surrogates: every plane, controls, zeros, nothing. */
const anyText = fc.string({ unit: 'binary', maxLength: 40 })
/** Text that is easily mistaken for other text once lengths or separators go wrong. */
const confusableText = fc.string({ unit: fc.constantFrom('a', 'b', '\0', '\u0001', ':', '"'), maxLength: 4 })
/** Names that an object has a use for, and text on both sides of where UTF-8 and UTF-16 sort differently. */
const awkwardText = fc.constantFrom(
  ...['', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '0', '10', '9', 'aws:arn'],
  ...['～', '\ufffd', '\uffff', '😀', '\u{10ffff}', 'ä', 'a\u0308', '\ufeff', ' '],
)

export const contextText: fc.Arbitrary<string> = fc.oneof(anyText, confusableText, awkwardText)

export const encryptionContext: fc.Arbitrary<EncryptionContext> = contextOf(contextText)

/** Contexts that are often nearly the same as each other. */
export const confusableContext: fc.Arbitrary<EncryptionContext> = contextOf(fc.oneof(confusableText, awkwardText))

function contextOf(text: fc.Arbitrary<string>): fc.Arbitrary<EncryptionContext> {
  const pairs = fc.uniqueArray(fc.tuple(text, text), { selector: ([key]) => key, maxLength: 8 })
  // Unlike an assignment, this makes `__proto__` a member like any other.
  return pairs.map((entries) => Object.fromEntries(entries))
}
