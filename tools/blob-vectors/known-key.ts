/**
 * A key whose material is known: what a real HSM generates from seeded randomness, and the same randomness read along.
 *
 * The HSM gives no material away; that it is known here is the seed's doing. Tests and published vectors need it, to
 * hold what the HSM does against another implementation.
 */
import { type GeneratedKey, type Hsm, type Provider, createHsm } from '@softkms/hsm'
import { testingOnlyEntropy } from '@softkms/hsm/testing'

export interface KnownKey extends GeneratedKey {
  readonly hsm: Hsm
  readonly keyId: string
  /** 32 bytes. */
  readonly material: Uint8Array
  readonly domainKey: Uint8Array
  readonly domainKeyId: Uint8Array
}

/** What an HSM draws up to its first key, in order: domain key id, domain key, key material. */
const DRAWN = { domainKeyId: 16, domainKey: 32, material: 32 } as const

/** @param seed equal seeds give equal keys, and equal randomness for all that the HSM seals afterwards */
export async function createKnownKey(seed: string, keyId: string, provider?: Provider): Promise<KnownKey> {
  const bytes = new TextEncoder().encode(seed)
  const hsm = createHsm({ entropy: testingOnlyEntropy(bytes), ...(provider === undefined ? {} : { provider }) })
  const generated = await hsm.generateKey({
    keyId,
    keySpec: 'SYMMETRIC_DEFAULT',
    keyUsage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
  })
  const entropy = testingOnlyEntropy(bytes)
  const draw = (length: number): Uint8Array => {
    const drawn = new Uint8Array(length)
    entropy.fill(drawn)
    return drawn
  }
  const domainKeyId = draw(DRAWN.domainKeyId)
  const domainKey = draw(DRAWN.domainKey)
  return { ...generated, hsm, keyId, domainKeyId, domainKey, material: draw(DRAWN.material) }
}
