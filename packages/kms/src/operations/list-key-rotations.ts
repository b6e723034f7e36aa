/**
 * ListKeyRotations: the rotations that are done, oldest first; on request every version of the material.
 *
 * @spec KMS operations, ListKeyRotations
 */

import { type KeyVersion, currentVersion } from '@softkms/lifecycle'
import type { RotationsListEntry } from '../generated/types.ts'
import type { KeyRecord } from '../key/key.ts'
import { assertRotates } from '../key/capability.ts'
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

  async perform({ targets }, input, { scope }) {
    const { key } = targets.key
    assertRotates(key)
    const included = input.IncludeKeyMaterial ?? 'ROTATIONS_ONLY'
    // Versions are only ever added, at the end, so each keeps its number.
    const numbered = key.life.versions.map((version, number) => ({ ...version, number }))
    const listed = numbered.filter(({ rotation }) => included === 'ALL_KEY_MATERIAL' || rotation !== undefined)
    const { items, members } = await readPage(
      { operation: 'ListKeyRotations', scope, filter: `${key.keyId} ${included}` },
      input,
      PAGE_SIZES,
      pageOf(listed, ({ number }, after) => number > Number(after)),
      ({ number }) => String(number),
    )
    return { Rotations: items.map((version) => formatEntry(key, version)), ...members }
  },
}

function formatEntry(key: KeyRecord, { materialId, rotation }: KeyVersion): RotationsListEntry {
  const isCurrent = materialId === currentVersion(key.life).materialId
  return {
    KeyId: key.keyId,
    KeyMaterialId: materialId,
    KeyMaterialState: isCurrent ? 'CURRENT' : 'NON_CURRENT',
    ...(rotation === undefined ? {} : { RotationDate: new Date(rotation.date), RotationType: rotation.type }),
  }
}
