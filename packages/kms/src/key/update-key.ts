/**
 * Changing what belongs to a key: read, decide, commit, and again when somebody else was faster.
 */

import { KmsError } from '../errors.ts'
import type { Change, Store } from '../store/store.ts'
import { type KeyRecord, arnOf } from './key.ts'

/** Each attempt that fails is somebody else's success, so only a store that breaks its contract uses up all of them. */
const MAX_ATTEMPTS = 10_000

/**
 * Commits what `decide` makes of the key's newest version.
 *
 * @param decide must refuse by itself, by throwing, what the newest version does not allow; one of its changes must
 * name the key at that version. Answers `undefined` when what it read besides has changed meanwhile
 * @throws KmsError `NotFoundException` when the key has been deleted meanwhile, and whatever `decide` throws
 */
export async function commitForKey(
  store: Store,
  key: KeyRecord,
  decide: (newest: KeyRecord) => readonly Change[] | Promise<readonly Change[] | undefined>,
): Promise<void> {
  let newest = key
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const changes = await decide(newest)
    if (changes !== undefined && (await store.commit(changes))) return
    newest = await readAgain(store, key)
  }
  throw new KmsError('KMSInternalException')
}

/**
 * Replaces the record of `key` by what `change` makes of its newest version.
 *
 * @param besides changes that are committed together with the record
 * @throws KmsError as `commitForKey`
 */
export async function updateKey(
  store: Store,
  key: KeyRecord,
  change: (newest: KeyRecord) => KeyRecord,
  besides: readonly Change[] = [],
): Promise<void> {
  await commitForKey(store, key, (newest) => [
    { type: 'PutKey', key: { ...change(newest), version: newest.version + 1 } },
    ...besides,
  ])
}

async function readAgain(store: Store, key: KeyRecord): Promise<KeyRecord> {
  const newest = await store.getKey(key, key.keyId)
  if (newest === undefined) throw new KmsError('NotFoundException', `Key '${arnOf(key)}' does not exist`)
  return newest
}
