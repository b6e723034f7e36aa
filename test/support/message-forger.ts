/**
 * A second writer of messages, made of node:crypto and docs/message.md alone, that does as it is told: any field may be
 * other than it should be, with every tag and the signature right nevertheless.
 */

import { ECDH, createCipheriv, createSign, generateKeyPairSync, hkdfSync, randomBytes } from 'node:crypto'
import type { KeyService } from '@softkms/envelope'

export interface ForgedFrame {
  readonly content: Uint8Array
  readonly isFinal?: boolean
  readonly sequence?: number
  /** What the last frame says of its length. */
  readonly length?: number
  /** The vector as it stands in the message; it is sealed with this one, too. */
  readonly iv?: Buffer
}

export interface Forgery {
  readonly version?: number
  readonly suiteId?: number
  readonly contentType?: number
  readonly frameLength?: number
  readonly commitment?: Uint8Array
  /** In this order. */
  readonly context?: readonly (readonly [string, string])[]
  /** The whole AAD with its length, instead of the one that `context` makes. */
  readonly aad?: Buffer
  readonly providerId?: string
  /** Instead of the public key of the signer; `undefined` leaves it out. */
  readonly publicKey?: string | undefined
  readonly frames?: readonly ForgedFrame[]
  readonly isSigned?: boolean
  /** How many times the encrypted data key is listed. */
  readonly dataKeyCount?: number
}

export async function forgeMessage(kms: KeyService, KeyId: string, forgery: Forgery = {}): Promise<Buffer> {
  const { version = 2, suiteId = 0x0578, contentType = 2, frameLength = 16, frames = [finalFrame('hello')] } = forgery
  const { isSigned = suiteId === 0x0578, providerId = 'aws-kms', dataKeyCount = 1 } = forgery
  const pair = generateKeyPairSync('ec', { namedCurve: 'secp384r1' })
  const spki = pair.publicKey.export({ format: 'der', type: 'spki' })
  const compressed = ECDH.convertKey(spki.subarray(-97), 'secp384r1', undefined, 'base64', 'compressed')
  const publicKey = 'publicKey' in forgery ? forgery.publicKey : suiteId === 0x0578 ? String(compressed) : undefined
  const context = [
    ...(forgery.context ?? []),
    ...(publicKey === undefined ? [] : [['aws-crypto-public-key', publicKey] as const]),
  ]

  const answer = await kms.generateDataKey({ KeyId, NumberOfBytes: 32, EncryptionContext: Object.fromEntries(context) })
  const dataKey = answer.Plaintext ?? new Uint8Array()
  const messageId = randomBytes(32)
  const derive = (info: Buffer): Buffer => Buffer.from(hkdfSync('sha512', dataKey, messageId, info, 32))
  const key = derive(Buffer.concat([uint(2, suiteId), Buffer.from('DERIVEKEY')]))
  const commitment = forgery.commitment ?? derive(Buffer.from('COMMITKEY'))

  const pairs = context.flatMap((texts) => texts.map((text) => counted(Buffer.from(text))))
  const aad =
    forgery.aad ?? (context.length === 0 ? uint(2, 0) : counted(Buffer.concat([uint(2, context.length), ...pairs])))
  const encrypted = [providerId, answer.KeyId ?? '', answer.CiphertextBlob ?? ''].map((part) =>
    counted(Buffer.from(part)),
  )
  const dataKeys = Array.from({ length: dataKeyCount }, () => encrypted).flat()
  const header = Buffer.concat([
    uint(1, version),
    uint(2, suiteId),
    messageId,
    aad,
    uint(2, dataKeyCount),
    ...dataKeys,
    uint(1, contentType),
    uint(4, frameLength),
    commitment,
  ])
  const signed = Buffer.concat([
    header,
    seal(key, Buffer.alloc(12), header, Buffer.alloc(0)),
    ...frames.map((frame, i) => forgeFrame(key, messageId, { sequence: i + 1, ...frame })),
  ])
  if (!isSigned) return signed
  const signature = createSign('sha384').update(signed).sign(pair.privateKey)
  return Buffer.concat([signed, counted(signature)])
}

export function finalFrame(text: string): ForgedFrame {
  return { content: Buffer.from(text), isFinal: true }
}

function forgeFrame(key: Buffer, messageId: Buffer, frame: ForgedFrame & { readonly sequence: number }): Buffer {
  const { content, isFinal = false, sequence, length = content.length } = frame
  const iv = frame.iv ?? Buffer.concat([Buffer.alloc(8), uint(4, sequence)])
  const name = `AWSKMSEncryptionClient ${isFinal ? 'Final ' : ''}Frame`
  const aad = Buffer.concat([messageId, Buffer.from(name), uint(4, sequence), uint(4, 0), uint(4, content.length)])
  const sealed = seal(key, iv, aad, content)
  return isFinal
    ? Buffer.concat([uint(4, 0xffff_ffff), uint(4, sequence), iv, uint(4, length), sealed])
    : Buffer.concat([uint(4, sequence), iv, sealed])
}

function seal(key: Buffer, iv: Buffer, additionalData: Buffer, plaintext: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(additionalData)
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

export function uint(length: number, value: number): Buffer {
  const bytes = Buffer.alloc(length)
  bytes.writeUIntBE(value, 0, length)
  return bytes
}

function counted(bytes: Buffer): Buffer {
  return Buffer.concat([uint(2, bytes.length), bytes])
}
