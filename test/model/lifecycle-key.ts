/**
 * A key of the model, in all its Regions at once, and what happens to it by itself.
 *
 * What the Regions share is there once; `places` has what is each Region's own. Materials are numbers: the service's own
 * in their order, imported ones as the caller counts them.
 */
import { DAY_MS } from '@softkms/lifecycle'

type Dying = 'PendingDeletion' | 'PendingReplicaDeletion'
export type State = 'Creating' | 'Updating' | 'Enabled' | 'Disabled' | 'PendingImport' | Dying

interface Rotation {
  readonly type: 'AUTOMATIC' | 'ON_DEMAND'
  readonly startedAt: number
  readonly date: number
}

interface Version {
  readonly material: number
  readonly rotation?: Rotation
}

export interface Place {
  state: State
  /** When the state ends by itself. */
  until: number
  windowDays: number
  /** When each imported material expires that is there. */
  readonly held: Map<number, number>
}

export interface Key {
  readonly isImported: boolean
  readonly isMultiRegion: boolean
  /** How long a replica is made, a primary moved, and new material carried to the replicas. */
  readonly replicationMs: number
  primary: string
  readonly places: Map<string, Place>
  readonly versions: Version[]
  pending?: Version | undefined
  schedule?: { readonly periodMs: number; next: number } | undefined
}

interface Event {
  readonly at: number
  readonly happen: () => void
}

export function newPlace(state: State, until: number): Place {
  return { state, until, windowDays: 0, held: new Map() }
}

export function isPendingEverywhere({ isImported, pending, places }: Key): boolean {
  return pending !== undefined && [...places.values()].every(({ held }) => !isImported || held.has(pending.material))
}

/** Lets everything happen that is due, in its order, and puts each place in the state that its material allows. */
export function settle(key: Key, now: number): void {
  for (const place of key.places.values()) {
    const isWhole =
      key.versions.length > 0 && key.versions.every(({ material }) => !key.isImported || place.held.has(material))
    if (!isWhole && ['Enabled', 'Updating', 'Disabled'].includes(place.state)) place.state = 'PendingImport'
    if (isWhole && place.state === 'PendingImport') place.state = 'Enabled'
  }
  const [first] = eventsOf(key)
  if (first === undefined || first.at > now) return
  first.happen()
  settle(key, now)
}

/** What happens by itself, the first thing first. */
export function eventsOf(key: Key): Event[] {
  const { places, pending, schedule, primary } = key
  const events: Event[] = []
  for (const [region, place] of places) {
    const { state, until, held } = place
    const isBusy = state === 'Creating' || state === 'Updating'
    if (isBusy) events.push({ at: until, happen: () => enable(key, region, until) })
    if (state === 'PendingDeletion') events.push({ at: until, happen: () => remove(key, region, until) })
    for (const [material, end] of held) events.push({ at: end, happen: () => loseMaterial(key, region, material) })
  }
  const rotating = pending?.rotation?.date
  if (rotating !== undefined) events.push({ at: rotating, happen: () => completeRotation(key, rotating) })
  if (schedule !== undefined && places.get(primary)?.state === 'Enabled') {
    // Of two rotations the second waits for the first.
    const at = Math.max(schedule.next, rotating ?? 0)
    events.push({ at, happen: () => rotateBySchedule(key, at) })
  }
  return events.toSorted((a, b) => a.at - b.at)
}

export function enable(key: Key, region: string, now: number): void {
  const place = key.places.get(region)
  if (place !== undefined) place.state = 'Enabled'
  if (region === key.primary) postpone(key, now)
}

/** With replicas new material is on its way for a while; imported material is everywhere before it is rotated to. */
export function beginRotation(key: Key, type: Rotation['type'], startedAt: number): void {
  const date = startedAt + (key.isImported || key.places.size === 1 ? 0 : key.replicationMs)
  key.pending = { material: key.pending?.material ?? key.versions.length, rotation: { type, startedAt, date } }
  if (date === startedAt) completeRotation(key, date)
}

/** What is pending at the primary is forgotten with its name, in every Region. */
export function loseMaterial(key: Key, region: string, material: number): void {
  const isForgotten = region === key.primary && key.pending?.material === material
  if (isForgotten) key.pending = undefined
  for (const [at, { held }] of key.places) if (isForgotten || at === region) held.delete(material)
}

function rotateBySchedule(key: Key, now: number): void {
  if (key.schedule !== undefined) key.schedule.next = now + key.schedule.periodMs
  beginRotation(key, 'AUTOMATIC', now)
}

function completeRotation(key: Key, date: number): void {
  if (key.pending !== undefined) key.versions.push(key.pending)
  key.pending = undefined
  postpone(key, date)
}

/** A rotation that was missed is due when it can be made up for. */
function postpone({ schedule }: Key, until: number): void {
  if (schedule !== undefined) schedule.next = Math.max(schedule.next, until)
}

/** With its last replica begins the end of a primary that waited for it. */
function remove(key: Key, region: string, now: number): void {
  key.places.delete(region)
  const primary = key.places.get(key.primary)
  if (primary?.state !== 'PendingReplicaDeletion' || key.places.size > 1) return
  Object.assign(primary, { state: 'PendingDeletion', until: now + primary.windowDays * DAY_MS })
}
