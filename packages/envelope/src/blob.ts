/**
 * The ciphertext blob: its layout, written and read.
 *
 * ```
 *  0   5  01 02 02 00 78
 *  5  32  KeyMaterialId
 * 37   1  01
 * 38  16  nonce of the message key's derivation
 * 54   4  length of the rest, big-endian
 * 58   .  DER: ContentInfo { pkcs7-encryptedData, EncryptedData { 0, { pkcs7-data,
 *         { aes256-GCM, { OCTET STRING 12-byte vector, INTEGER 16 } }, [0] encrypted content } } }
 * ```
 *
 * The encrypted content stands last, so a blob is its header followed by ciphertext and tag. Every header byte is
 * fixed, or determined by the blob's length, or one of the three fields; the parser lays the header out as well and
 * compares, so there is no byte that it does not look at. `docs/blob.md` specifies it for other languages.
 *
 * @spec KMS crypto-details §4; RFC 2315 §13, RFC 5084 §3.2
 */

import {
  FRAME_LENGTH,
  IV_LENGTH,
  MATERIAL_ID_LENGTH,
  MAX_PLAINTEXT_LENGTH,
  type MessageHeader,
  NONCE_LENGTH,
} from '@softkms/hsm'

const PREFIX = Uint8Array.of(0x01, 0x02, 0x02, 0x00, 0x78)
const AT_MATERIAL_ID = PREFIX.length
const AT_MARK = AT_MATERIAL_ID + MATERIAL_ID_LENGTH
const REST_LENGTH_LENGTH = 4
const AT_REST = AT_MARK + 1 + NONCE_LENGTH + REST_LENGTH_LENGTH
const MARK = [0x01] as const

export const TAG_LENGTH = 16
const MIN_CONTENT_LENGTH = FRAME_LENGTH + 1 + TAG_LENGTH
const MAX_CONTENT_LENGTH = FRAME_LENGTH + MAX_PLAINTEXT_LENGTH + TAG_LENGTH

const SEQUENCE = 0x30
const CONTEXT_0 = 0x80
const CONTEXT_0_CONSTRUCTED = 0xa0
/** 1.2.840.113549.1.7.6 */
const OID_ENCRYPTED_DATA = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x06] as const
/** 1.2.840.113549.1.7.1 */
const OID_DATA = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01] as const
const VERSION_0 = [0x02, 0x01, 0x00] as const
/** SEQUENCE of 2.16.840.1.101.3.4.1.46 and its parameters, up to the octets of the vector. */
const ALGORITHM_BEFORE_IV = [
  ...[SEQUENCE, 0x1e, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2e],
  ...[SEQUENCE, 0x11, 0x04, IV_LENGTH],
] as const
/** The parameters' INTEGER 16: the length of the tag. */
const ALGORITHM_AFTER_IV = [0x02, 0x01, TAG_LENGTH] as const
const ALGORITHM_LENGTH = ALGORITHM_BEFORE_IV.length + IV_LENGTH + ALGORITHM_AFTER_IV.length

/** The fields of the header, each of which is written by one line of `layOutHeader`. */
export type BlobField =
  | 'prefix'
  | 'materialId'
  | 'mark'
  | 'nonce'
  | 'restLength'
  | 'contentInfo'
  | 'encryptedDataIdentifier'
  | 'explicit'
  | 'encryptedData'
  | 'version'
  | 'encryptedContentInfo'
  | 'dataIdentifier'
  | 'algorithm'
  | 'iv'
  | 'tagLength'
  | 'content'

/** Is told of each field in order, as it is laid out. */
export type BlobFieldVisitor = (field: BlobField, length: number) => void

/** What a blob says without any key. */
export interface Blob {
  /** 32 bytes: the key material that sealed it. */
  readonly materialId: Uint8Array
  readonly header: MessageHeader
  /** Ciphertext and tag. */
  readonly ciphertext: Uint8Array
}

/**
 * Lays out the header of a blob, with zeros where the HSM puts its nonce and vector.
 *
 * @param materialId 32 bytes
 * @param plaintextLength 1 to 4096 bytes
 * @throws RangeError for another length of either
 */
export function encodeBlobHeader(materialId: Uint8Array, plaintextLength: number): MessageHeader {
  if (materialId.length !== MATERIAL_ID_LENGTH) throw new RangeError(`materialId must be ${MATERIAL_ID_LENGTH} bytes`)
  if (!Number.isSafeInteger(plaintextLength) || plaintextLength < 1 || plaintextLength > MAX_PLAINTEXT_LENGTH) {
    throw new RangeError(`plaintextLength must be 1 to ${MAX_PLAINTEXT_LENGTH}`)
  }
  const { bytes, nonceOffset, ivOffset } = templateOf(FRAME_LENGTH + plaintextLength + TAG_LENGTH)
  const header = bytes.slice()
  header.set(materialId, AT_MATERIAL_ID)
  return { bytes: header, nonceOffset, ivOffset }
}

/** @returns the blob's parts as views on its bytes, or `undefined` for any byte string that is not a blob */
export function parseBlob(blob: Uint8Array): Blob | undefined {
  const contentLength = contentLengthOf(blob.length)
  if (contentLength === undefined) return undefined

  const { bytes: expected, nonceOffset, ivOffset } = templateOf(contentLength)
  const isFixed = (from: number, to: number): boolean => {
    for (let at = from; at < to; at++) if (blob[at] !== expected[at]) return false
    return true
  }
  const hasForm =
    isFixed(0, AT_MATERIAL_ID) &&
    isFixed(AT_MARK, nonceOffset) &&
    isFixed(nonceOffset + NONCE_LENGTH, ivOffset) &&
    isFixed(ivOffset + IV_LENGTH, expected.length)
  if (!hasForm) return undefined

  return {
    materialId: blob.subarray(AT_MATERIAL_ID, AT_MARK),
    header: { bytes: blob.subarray(0, expected.length), nonceOffset, ivOffset },
    ciphertext: blob.subarray(expected.length),
  }
}

/** The length of the plaintext inside a blob, in bytes. */
export function plaintextLengthOf(blob: Blob): number {
  return blob.ciphertext.length - FRAME_LENGTH - TAG_LENGTH
}

/** Headers with zeros for their fields, by the length of the content; a caller seals and opens the same few lengths. */
const templates = new Map<number, MessageHeader>()
const MOST_TEMPLATES = 256
const NO_MATERIAL_ID = new Uint8Array(MATERIAL_ID_LENGTH)

function templateOf(contentLength: number): MessageHeader {
  const known = templates.get(contentLength)
  if (known !== undefined) return known
  const template = layOutHeader(NO_MATERIAL_ID, contentLength)
  if (templates.size === MOST_TEMPLATES) templates.clear()
  templates.set(contentLength, template)
  return template
}

/** The lengths of the five nested values, inside out; each decides how many bytes the next length takes. */
interface NestedLengths {
  readonly encryptedContentInfo: number
  readonly encryptedData: number
  readonly explicit: number
  readonly contentInfo: number
  readonly header: number
}

function nestedLengths(content: number): NestedLengths {
  const encryptedContentInfo = OID_DATA.length + ALGORITHM_LENGTH + lengthOfTlv(content)
  const encryptedData = VERSION_0.length + lengthOfTlv(encryptedContentInfo)
  const explicit = lengthOfTlv(encryptedData)
  const contentInfo = OID_ENCRYPTED_DATA.length + lengthOfTlv(explicit)
  return {
    encryptedContentInfo,
    encryptedData,
    explicit,
    contentInfo,
    header: AT_REST + lengthOfTlv(contentInfo) - content,
  }
}

/** Lays out a header field by field: encoder, parser and annotator all know the layout from here. */
export function layOutHeader(materialId: Uint8Array, contentLength: number, visit?: BlobFieldVisitor): MessageHeader {
  const lengths = nestedLengths(contentLength)
  const bytes = new Uint8Array(lengths.header)
  let at = 0
  const skip = (field: BlobField, length: number): number => {
    const offset = at
    at += length
    visit?.(field, length)
    return offset
  }
  const write = (field: BlobField, part: ArrayLike<number>): void => {
    bytes.set(part, at)
    skip(field, part.length)
  }
  const rest = lengths.header - AT_REST + contentLength

  write('prefix', PREFIX)
  write('materialId', materialId)
  write('mark', MARK)
  const nonceOffset = skip('nonce', NONCE_LENGTH)
  write('restLength', [0, 0, rest >>> 8, rest & 0xff])
  write('contentInfo', [SEQUENCE, ...encodeLength(lengths.contentInfo)])
  write('encryptedDataIdentifier', OID_ENCRYPTED_DATA)
  write('explicit', [CONTEXT_0_CONSTRUCTED, ...encodeLength(lengths.explicit)])
  write('encryptedData', [SEQUENCE, ...encodeLength(lengths.encryptedData)])
  write('version', VERSION_0)
  write('encryptedContentInfo', [SEQUENCE, ...encodeLength(lengths.encryptedContentInfo)])
  write('dataIdentifier', OID_DATA)
  write('algorithm', ALGORITHM_BEFORE_IV)
  const ivOffset = skip('iv', IV_LENGTH)
  write('tagLength', ALGORITHM_AFTER_IV)
  write('content', [CONTEXT_0, ...encodeLength(contentLength)])
  return { bytes, nonceOffset, ivOffset }
}

/** Finds the one content length that makes a blob of this length; the header grows with it, so there is at most one. */
export function contentLengthOf(blobLength: number): number | undefined {
  const least = nestedLengths(MIN_CONTENT_LENGTH).header
  const most = nestedLengths(MAX_CONTENT_LENGTH).header
  for (let header = least; header <= most; header++) {
    const content = blobLength - header
    if (content < MIN_CONTENT_LENGTH || content > MAX_CONTENT_LENGTH) continue
    if (nestedLengths(content).header === header) return content
  }
  return undefined
}

/** DER lengths up to 65535: the shortest form. @spec X.690 §10.1 */
function encodeLength(length: number): readonly number[] {
  if (length < 0x80) return [length]
  if (length < 0x100) return [0x81, length]
  return [0x82, length >>> 8, length & 0xff]
}

function lengthOfTlv(content: number): number {
  return 1 + (content < 0x80 ? 1 : content < 0x100 ? 2 : 3) + content
}
