/** Multi-Region keys for tests: a primary, its replica, and what is seen of them in each Region. */
import type { KeyMetadata } from '@softkms/kms'
import type { CreateKmsOptions, Kms } from 'softkms'
import { ACCOUNT, type KmsFixture, OTHER_REGION, startKms } from './kms-fixture.ts'

export const THIRD_REGION = 'ap-south-1'

export interface Primary {
  readonly KeyId: string
  readonly arn: string
}

export async function createPrimary(kms: Kms, input: Parameters<Kms['createKey']>[0] = {}): Promise<Primary> {
  const { KeyMetadata } = await kms.createKey({ MultiRegion: true, ...input })
  return { KeyId: KeyMetadata?.KeyId ?? '', arn: KeyMetadata?.Arn ?? '' }
}

export function arnIn(region: string, { KeyId }: Primary): string {
  return `arn:aws:kms:${region}:${ACCOUNT}:key/${KeyId}`
}

export async function describeIn(kms: Kms, region: string, { KeyId }: Primary): Promise<Partial<KeyMetadata>> {
  return (await kms.inRegion(region).describeKey({ KeyId })).KeyMetadata ?? {}
}

export async function rotationsIn(kms: Kms, region: string, { KeyId }: Primary): Promise<unknown> {
  return (await kms.inRegion(region).listKeyRotations({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' })).Rotations
}

export async function startWithReplica(options: CreateKmsOptions = {}): Promise<{ fixture: KmsFixture; key: Primary }> {
  const fixture = await startKms(options)
  const key = await createPrimary(fixture.kms)
  await fixture.kms.replicateKey({ KeyId: key.KeyId, ReplicaRegion: OTHER_REGION })
  // Where it takes no time, the replica is ready with the next request.
  await describeIn(fixture.kms, OTHER_REGION, key)
  return { fixture, key }
}
