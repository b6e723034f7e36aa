/**
 * The scheduler: performs what has fallen due, on whatever clock it is told the time of.
 *
 * There is no timer. The pipeline calls this before it looks at any key, so whatever a request sees is as it should be
 * at that instant; each thing happens at the time it was due, in order, however many come at once.
 */

import { type Deadline, type Instant, isReplica, nextDeadline } from '@softkms/lifecycle'
import { KmsError } from './errors.ts'
import { type LifeChange, type LifePorts, planLife } from './key/change-life.ts'
import type { KeyRecord } from './key/key.ts'
import { generatedRotation } from './key/rotate-key.ts'

export interface DuePorts extends LifePorts {
  readonly replicationMs: number
}

export async function performDue(ports: DuePorts, now: Instant): Promise<void> {
  const { store } = ports
  for (let key = await store.nextDueKey(now); key !== undefined; key = await store.nextDueKey(now)) {
    await performNext(ports, key, now)
  }
}

/** Performs a key's next deadline. When another request is faster, its commit stands and this one changes nothing. */
async function performNext(ports: DuePorts, key: KeyRecord, now: Instant): Promise<void> {
  const { store, hsm } = ports
  const deadline = nextDeadline(key.life)
  // A store that names a key for which nothing is due breaks its contract, and would be asked for ever.
  if (deadline === undefined || deadline.at > now) throw new KmsError('KMSInternalException')
  const plan = await planLife(store, key, () => changeAt(ports, key, deadline))
  if (plan === undefined || !(await store.commit(plan.changes))) return
  for (const token of plan.destroyed) await hsm.unload(token)
}

async function changeAt(ports: DuePorts, key: KeyRecord, { at, due }: Deadline): Promise<LifeChange> {
  switch (due.type) {
    case 'Rotate':
      return generatedRotation(ports, key, 'AUTOMATIC', at)
    case 'CompleteDeletion':
      return { command: due, now: at, ...withoutReplica(key) }
    case 'FinishCreation':
    case 'FinishUpdate':
    case 'CompleteRotation':
    case 'ExpireMaterial':
      return { command: due, now: at }
    default:
      return due satisfies never
  }
}

/** A replica that goes leaves its set, whose primary may have waited for that. */
function withoutReplica({ region, life }: KeyRecord): Pick<LifeChange, 'peers'> {
  const { multiRegion } = life
  if (multiRegion === undefined || !isReplica(life)) return {}
  return { peers: { [multiRegion.primaryRegion]: { type: 'RemoveReplica', region } } }
}
