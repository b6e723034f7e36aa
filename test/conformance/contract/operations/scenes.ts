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

/** Where AWS has fewer key specs. */
export const IN_CHINA = 'cn-north-1'

export const RSA_ENCRYPTION = { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' } as const
export const RSA_SIGNING = { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' } as const

/** The same bytes but for a bit in the middle. */
export function damage(whole: Uint8Array = new Uint8Array(1)): Uint8Array {
  const middle = Math.floor(whole.length / 2)
  return whole.with(middle, (whole[middle] ?? 0) ^ 1)
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
