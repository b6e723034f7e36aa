/** From a key to its wrapped material. */

import { type GeneratedKey, type Hsm, type KeyToken, hasPublicKey } from '@softkms/hsm'
import type { SealingKey } from '@softkms/envelope'
import { currentVersion } from '@softkms/lifecycle'
import { KmsError } from '../errors.ts'
import { formatHex, parseHex } from '../hex.ts'
import type { Store } from '../store/store.ts'
import type { KeyRecord, MaterialRecord } from './key.ts'
import { refusalOf } from './permit-state.ts'

type KindOfKey = Pick<KeyRecord, 'account' | 'region' | 'keyId' | 'keySpec' | 'keyUsage' | 'origin'>

export interface MaterialPorts {
  readonly store: Store
  readonly hsm: Hsm
}

/** Material that is wrapped and belongs to a version. */
export type WrappedMaterial = MaterialRecord & { readonly token: KeyToken }

/** Generates one version of a key's material. Nothing is stored yet. */
export async function generateMaterial(hsm: Hsm, key: KindOfKey): Promise<WrappedMaterial> {
  const { keyId, keySpec, keyUsage, origin } = key
  return recordOf(key, await hsm.generateKey({ keyId, keySpec, keyUsage, origin }))
}

/** What the HSM took in, as a record. Nothing is stored yet. */
export async function importedMaterial(hsm: Hsm, key: KindOfKey, imported: GeneratedKey): Promise<WrappedMaterial> {
  const record = recordOf(key, imported)
  if (!hasPublicKey(key.keySpec)) return record
  try {
    return { ...record, publicKey: await hsm.publicKey(imported.token) }
  } finally {
    // Whether the key takes the material is yet to be decided; what it refuses must not stay loaded.
    await hsm.unload(imported.token)
  }
}

function recordOf({ account, region, keyId }: KindOfKey, { materialId, token }: GeneratedKey): WrappedMaterial {
  return { account, region, keyId, materialId: formatHex(materialId), token }
}

/** The id of what new blobs of a key are sealed under. */
export function currentMaterialId(key: KeyRecord): string {
  const current = currentVersion(key.life)
  // The states that a key without material can be in keep away whoever would use it.
  if (current === undefined) throw refusalOf(key, 'PendingImport')
  return current.materialId
}

/** What new blobs of a key are sealed under. */
export async function currentMaterial(store: Store, key: KeyRecord): Promise<SealingKey> {
  const materialId = currentMaterialId(key)
  const material = await store.getMaterial(key.region, materialId)
  if (material?.token === undefined) {
    // Imported material may have gone since the key was read; a store that loses other material breaks its contract.
    throw key.origin === 'EXTERNAL' ? refusalOf(key, 'PendingImport') : new KmsError('KMSInternalException')
  }
  return { token: material.token, materialId: parseHex(materialId) }
}

/** The public half of the current material, known even while imported material is away. */
export async function readPublicKey({ store, hsm }: MaterialPorts, key: KeyRecord): Promise<Uint8Array> {
  const material = await store.getMaterial(key.region, currentMaterialId(key))
  return material?.publicKey ?? hsm.publicKey(await currentToken(store, key))
}

/** The wrapped current material, for everything that is not sealed into a blob. */
export async function currentToken(store: Store, key: KeyRecord): Promise<KeyToken> {
  const { token } = await currentMaterial(store, key)
  return token
}
