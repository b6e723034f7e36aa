/**
 * Performs what has fallen due: deletions whose waiting period is over, and automatic rotations.
 *
 * There is no timer. The pipeline calls this before it looks at any key, so whatever a request sees is as it should be
 * at that instant; each thing happens at the time it was due, in order, however many come at once.
 */

import type { Hsm } from '@softkms/hsm'
import { type Instant, nextDeadline, transition } from '@softkms/lifecycle'
import { KmsError } from './errors.ts'
import type { KeyRecord } from './key/key.ts'
import { generateMaterial } from './key/material.ts'
import type { Change, Store } from './store/store.ts'

export async function performDue(store: Store, hsm: Hsm, now: Instant): Promise<void> {
  for (let key = await store.nextDueKey(now); key !== undefined; key = await store.nextDueKey(now)) {
    await performNext(store, hsm, key, now)
  }
}

/** Performs a key's next deadline. When another request is faster, its commit stands and this one changes nothing. */
async function performNext(store: Store, hsm: Hsm, key: KeyRecord, now: Instant): Promise<void> {
  const deadline = nextDeadline(key.life)
  // A store that names a key for which nothing is due breaks its contract, and would be asked for ever.
  if (deadline === undefined || deadline.at > now) throw new KmsError('KMSInternalException')
  switch (deadline.due) {
    case 'CompleteDeletion':
      return destroyKey(store, hsm, key, deadline.at)
    case 'Rotate':
      return rotateKey(store, hsm, key, deadline.at)
    default:
      return deadline.due satisfies never
  }
}

async function destroyKey(store: Store, hsm: Hsm, key: KeyRecord, at: Instant): Promise<void> {
  const outcome = transition(key.life, { type: 'CompleteDeletion' }, at)
  if (outcome.type !== 'ended') return
  const tokens = []
  for (const { materialId } of key.life.versions) {
    const material = await store.getMaterial(key.region, materialId)
    if (material !== undefined) tokens.push(material.token)
  }
  if (!(await store.commit([{ type: 'DeleteKey', key }]))) return
  for (const token of tokens) await hsm.unload(token)
}

async function rotateKey(store: Store, hsm: Hsm, key: KeyRecord, at: Instant): Promise<void> {
  const material = await generateMaterial(hsm, key)
  const outcome = transition(
    key.life,
    { type: 'Rotate', rotationType: 'AUTOMATIC', materialId: material.materialId },
    at,
  )
  if (outcome.type !== 'accepted') return
  const changes: readonly Change[] = [
    { type: 'PutKey', key: { ...key, life: outcome.next, version: key.version + 1 } },
    { type: 'AddMaterial', material },
  ]
  await store.commit(changes)
}
