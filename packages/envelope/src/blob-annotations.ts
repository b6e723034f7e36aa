/** A ciphertext blob, byte by byte, for people: the words to the layout of `blob.ts`. */

import {
  type Annotated,
  Annotator,
  type Description,
  FRAME_LENGTH,
  MATERIAL_ID_LENGTH,
  countBytes,
  formatHex,
} from '@softkms/hsm'
import { type BlobField, TAG_LENGTH, contentLengthOf, layOutHeader, parseBlob } from './blob.ts'
import { readNumber } from './message/field-writer.ts'

const AS_ADDITIONAL_DATA = 'the tag at the end, as additional data'
const AS_CIPHERTEXT = 'the tag at the end, as ciphertext'

type Words = Omit<Description, 'meaning' | 'authenticatedBy'> & { readonly meaning: (field: Uint8Array) => string }

function fixed(name: string, meaning: string, purpose: string, depth = 0): Words {
  return { kind: 'fixed', name, meaning: () => meaning, purpose, depth }
}

/** The tag and length of a value with others inside: all of it but the last bytes, which are the length. */
function nested(name: string, type: string, depth: number): Words {
  const purpose = 'DER tag and length of what follows'
  return { kind: 'length', name, meaning: (field) => `${type} of ${countBytes(derLength(field))}`, purpose, depth }
}

const WORDS: Readonly<Record<BlobField, Words>> = {
  prefix: fixed('format', '01 02 02 00 78', 'tells a blob from anything else: in base64 it begins with AQICA'),
  materialId: {
    kind: 'identifier',
    name: 'KeyMaterialId',
    meaning: formatHex,
    purpose: 'names the version of key material that sealed the blob, so that Decrypt finds it after any rotation',
  },
  mark: fixed('mark', '01', 'stands where AWS KMS is observed to put it'),
  nonce: {
    kind: 'random',
    name: 'nonce',
    meaning: () => 'drawn by the HSM for this blob',
    purpose: 'derives, with the key material, a message key for this blob alone',
  },
  restLength: {
    kind: 'length',
    name: 'length of the rest',
    meaning: (field) => countBytes(readNumber(field)),
    purpose: 'says how much DER follows',
  },
  contentInfo: nested('ContentInfo', 'SEQUENCE', 0),
  encryptedDataIdentifier: fixed('content type', 'pkcs7-encryptedData', 'says that encrypted data follows', 1),
  explicit: nested('content', '[0]', 1),
  encryptedData: nested('EncryptedData', 'SEQUENCE', 2),
  version: fixed('version', '0', 'of EncryptedData in PKCS #7', 3),
  encryptedContentInfo: nested('EncryptedContentInfo', 'SEQUENCE', 3),
  dataIdentifier: fixed('inner content type', 'pkcs7-data', 'says that plain bytes are what is encrypted', 4),
  algorithm: fixed('algorithm', 'aes256-GCM, a vector of 12 bytes', 'says how the content is encrypted', 4),
  iv: {
    kind: 'random',
    name: 'initialization vector',
    meaning: () => 'drawn by the HSM for this blob',
    purpose: 'starts AES-256-GCM under the message key',
    depth: 5,
  },
  tagLength: fixed('length of the tag', '16 bytes', 'says where ciphertext ends and the tag begins', 5),
  content: nested('encrypted content', '[0]', 4),
}

/** Says what each byte of a ciphertext blob is. */
export function annotateBlob(bytes: Uint8Array): Annotated {
  const blob = parseBlob(bytes)
  if (blob === undefined) return { refusal: `not a ciphertext blob: ${whyNotBlob(bytes)}` }

  const annotator = new Annotator(bytes)
  layOutHeader(blob.materialId, blob.ciphertext.length, (field, length) => {
    const words = WORDS[field]
    annotator.take(length, (part) => ({ ...words, meaning: words.meaning(part), authenticatedBy: AS_ADDITIONAL_DATA }))
  })
  annotator.take(FRAME_LENGTH, () => ({
    kind: 'ciphertext',
    name: 'sealed frame',
    meaning: 'version, purpose and length of the plaintext, encrypted',
    purpose: 'lets the HSM tell a message from a data key',
    authenticatedBy: AS_CIPHERTEXT,
    depth: 5,
  }))
  annotator.take(annotator.rest - TAG_LENGTH, (part) => ({
    kind: 'ciphertext',
    name: 'sealed plaintext',
    meaning: `${countBytes(part.length)}, as many as the plaintext has`,
    purpose: 'what was encrypted',
    authenticatedBy: AS_CIPHERTEXT,
    depth: 5,
  }))
  annotator.take(TAG_LENGTH, () => ({
    kind: 'tag',
    name: 'GCM tag',
    meaning: 'of the header, the encryption context and the ciphertext',
    purpose: 'lets the HSM refuse a blob with any byte changed, or another encryption context',
    authenticatedBy: 'itself: it is recomputed under the message key',
    depth: 5,
  }))
  return annotator.finish()
}

/** Finds the first field that is not as the encoder would have written it. */
function whyNotBlob(bytes: Uint8Array): string {
  const contentLength = contentLengthOf(bytes.length)
  if (contentLength === undefined) return `no plaintext makes one of ${countBytes(bytes.length)}`
  const anyMaterial = new Uint8Array(MATERIAL_ID_LENGTH)
  const expected = layOutHeader(anyMaterial, contentLength).bytes
  const wrong: string[] = []
  let at = 0
  layOutHeader(anyMaterial, contentLength, (field, length) => {
    const isFree = field === 'materialId' || field === 'nonce' || field === 'iv'
    const part = bytes.subarray(at, at + length)
    if (!isFree && !part.every((byte, i) => byte === expected[at + i]))
      wrong.push(`${WORDS[field].name} at offset ${at}`)
    at += length
  })
  return `${wrong[0] ?? 'its header'} is not what a blob of ${countBytes(bytes.length)} has there`
}

function derLength(field: Uint8Array): number {
  return field.length === 2 ? (field[1] ?? 0) : readNumber(field.subarray(2))
}
