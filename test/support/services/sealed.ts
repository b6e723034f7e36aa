/** What services keep of a piece of data: AES-256-GCM under a data key, and the sealed data key beside it. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Kms } from 'softkms'

export type Context = Readonly<Record<string, string>>

export interface Locked {
  readonly nonce: Uint8Array
  readonly ciphertext: Uint8Array
  readonly tag: Uint8Array
}

export interface Sealed {
  readonly dataKey: Uint8Array
  readonly locked: Locked
}

export interface DataKey {
  readonly plaintext: Uint8Array
  readonly sealed: Uint8Array
}

export async function drawDataKey(kms: Kms, KeyId: string, EncryptionContext: Context): Promise<DataKey> {
  const { Plaintext, CiphertextBlob } = await kms.generateDataKey({ KeyId, KeySpec: 'AES_256', EncryptionContext })
  return { plaintext: present(Plaintext), sealed: present(CiphertextBlob) }
}

export async function openDataKey(kms: Kms, CiphertextBlob: Uint8Array, context: Context): Promise<Uint8Array> {
  return present((await kms.decrypt({ CiphertextBlob, EncryptionContext: context })).Plaintext)
}

export async function seal(kms: Kms, keyId: string, context: Context, text: string): Promise<Sealed> {
  const { plaintext, sealed } = await drawDataKey(kms, keyId, context)
  return { dataKey: sealed, locked: lock(plaintext, Buffer.from(text)) }
}

export async function open(kms: Kms, { dataKey, locked }: Sealed, context: Context): Promise<string> {
  return Buffer.from(unlock(await openDataKey(kms, dataKey, context), locked)).toString()
}

export function lock(key: Uint8Array, plaintext: Uint8Array): Locked {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
  return { nonce, ciphertext, tag: cipher.getAuthTag() }
}

export function unlock(key: Uint8Array, { nonce, ciphertext, tag }: Locked): Uint8Array {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce)
  decipher.setAuthTag(tag)
  return Buffer.concat([decipher.update(ciphertext), decipher.final()])
}

/** What an answer must have. */
export function present(value: Uint8Array | undefined): Uint8Array {
  if (value === undefined) throw new Error('the KMS answered without the member')
  return value
}
