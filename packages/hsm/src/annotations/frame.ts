/** The frame before every plaintext, byte by byte: the words to the layout of `frame.ts`. */

import { type Annotated, Annotator, type Description } from '../annotation.ts'
import { FRAME_LAYOUT, FRAME_LENGTH, type FrameField, purposeOf } from '../frame.ts'
import { countBytes, readNumber } from './bytes-in-words.ts'

type Words = Omit<Description, 'meaning' | 'authenticatedBy'> & { readonly meaning: (field: Uint8Array) => string }

const WORDS: Readonly<Record<Exclude<FrameField, 'purpose'>, Words>> = {
  version: { kind: 'fixed', name: 'frame version', meaning: () => '1', purpose: 'tells a later frame from this one' },
  plaintextLength: {
    kind: 'length',
    name: 'length of the plaintext',
    meaning: (field) => countBytes(readNumber(field)),
    purpose: 'must agree with the length of what was decrypted',
  },
  reserved: { kind: 'fixed', name: 'reserved', meaning: () => 'zeros', purpose: 'must be zero' },
}

/** Says what each byte of a frame, without the plaintext behind it, is. */
export function annotateFrame(frame: Uint8Array): Annotated {
  const purpose = purposeOf(frame)
  if (frame.length !== FRAME_LENGTH || purpose === undefined) return { refusal: 'not a frame: no purpose is known' }
  const authenticatedBy = 'the tag of the message, as plaintext'
  const annotator = new Annotator(frame)
  for (const [field, length] of Object.entries(FRAME_LAYOUT) as [FrameField, number][]) {
    annotator.take(length, (bytes) => {
      if (field !== 'purpose') return { ...WORDS[field], meaning: WORDS[field].meaning(bytes), authenticatedBy }
      return {
        kind: 'identifier',
        name: 'purpose',
        meaning: purpose,
        purpose: 'says whether the plaintext is a message, a data key or the private half of a pair',
        authenticatedBy,
      }
    })
  }
  return annotator.finish()
}
