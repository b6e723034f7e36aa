/** When imported material expires, in AWS's members. @spec KMS crypto-details §8 */

import type { Material } from '@softkms/lifecycle'
import type { ExpirationModelType } from '../generated/types.ts'

export interface Expiration {
  readonly ExpirationModel?: ExpirationModelType
  readonly ValidTo?: Date
}

/** Of several materials, when the first of them expires; nothing where none is imported and there. */
export function formatExpiration(materials: readonly Material[]): Expiration {
  const imported = materials.filter((material) => material.type === 'Imported')
  if (imported.length === 0) return {}
  const ends = imported.flatMap(({ validTo }) => validTo ?? [])
  if (ends.length === 0) return { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
  return { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: new Date(Math.min(...ends)) }
}
