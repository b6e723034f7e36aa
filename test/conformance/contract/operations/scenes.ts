/** What many contracts need beforehand. */
import type { CreateKeyRequest } from '@softkms/kms'
import type { Kms } from 'softkms'

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** @returns the id of a new key */
export async function createKey(setup: Kms, input: CreateKeyRequest = {}): Promise<string> {
  const { KeyMetadata } = await setup.createKey(input)
  return KeyMetadata?.KeyId ?? ''
}
