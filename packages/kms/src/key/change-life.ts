/**
 * Changing a key's life: one step, and everything that must be committed with it.
 *
 * What the step does to the key's material comes along, and so do the other keys of a multi-Region key: those that take
 * a step too, and those that follow their primary. Either all of it is committed or nothing is.
 */

import type { Hsm, KeyToken } from '@softkms/hsm'
import {
  type Command,
  type Effect,
  type Instant,
  type KeyLife,
  effectsOf,
  followPrimary,
  isReplica,
  regionsOf,
  transition,
} from '@softkms/lifecycle'
import { KmsError } from '../errors.ts'
import type { Change, Store } from '../store/store.ts'
import type { KeyRecord, MaterialRecord } from './key.ts'
import type { WrappedMaterial } from './material.ts'
import { refusalOf } from './permit-state.ts'
import { isSameValue } from './same-value.ts'
import { commitForKey } from './update-key.ts'

export interface LifeChange {
  readonly command: Command
  readonly now: Instant
  /** What the others of the set are asked at the same time, by Region. */
  readonly peers?: Readonly<Record<string, Command>>
  /** Material that the command brings. */
  readonly material?: WrappedMaterial
  /** What else is committed, told from the key as it will be. */
  besides?(next: KeyRecord): readonly Change[] | Promise<readonly Change[]>
}

export interface LifePlan {
  readonly changes: readonly Change[]
  /** What the HSM may forget once the changes are made. */
  readonly destroyed: readonly KeyToken[]
  /** The key as it will be; `undefined` when it is gone. */
  readonly next: KeyRecord | undefined
}

export interface LifePorts {
  readonly store: Store
  readonly hsm: Hsm
}

/**
 * Takes one step in a key's life and commits it.
 *
 * @param decide makes the step from the newest version of the key and the others of its set; refuses by throwing
 * @returns the key as it is now
 * @throws KmsError what the life refuses, in AWS's words
 */
export async function changeLife(
  { store, hsm }: LifePorts,
  key: KeyRecord,
  decide: (newest: KeyRecord, others: readonly KeyRecord[]) => LifeChange | Promise<LifeChange>,
): Promise<KeyRecord> {
  let plan: LifePlan | undefined
  await commitForKey(store, key, async (newest) => {
    plan = await planLife(store, newest, decide)
    return plan?.changes
  })
  for (const token of plan?.destroyed ?? []) await hsm.unload(token)
  // Only a deadline ends a key, and deadlines plan for themselves.
  if (plan?.next === undefined) throw new KmsError('KMSInternalException')
  return plan.next
}

/**
 * Plans a step from a key and the others of its set, without committing it.
 *
 * The keys of a set are read one after the other, and somebody may change them in between. A plan that is made of what
 * no longer belongs together is not committed, and a refusal that comes of it is nobody's: it may be about a step that
 * another request has taken already.
 *
 * @returns `undefined` when one of the keys has changed meanwhile, so that they must be read again
 * @throws KmsError what the life refuses
 */
export async function planLife(
  store: Store,
  key: KeyRecord,
  decide: (key: KeyRecord, others: readonly KeyRecord[]) => LifeChange | Promise<LifeChange>,
): Promise<LifePlan | undefined> {
  const others = await readOthers(store, key)
  try {
    return await planChange(store, key, others, await decide(key, others))
  } catch (error) {
    if (await areNewest(store, [key, ...others])) throw error
    return undefined
  }
}

async function areNewest(store: Store, keys: readonly KeyRecord[]): Promise<boolean> {
  const newest = await Promise.all(keys.map((key) => store.getKey(key, key.keyId)))
  return newest.every((key, number) => key?.version === keys[number]?.version)
}

/** The other keys of a multi-Region key's set. */
export async function readOthers(store: Store, key: KeyRecord): Promise<readonly KeyRecord[]> {
  const set = key.life.multiRegion
  if (set === undefined) return []
  const regions = regionsOf(set).filter((region) => region !== set.region)
  const found = await Promise.all(regions.map((region) => store.getKey({ account: key.account, region }, key.keyId)))
  return found.filter((other) => other !== undefined)
}

/** A key, and its life after the step; `undefined` when it has ended. */
interface Moved {
  readonly key: KeyRecord
  readonly next: KeyLife | undefined
}

/** @throws KmsError what the life refuses */
async function planChange(
  store: Store,
  key: KeyRecord,
  others: readonly KeyRecord[],
  change: LifeChange,
): Promise<LifePlan> {
  const moved = followMoves([
    take(key, change.command, change.now),
    ...others.map((other) => {
      const command = change.peers?.[other.region]
      return command === undefined ? { key: other, next: other.life } : take(other, command, change.now)
    }),
  ])
  const plans = await Promise.all(
    moved.filter(({ key: { life }, next }) => life !== next).map((one) => planMaterial(store, one, change.material)),
  )
  const [{ next: life } = { next: undefined }] = moved
  const next = life && { ...key, life, version: key.version + 1 }
  const besides = next === undefined ? [] : ((await change.besides?.(next)) ?? [])
  return {
    changes: [...plans.flatMap(({ changes }) => changes), ...besides],
    destroyed: plans.flatMap(({ destroyed }) => destroyed),
    next,
  }
}

function take(key: KeyRecord, command: Command, now: Instant): Moved {
  const outcome = transition(key.life, command, now)
  switch (outcome.type) {
    case 'accepted':
      return { key, next: outcome.next }
    case 'ended':
      return { key, next: undefined }
    case 'refused':
      throw refusalOf(key, outcome.reason)
    default:
      return outcome satisfies never
  }
}

/** Lets those follow whose primary has moved. */
function followMoves(moved: readonly Moved[]): readonly Moved[] {
  const primary = moved.find(({ next }) => next?.multiRegion !== undefined && !isReplica(next))
  if (primary?.next === undefined || primary.next === primary.key.life) return moved
  const { next: followed } = primary
  return moved.map((one) => {
    if (one === primary || one.next === undefined) return one
    const next = followPrimary(one.next, followed)
    // What follows and changes nothing is not written.
    return isSameValue(next, one.key.life) ? { ...one, next: one.key.life } : { ...one, next }
  })
}

async function planMaterial(
  store: Store,
  { key, next }: Moved,
  brought: WrappedMaterial | undefined,
): Promise<Pick<LifePlan, 'changes' | 'destroyed'>> {
  const changes: Change[] = []
  const destroyed: KeyToken[] = []
  for (const effect of effectsOf(key.life, next)) {
    const held = await store.getMaterial(key.region, effect.materialId)
    // Deleting the key deletes its material.
    if (next !== undefined) changes.push(...materialChange(key, effect, held, brought))
    if (effect.type === 'DestroyMaterial' && held?.token !== undefined) destroyed.push(held.token)
  }
  const own: Change =
    next === undefined
      ? { type: 'DeleteKey', key }
      : { type: 'PutKey', key: { ...key, life: next, version: key.version + 1 } }
  return { changes: [own, ...changes], destroyed }
}

function materialChange(
  { account, region, keyId }: KeyRecord,
  effect: Effect,
  held: MaterialRecord | undefined,
  brought: WrappedMaterial | undefined,
): readonly Change[] {
  const { materialId } = effect
  switch (effect.type) {
    case 'KeepMaterial': {
      // Whoever gives a command brings the material that it names.
      if (brought?.materialId !== materialId) throw new KmsError('KMSInternalException')
      const material = { ...brought, account, region }
      return [{ type: held === undefined ? 'AddMaterial' : 'PutMaterial', material }]
    }
    case 'AwaitMaterial':
      return held === undefined ? [{ type: 'AddMaterial', material: { account, region, keyId, materialId } }] : []
    case 'DestroyMaterial': {
      if (held === undefined) return []
      if (effect.isForgotten) return [{ type: 'DeleteMaterial', material: held }]
      const { token: _, ...rest } = held
      return [{ type: 'PutMaterial', material: rest }]
    }
    case 'ActivateMaterial':
      return []
    default:
      return effect satisfies never
  }
}
