/**
 * ListKeyRotations: the rotations that are done, oldest first; on request every version of the material.
 *
 * @spec KMS operations, ListKeyRotations; crypto-details §8
 */

import { type KeyVersion, type PendingVersion, currentVersion, isPendingEverywhere } from '@softkms/lifecycle'
import type { KeyMaterialState, RotationsListEntry } from '../generated/types.ts'
import { readOthers } from '../key/change-life.ts'
import { assertRotates } from '../key/capability.ts'
import { formatExpiration } from '../key/expiration.ts'
import type { KeyRecord } from '../key/key.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'
import { pageOf, readPage } from '../paging/page.ts'

const PAGE_SIZES = { fallback: 100, most: 1000 } as const

export const listKeyRotations: Operation<'ListKeyRotations', { key: Target }> = {
  name: 'ListKeyRotations',
  quota: 'listDetails',
  isReadOnly: true,
  audited: ['KeyId', 'IncludeKeyMaterial', 'Limit', 'Marker'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  async perform({ targets }, input, { scope, store }) {
    const { key } = targets.key
    assertRotates(key)
    const included = input.IncludeKeyMaterial ?? 'ROTATIONS_ONLY'
    const pendingState = await pendingStateOf(key, () => readOthers(store, key))
    const entries = [
      ...key.life.versions.map((version) => formatVersion(key, version)),
      ...(pendingState === undefined ? [] : [formatPending(key, pendingState)]),
    ]
    // Versions are only ever added, at the end, so each keeps its number.
    const numbered = entries.map((entry, number) => ({ entry, number }))
    const listed = numbered.filter(({ entry }) => included === 'ALL_KEY_MATERIAL' || entry.RotationDate !== undefined)
    const { items, members } = await readPage(
      { operation: 'ListKeyRotations', scope, filter: `${key.keyId} ${included}` },
      input,
      PAGE_SIZES,
      pageOf(listed, ({ number }, after) => number > Number(after)),
      ({ number }) => String(number),
    )
    return { Rotations: items.map(({ entry }) => entry), ...members }
  },
}

function formatVersion(key: KeyRecord, version: KeyVersion): RotationsListEntry {
  const { materialId, rotation } = version
  return {
    ...formatMaterial(key, version),
    KeyMaterialState: materialId === currentVersion(key.life)?.materialId ? 'CURRENT' : 'NON_CURRENT',
    ...(rotation === undefined ? {} : { RotationDate: new Date(rotation.date), RotationType: rotation.type }),
  }
}

type PendingState = Extract<KeyMaterialState, `PENDING_${string}`>

function formatPending(
  key: KeyRecord,
  { version, state }: { readonly version: PendingVersion; readonly state: PendingState },
): RotationsListEntry {
  return { ...formatMaterial(key, version), KeyMaterialState: state }
}

/** Material that a Region of the set does not have yet cannot be rotated to. */
async function pendingStateOf(
  { life }: KeyRecord,
  others: () => Promise<readonly KeyRecord[]>,
): Promise<{ readonly version: PendingVersion; readonly state: PendingState } | undefined> {
  const { pending } = life
  if (pending === undefined) return undefined
  const isEverywhere = isPendingEverywhere(
    life,
    (await others()).map((other) => other.life),
  )
  return { version: pending, state: isEverywhere ? 'PENDING_ROTATION' : 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION' }
}

function formatMaterial(key: KeyRecord, version: KeyVersion | PendingVersion): RotationsListEntry {
  const { materialId, material, description } = version
  return {
    KeyId: key.keyId,
    KeyMaterialId: materialId,
    ...(description === undefined ? {} : { KeyMaterialDescription: description }),
    ...(key.origin === 'EXTERNAL' ? { ImportState: material.type === 'Missing' ? 'PENDING_IMPORT' : 'IMPORTED' } : {}),
    ...formatExpiration([material]),
  }
}
