/** What a key is derived from, byte by byte: the words to `encodeFixedInput`, with the context that messages give it. */

import { COUNTER_LENGTH, OUTPUT_LENGTH_LENGTH, SEPARATOR_LENGTH } from '../algorithms/kbkdf/kbkdf.ts'
import { type Annotated, type AnnotationKind, Annotator, type Description } from '../annotation.ts'
import { encodeUtf8 } from '../host.ts'
import { NONCE_LENGTH } from '../sealed-message.ts'
import { formatHex } from './bytes-in-words.ts'

const VERSION_LENGTH = 1

/**
 * Says what each byte of a fixed input is.
 *
 * @param label the label that it was made with
 * @param owner what the bytes between version and nonce name
 */
export function annotateFixedInput(input: Uint8Array, label: string, owner: string): Annotated {
  const labelBytes = encodeUtf8(label)
  const around = COUNTER_LENGTH + labelBytes.length + SEPARATOR_LENGTH + OUTPUT_LENGTH_LENGTH
  const ownerLength = input.length - around - VERSION_LENGTH - NONCE_LENGTH
  const isLabelled = labelBytes.every((byte, i) => input[COUNTER_LENGTH + i] === byte)
  if (ownerLength < 1 || !isLabelled) return { refusal: `not the fixed input of a key derived as '${label}'` }

  const annotator = new Annotator(input)
  annotator.take(COUNTER_LENGTH, () => words('fixed', 'counter', '1', 'the first block, which is the whole key'))
  annotator.take(labelBytes.length, () =>
    words('fixed', 'label', label, 'keeps keys for one purpose apart from keys for another'),
  )
  annotator.take(SEPARATOR_LENGTH, () => words('fixed', 'separator', '00', 'ends the label'))
  annotator.take(VERSION_LENGTH, () =>
    words('fixed', 'version', '1', 'keeps keys of a later format apart from those of this one'),
  )
  annotator.take(ownerLength, (bytes) =>
    words('identifier', owner, formatHex(bytes), 'binds the derived key to what it is derived for'),
  )
  annotator.take(NONCE_LENGTH, () => words('random', 'nonce', 'fresh', 'makes the derived key one of its own'))
  annotator.take(OUTPUT_LENGTH_LENGTH, () =>
    words('length', 'length of the key', '256 bits', 'binds the derived key to its length'),
  )
  return annotator.finish()
}

function words(kind: AnnotationKind, name: string, meaning: string, purpose: string): Description {
  return { kind, name, meaning, purpose, authenticatedBy: 'the derived key: any other input gives another' }
}
