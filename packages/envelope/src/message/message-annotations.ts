/**
 * A message of the AWS Encryption SDK's format, version 2, byte by byte: header, frames, footer.
 *
 * No key is asked, so nothing is verified: what a field says of itself is what is told. A message that is cut off or
 * out of order is told as far as it goes.
 *
 * @spec AWS Encryption SDK, Message format reference
 */

import { type Annotated, type AnnotationKind, Annotator, countBytes } from '@softkms/hsm'
import { CONTENT_LENGTH_LENGTH, SIGNATURE_LENGTH_LENGTH } from './decrypt-stream.ts'
import { readNumber } from './field-writer.ts'
import { FINAL_FRAME_MARK, IV_LENGTH, SEQUENCE_LENGTH, TAG_LENGTH } from './frame.ts'
import { annotateHeader } from './header-annotations.ts'
import { findSuite } from './suite.ts'

/** Each frame told one by one up to here; what follows would be more of the same. */
const MAX_FRAMES_TOLD = 1000

/** Says what each byte of a message is. */
export function annotateMessage(bytes: Uint8Array): Annotated {
  const suite = findSuite(readNumber(bytes.subarray(1, 3)))
  if (bytes[0] === 1 && bytes[1] === 0x80) {
    return { refusal: 'not a message of format version 2: it begins as one of version 1, whose suites do not commit' }
  }
  if (bytes[0] !== 2 || suite === undefined) {
    return { refusal: 'not an Encryption SDK message: it does not begin with version 2 and a suite that commits' }
  }
  const bySignature = suite.signature === undefined ? '' : ', and the signature at the end'
  const annotator = new Annotator(bytes)
  const byHeaderTag = `the tag of the header, as additional data${bySignature}`
  const header = annotateHeader(annotator, bytes, byHeaderTag)
  if (typeof header === 'string') return annotator.finish(header)
  if (annotator.rest < TAG_LENGTH) return annotator.finish('the message ends inside the tag of its header')
  take(annotator, TAG_LENGTH, 'tag', 'tag of the header', 'computed under the key of the message', {
    purpose: 'lets a reader refuse a header with any byte changed',
    authenticatedBy: `itself: it is recomputed${bySignature}`,
  })
  const remark =
    annotateFrames(annotator, bytes, header.frameLength, bySignature) ??
    (suite.signature === undefined ? undefined : annotateSignatureFooter(annotator, bytes))
  return annotator.finish(remark ?? (annotator.rest > 0 ? 'bytes behind the end of the message' : undefined))
}

/** @returns why the frames could not be told to their end */
function annotateFrames(
  annotator: Annotator,
  bytes: Uint8Array,
  frameLength: number,
  bySignature: string,
): string | undefined {
  for (let sequence = 1; sequence <= MAX_FRAMES_TOLD; sequence++) {
    const outcome = annotateFrame(annotator, bytes, { sequence, frameLength, bySignature })
    if (outcome === 'last') return undefined
    if (outcome !== 'more') return outcome
  }
  return `more than ${MAX_FRAMES_TOLD} frames`
}

interface FramePlace {
  readonly sequence: number
  readonly frameLength: number
  readonly bySignature: string
}

/** @returns whether more follows, or why the frame could not be told */
function annotateFrame(annotator: Annotator, bytes: Uint8Array, place: FramePlace): string {
  const { sequence, frameLength, bySignature } = place
  const ends = `the message ends before the end of frame ${sequence}`
  const numberAt = (offset: number, length: number): number => readNumber(bytes.subarray(offset, offset + length))

  const isFinal = annotator.rest >= SEQUENCE_LENGTH && numberAt(annotator.at, SEQUENCE_LENGTH) === FINAL_FRAME_MARK
  const fixedLength = (isFinal ? 2 * SEQUENCE_LENGTH + CONTENT_LENGTH_LENGTH : SEQUENCE_LENGTH) + IV_LENGTH
  if (annotator.rest < fixedLength) return ends
  const numberOffset = annotator.at + (isFinal ? SEQUENCE_LENGTH : 0)
  const found = numberAt(numberOffset, SEQUENCE_LENGTH)
  if (found !== sequence) return `frame ${found} stands where frame ${sequence} should`
  const lengthOffset = numberOffset + SEQUENCE_LENGTH + IV_LENGTH
  const length = isFinal ? numberAt(lengthOffset, CONTENT_LENGTH_LENGTH) : frameLength
  if (length > frameLength) return `the last frame says that it is longer than ${countBytes(frameLength)}`
  if (annotator.rest < fixedLength + length + TAG_LENGTH) return ends

  const asData = `the tag of frame ${sequence}, as additional data${bySignature}`
  const words = { authenticatedBy: asData }
  if (isFinal) {
    const purpose = 'stands where the next number would, and says that no frame follows'
    take(annotator, SEQUENCE_LENGTH, 'fixed', 'mark of the last frame', 'ff ff ff ff', { ...words, purpose })
  }
  take(annotator, SEQUENCE_LENGTH, 'identifier', 'sequence number', String(sequence), {
    ...words,
    purpose: 'keeps frames in their order, and none from being left out',
  })
  take(annotator, IV_LENGTH, 'fixed', 'initialization vector', `${sequence}, counted`, {
    purpose: 'never repeats under the key of the message, because frames do not share a number',
    authenticatedBy: `the tag of frame ${sequence}, which comes out wrong under another vector${bySignature}`,
  })
  if (isFinal) {
    const purpose = 'the last frame may be shorter than the others'
    take(annotator, CONTENT_LENGTH_LENGTH, 'length', 'length of the content', countBytes(length), { ...words, purpose })
  }
  take(annotator, length, 'ciphertext', 'sealed content', countBytes(length), {
    purpose: `the plaintext, its piece number ${sequence}`,
    authenticatedBy: `the tag of frame ${sequence}, as ciphertext${bySignature}`,
  })
  take(annotator, TAG_LENGTH, 'tag', `tag of frame ${sequence}`, 'of message id, place, length and content', {
    purpose: 'lets a reader refuse a frame that is changed, moved or of another message',
    authenticatedBy: `itself: it is recomputed${bySignature}`,
  })
  return isFinal ? 'last' : 'more'
}

/** @returns why there is no signature, though the suite has one */
function annotateSignatureFooter(annotator: Annotator, bytes: Uint8Array): string | undefined {
  const missing = 'the message ends without the signature of its suite'
  if (annotator.rest < SIGNATURE_LENGTH_LENGTH) return missing
  const length = readNumber(bytes.subarray(annotator.at, annotator.at + SIGNATURE_LENGTH_LENGTH))
  if (annotator.rest < SIGNATURE_LENGTH_LENGTH + length) return missing
  take(annotator, SIGNATURE_LENGTH_LENGTH, 'length', 'length of the signature', countBytes(length), {
    purpose: 'says where the message ends',
    authenticatedBy: 'nothing but that the signature has this length, and nothing follows',
  })
  take(annotator, length, 'tag', 'signature', 'ECDSA on P-384 with SHA-384, over everything before the footer', {
    purpose: 'keeps whoever can read the message from writing another under the same data key',
    authenticatedBy: 'verification, with the public key in the encryption context',
  })
  return undefined
}

function take(
  annotator: Annotator,
  length: number,
  kind: AnnotationKind,
  name: string,
  meaning: string,
  rest: { readonly purpose: string; readonly authenticatedBy: string },
): void {
  annotator.take(length, () => ({ kind, name, meaning, ...rest }))
}
