/** From a key record to wrapped material and back. */

import type { GeneratedKey, Hsm, KeyToken } from '@softkms/hsm'
import { currentVersion } from '@softkms/lifecycle'
import type { SealingKey } from '@softkms/envelope'
import { KmsError } from '../errors.ts'
import { formatHex, parseHex } from '../hex.ts'
import type { Store } from '../store/store.ts'
import type { KeyRecord, MaterialRecord } from './key.ts'

/** Generates one version of a key's material. Nothing is stored yet. */
export async function generateMaterial(
  hsm: Hsm,
  key: Pick<KeyRecord, 'account' | 'region' | 'keyId' | 'keySpec' | 'keyUsage' | 'origin'>,
): Promise<MaterialRecord> {
  const { account, region, keyId, keySpec, keyUsage, origin } = key
  const generated: GeneratedKey = await hsm.generateKey({ keyId, keySpec, keyUsage, origin })
  return { account, region, keyId, materialId: formatHex(generated.materialId), token: generated.token }
}

/** What new blobs of a key are sealed under. */
export async function currentMaterial(store: Store, key: KeyRecord): Promise<SealingKey> {
  const { materialId } = currentVersion(key.life)
  const material = await store.getMaterial(key.region, materialId)
  // A store that loses material breaks its contract; no request can bring this about.
  if (material === undefined) throw new KmsError('KMSInternalException')
  return { token: material.token, materialId: parseHex(materialId) }
}

/** The wrapped current material, for everything that is not sealed into a blob. */
export async function currentToken(store: Store, key: KeyRecord): Promise<KeyToken> {
  const { token } = await currentMaterial(store, key)
  return token
}
