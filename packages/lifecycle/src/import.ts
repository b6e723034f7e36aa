/**
 * Imported material: how it comes, goes and expires, and what that does to the key's state.
 *
 * @spec KMS crypto-details §8; operations, ImportKeyMaterial and DeleteImportedKeyMaterial
 */

import type { ImportCommand } from './command.ts'
import type { Instant } from './instant.ts'
import { type KeyLife, type KeyVersion, type Material, findVersion, hasAllMaterial } from './key-life.ts'
import { isReplica } from './multi-region.ts'
import { type Step, accept, refuse, refuseByState } from './outcome.ts'

export function changeImported(life: KeyLife, command: ImportCommand): Step {
  switch (command.type) {
    case 'ImportNew':
      return refuseByState('ImportKeyMaterial', life) ?? importNew(life, command)
    case 'ImportExisting':
      return refuseByState('ImportKeyMaterial', life) ?? importExisting(life, command)
    case 'DeleteMaterial':
      return refuseByState('DeleteImportedKeyMaterial', life) ?? removeMaterial(life, command.materialId)
    default:
      return command satisfies never
  }
}

/** Material whose time is up is destroyed in whatever state the key is. */
export function expireMaterial(life: KeyLife, materialId: string, now: Instant): Step {
  const material = findVersion(life, materialId)?.material
  const isDue = material?.type === 'Imported' && material.validTo !== undefined && material.validTo <= now
  return isDue ? removeMaterial(life, materialId) : refuse('NotDue')
}

/**
 * The life in the state that follows from its material: a key without all of it waits for its import, and one that waits
 * and has it all is enabled. What is dying, being made or out of reach stays so.
 */
function settle(life: KeyLife): KeyLife {
  switch (life.state.name) {
    case 'Enabled':
    case 'Disabled':
    case 'Updating':
      return hasAllMaterial(life) ? life : { ...life, state: { name: 'PendingImport' } }
    case 'PendingImport':
      return hasAllMaterial(life) ? { ...life, state: { name: 'Enabled' } } : life
    case 'Creating':
    case 'PendingDeletion':
    case 'PendingReplicaDeletion':
    case 'Unavailable':
      return life
    default:
      return life.state satisfies never
  }
}

function importNew(life: KeyLife, command: Extract<ImportCommand, { type: 'ImportNew' }>): Step {
  const { materialId, description } = command
  if (isReplica(life)) return refuse('NotPrimary')
  if (findVersion(life, materialId) !== undefined) return refuse('MaterialNotNew')
  if (life.pending !== undefined) return refuse('AnotherMaterialPending')
  const version = {
    materialId,
    material: importedUntil(command.validTo),
    ...(description === undefined ? {} : { description }),
  }
  // The first material of all is current at once; there is nothing that it could replace.
  if (life.versions.length > 0) return accept({ ...life, pending: version })
  return accept(settle({ ...life, versions: [version] }))
}

function importExisting(life: KeyLife, command: Extract<ImportCommand, { type: 'ImportExisting' }>): Step {
  const { materialId, description } = command
  if (findVersion(life, materialId) === undefined) return refuse('UnknownMaterial')
  return accept(
    changeVersion(life, materialId, {
      material: importedUntil(command.validTo),
      ...(description === undefined ? {} : { description }),
    }),
  )
}

function removeMaterial(life: KeyLife, materialId: string): Step {
  const version = findVersion(life, materialId)
  if (version === undefined) return refuse('UnknownMaterial')
  // Pending material is forgotten with its name, so that other material can take its place, and even when only the name
  // is here. A replica's name for it is the primary's to forget.
  const isForgotten = version === life.pending && !isReplica(life)
  const { pending: _, ...rest } = life
  if (isForgotten) return accept(rest)
  if (version.material.type === 'Missing') return accept(life)
  return accept(changeVersion(life, materialId, { material: { type: 'Missing' } }))
}

function changeVersion(
  life: KeyLife,
  materialId: string,
  change: Pick<KeyVersion, 'material'> & { readonly description?: string },
): KeyLife {
  const { pending } = life
  if (pending?.materialId === materialId) return { ...life, pending: { ...pending, ...change } }
  const versions = life.versions.map((one) => (one.materialId === materialId ? { ...one, ...change } : one))
  return settle({ ...life, versions })
}

function importedUntil(validTo: Instant | undefined): Material {
  return { type: 'Imported', ...(validTo === undefined ? {} : { validTo }) }
}
