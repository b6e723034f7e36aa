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
  /** Frame and plaintext. */
  readonly framed: Uint8Array
}

/** @returns header, ciphertext and tag */
export function forge(forgery: Forgery): Uint8Array {
  const { header, iv, additionalData, framed } = forgery
  const cipher = createCipheriv('aes-256-gcm', deriveMessageKey(forgery), iv, { authTagLength: 16 })
  cipher.setAAD(Buffer.concat([header, additionalData]))
  const ciphertext = Buffer.concat([cipher.update(framed), cipher.final()])
  return Uint8Array.from(Buffer.concat([header, ciphertext, cipher.getAuthTag()]))
}

/** The key of one message. @spec docs/blob.md, "The message key" */
export function deriveMessageKey(from: Pick<Forgery, 'material' | 'materialId' | 'nonce'>): Uint8Array {
  const mac = createHmac('sha256', from.material)
  mac
    .update(Uint8Array.of(0, 0, 0, 1))
    .update('softkms message key')
    .update(Uint8Array.of(0))
  mac.update(Uint8Array.of(1)).update(from.materialId).update(from.nonce)
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
