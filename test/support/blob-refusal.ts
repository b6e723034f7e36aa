/** What must become of a blob that was changed. */
import type { EncryptionContext } from '@softkms/envelope'
import { HsmError } from '@softkms/hsm'
import { expect } from 'vitest'
import { type BlobKey, openWith } from './blob-key.ts'

/** Expects that the blob is either no blob, or does not open; never anything else, and never a plaintext. */
export async function expectRefused(key: BlobKey, bytes: Uint8Array, context?: EncryptionContext): Promise<void> {
  const outcome: unknown = await openWith(key, bytes, context).catch((error: unknown) => error)
  if (outcome === undefined) return
  expect(outcome).toBeInstanceOf(HsmError)
  expect(outcome).toHaveProperty('code', 'AUTHENTICATION_FAILED')
}
