/**
 * KeyMaterialId: the name of one version of a key's material, computed from the material and the key id.
 *
 * HMAC-SHA-256 under the material itself, so that the name tells nothing of the material and a blob that bears it
 * is committed to one key. The label keeps it apart from every key derivation under the same material, whose input
 * begins with a binary counter.
 *
 * @spec KMS crypto-details §6
 */

import { concatBytes } from './bytes.ts'
import { encodeUtf8 } from './host.ts'
import type { MacKey } from './symmetric-primitives.ts'

export const MATERIAL_ID_LENGTH = 32

const LABEL = 'softkms key material id v1'

/** @param mac HMAC-SHA-256 under the key material */
export function computeMaterialId(mac: MacKey, keyId: string): Uint8Array {
  return mac.compute(concatBytes(encodeUtf8(LABEL), encodeUtf8(keyId)))
}
