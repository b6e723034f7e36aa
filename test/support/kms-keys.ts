/** Keys of every kind in a KMS, through the typed API. */
import type { DataKeyPairSpec, KmsKeyUsage, KeySpec } from '@softkms/hsm'
import { createNativeProvider } from '@softkms/hsm/native'
import type { Kms } from 'softkms'
import { type KmsFixture, type NewKey, startKms } from './kms-fixture.ts'
import { isSlow } from './runs.ts'

export async function createKeyOf(kms: Kms, spec: KeySpec, usage: KmsKeyUsage): Promise<NewKey> {
  const { KeyMetadata } = await kms.createKey({ KeySpec: spec, KeyUsage: usage })
  return { keyId: KeyMetadata?.KeyId ?? '', arn: KeyMetadata?.Arn ?? '' }
}

/** A KMS over node:crypto, which generates long RSA keys many times faster. */
export async function startNativeKms(): Promise<KmsFixture> {
  return startKms({ provider: createNativeProvider() })
}

/** What takes seconds to generate without node:crypto. */
export function isLong(spec: KeySpec | DataKeyPairSpec): boolean {
  return !isSlow && (spec === 'RSA_3072' || spec === 'RSA_4096')
}
