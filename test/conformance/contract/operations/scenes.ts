/** What many contracts need beforehand. */
import type { CreateKeyRequest } from '@softkms/kms'
import type { Kms } from 'softkms'
import { ACCOUNT } from '../../../support/kms-fixture.ts'
import { openPolicy } from '../../../support/policies.ts'

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** @returns the id of a new key */
export async function createKey(setup: Kms, input: CreateKeyRequest = {}): Promise<string> {
  const { KeyMetadata } = await setup.createKey(input)
  return KeyMetadata?.KeyId ?? ''
}

/** @returns the id of a key that was rotated twice */
export async function createRotatedKey(setup: Kms): Promise<string> {
  const KeyId = await createKey(setup)
  await setup.rotateKeyOnDemand({ KeyId })
  await setup.rotateKeyOnDemand({ KeyId })
  return KeyId
}

/** Lets the key's account decide, as the default policy does, in other words. */
export const POLICY = openPolicy(ACCOUNT)

/** Lets nobody change the policy. */
export const LOCKED = POLICY.replace('kms:*', 'kms:Encrypt')
