/**
 * What an import asks of a key's life: new material, or the same as before.
 *
 * @spec KMS operations, ImportKeyMaterial; crypto-details §8, §10
 */

import { type ImportCommand, findVersion, isReplica } from '@softkms/lifecycle'
import { KmsError } from '../errors.ts'
import type { ImportType } from '../generated/types.ts'
import { type KeyRecord, arnOf } from '../key/key.ts'
import { refusalOf } from '../key/permit-state.ts'

/** Material that the HSM has taken in, and what the request says of it. */
export interface MaterialOffer {
  readonly materialId: string
  /** The material that the request says it brings. */
  readonly expectedId: string | undefined
  readonly type: ImportType | undefined
  readonly validTo: number | undefined
  readonly description: string | undefined
}

/**
 * @throws KmsError `IncorrectKeyMaterialException` when the material is not the one that it should be,
 * `KMSInvalidStateException` when other material is pending, `UnsupportedOperationException` for new material at a
 * replica
 */
export function decideImport(key: KeyRecord, offer: MaterialOffer): ImportCommand {
  const { materialId, validTo, description } = offer
  if (offer.expectedId !== undefined && offer.expectedId !== materialId) throw incorrectMaterial(key)
  const rest = {
    materialId,
    ...(validTo === undefined ? {} : { validTo }),
    ...(description === undefined ? {} : { description }),
  }
  const isFirst = key.life.versions.length === 0
  const type = offer.type ?? (isFirst && offer.expectedId === undefined ? 'NEW_KEY_MATERIAL' : 'EXISTING_KEY_MATERIAL')
  switch (type) {
    case 'NEW_KEY_MATERIAL':
      assertNew(key, materialId)
      return { type: 'ImportNew', ...rest }
    case 'EXISTING_KEY_MATERIAL':
      assertExisting(key, materialId, description)
      return { type: 'ImportExisting', ...rest }
    default:
      return type satisfies never
  }
}

function assertNew(key: KeyRecord, materialId: string): void {
  const { pending } = key.life
  if (isReplica(key.life)) throw refusalOf(key, 'NotPrimary')
  if (findVersion(key.life, materialId) !== undefined) {
    throw new KmsError(
      'IncorrectKeyMaterialException',
      `The key material in the request (id: ${materialId}) is not new to ${arnOf(key)}.`,
    )
  }
  if (pending !== undefined) {
    throw new KmsError(
      'KMSInvalidStateException',
      `New key material (id: ${materialId}) cannot be imported into KMS key ${arnOf(key)}, because another key ` +
        `material (id: ${pending.materialId}) is pending rotation.`,
    )
  }
}

function assertExisting(key: KeyRecord, materialId: string, description: string | undefined): void {
  const version = findVersion(key.life, materialId)
  if (version === undefined) throw incorrectMaterial(key)
  // What is said of material is the same in every Region, and said in the primary's.
  if (description !== undefined && description !== version.description && isReplica(key.life)) {
    throw refusalOf(key, 'NotPrimary')
  }
}

function incorrectMaterial(key: KeyRecord): KmsError {
  return new KmsError(
    'IncorrectKeyMaterialException',
    `The key material in the request is not the key material that was imported into ${arnOf(key)}.`,
  )
}
