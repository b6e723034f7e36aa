/** A key, ready to seal and open blobs, for tests of the envelope. */
import {
  type EncryptionContext,
  type OpeningKey,
  type SealingKey,
  openBlob,
  parseBlob,
  sealBlob,
} from '@softkms/envelope'
import { type Hsm, createHsm } from '@softkms/hsm'
import { NEW_KEY } from './hsm-fixture.ts'

export interface BlobKey extends SealingKey {
  readonly hsm: Hsm
}

export async function createBlobKey(hsm: Hsm = createHsm()): Promise<BlobKey> {
  return { hsm, ...(await hsm.generateKey(NEW_KEY)) }
}

export async function sealWith(key: BlobKey, plaintext: Uint8Array, context?: EncryptionContext): Promise<Uint8Array> {
  return sealBlob(key.hsm, key, plaintext, context)
}

/** @returns the plaintext, or `undefined` for a byte string that is no blob */
export async function openWith(
  key: BlobKey,
  bytes: Uint8Array,
  context?: EncryptionContext,
): Promise<Uint8Array | undefined> {
  const opening = openingKey(key, bytes)
  return opening && openBlob(key.hsm, opening, context)
}

export function openingKey(key: BlobKey, bytes: Uint8Array): OpeningKey | undefined {
  const blob = parseBlob(bytes)
  return blob && { token: key.token, blob }
}
