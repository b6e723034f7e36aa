/**
 * Seals by hand, with known material, what no HSM would seal: a message that authenticates and is wrong all the same.
 *
 * A reader that only decrypts takes such a message; one that follows `docs/blob.md` refuses it. Built on `node:crypto`
 * and on nothing of the HSM's.
 */
import { createCipheriv, createHmac } from 'node:crypto'

/** A sealed message before it is sealed. */
export interface Forgery {
  readonly material: Uint8Array
  readonly materialId: Uint8Array
  /** With nonce and vector in place. */
  readonly header: Uint8Array
  readonly nonce: Uint8Array
  readonly iv: Uint8Array
  readonly additionalData: Uint8Array
  /** Whether the header is left out of what is authenticated. */
  readonly isHeaderLeftOut?: boolean
  /** Frame and plaintext. */
  readonly framed: Uint8Array
}

/** @returns header, ciphertext and tag */
export function forge(forgery: Forgery): Uint8Array {
  const { header, iv, additionalData, framed, isHeaderLeftOut = false } = forgery
  const authenticated = isHeaderLeftOut ? additionalData : Buffer.concat([header, additionalData])
  return Uint8Array.from(Buffer.concat([header, sealByHand(deriveMessageKey(forgery), iv, authenticated, framed)]))
}

/** @returns ciphertext and tag */
export function sealByHand(
  key: Uint8Array,
  iv: Uint8Array,
  additionalData: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: 16 })
  cipher.setAAD(additionalData)
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

/** The key of one message. @spec docs/blob.md, "The message key" */
export function deriveMessageKey({ material, materialId, nonce }: MessageKeyInput): Uint8Array {
  return deriveByHand(material, 'softkms message key', materialId, nonce)
}

type MessageKeyInput = Pick<Forgery, 'material' | 'materialId' | 'nonce'>

/** SP 800-108 in counter mode: one block, its context a version and two more parts. */
export function deriveByHand(key: Uint8Array, label: string, name: Uint8Array, nonce: Uint8Array): Uint8Array {
  const mac = createHmac('sha256', key)
  mac
    .update(Uint8Array.of(0, 0, 0, 1))
    .update(label)
    .update(Uint8Array.of(0))
  mac.update(Uint8Array.of(1)).update(name).update(nonce)
  return Uint8Array.from(mac.update(Uint8Array.of(0, 0, 1, 0)).digest())
}

/** Eleven bytes and a plaintext: version, purpose, length, reserved. */
export interface Frame {
  readonly version?: number
  readonly purpose?: number
  readonly length?: number
  readonly reserved?: readonly number[]
}

/** @param frame what departs from the frame that a message has */
export function frameByHand(plaintext: Uint8Array, frame: Frame = {}): Uint8Array {
  const { version = 1, purpose = 1, length = plaintext.length, reserved = [0, 0, 0, 0, 0] } = frame
  return Uint8Array.of(
    ...[version, purpose],
    ...[length >>> 24, length >>> 16, length >>> 8, length].map((byte) => byte & 0xff),
    ...reserved,
    ...plaintext,
  )
}

/** The header of a blob, from the inside out, for a content of any length. @spec docs/blob.md, "The layout" */
export function layOutByHand(
  materialId: Uint8Array,
  nonce: Uint8Array,
  iv: Uint8Array,
  contentLength: number,
): Uint8Array {
  const content = new Uint8Array(contentLength)
  const algorithm = tlv(0x30, tlv(0x06, GCM), tlv(0x30, tlv(0x04, iv), Uint8Array.of(0x02, 0x01, 0x10)))
  const inner = tlv(0x30, tlv(0x06, PKCS7, [1]), algorithm, tlv(0x80, content))
  const rest = tlv(0x30, tlv(0x06, PKCS7, [6]), tlv(0xa0, tlv(0x30, [0x02, 0x01, 0x00], inner)))
  const restLength = [0, 0, rest.length >>> 8, rest.length & 0xff]
  const whole = Uint8Array.of(...[0x01, 0x02, 0x02, 0x00, 0x78], ...materialId, 0x01, ...nonce, ...restLength, ...rest)
  return whole.slice(0, whole.length - contentLength)
}

/** 1.2.840.113549.1.7, whose last number is left to say */
const PKCS7 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07]
/** 2.16.840.1.101.3.4.1.46 */
const GCM = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2e]

function tlv(tag: number, ...parts: readonly Iterable<number>[]): Uint8Array {
  const content = parts.flatMap((part) => [...part])
  const { length } = content
  if (length < 0x80) return Uint8Array.of(tag, length, ...content)
  if (length < 0x100) return Uint8Array.of(tag, 0x81, length, ...content)
  return Uint8Array.of(tag, 0x82, length >>> 8, length & 0xff, ...content)
}
