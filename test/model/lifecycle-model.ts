/**
 * The life of keys in several Regions, in less than 150 lines: what a caller may rely on, without cryptography.
 *
 * A key is one value, however many Regions it is in. A method returns the exception that the service must answer, or
 * `undefined` when it must succeed, and then changes the model as the service must change. Materials are numbers: the
 * service's own in their order, imported ones as the caller counts them.
 */
import { DAY_MS } from '@softkms/lifecycle'

type Dying = 'PendingDeletion' | 'PendingReplicaDeletion'
export type State = 'Creating' | 'Updating' | 'Enabled' | 'Disabled' | 'PendingImport' | Dying
type Rotation = { readonly type: 'AUTOMATIC' | 'ON_DEMAND'; readonly startedAt: number; readonly date: number }
type Version = { readonly material: number; readonly rotation?: Rotation }
/** `until` is when the state ends by itself, `held` what imported material is there until when. */
type Place = { state: State; until: number; windowDays: number; readonly held: Map<number, number> }
export type Key = {
  readonly isImported: boolean
  readonly isMultiRegion: boolean
  primary: string
  readonly places: Map<string, Place>
  readonly versions: Version[]
  pending?: Version | undefined
  schedule?: { readonly periodMs: number; next: number } | undefined
}
/** A key as it is asked for in a Region, where it may or may not be. */
export type Spot = { readonly key: Key; readonly at: string }
type Event = { readonly at: number; readonly happen: () => void }

const IN_USE: readonly State[] = ['Enabled', 'Updating']
const SWITCHED: readonly State[] = ['Enabled', 'Disabled']
const STEADY: readonly State[] = [...SWITCHED, 'PendingImport']
const DYING: readonly State[] = ['PendingDeletion', 'PendingReplicaDeletion']
const UNSUPPORTED = 'UnsupportedOperationException'
const INVALID_STATE = 'KMSInvalidStateException'
const INCORRECT = 'IncorrectKeyMaterialException'

export class LifecycleModel {
  readonly keys: Key[] = []
  now = 0
  /** How long a replica is made, a primary moved, and new material carried to the replicas. */
  replicationMs = 0

  createKey(at: string, isImported: boolean, isMultiRegion: boolean): void {
    const places = new Map([[at, newPlace(isImported ? 'PendingImport' : 'Enabled', 0)]])
    this.keys.push({ isImported, isMultiRegion, primary: at, places, versions: isImported ? [] : [{ material: 0 }] })
  }
  /** Encrypt and the like; with a ciphertext, Decrypt: only what the Region never had is unknown there. */
  use({ key, at }: Spot, ciphertext = false): string | undefined {
    return ciphertext && !key.places.has(at) ? 'InvalidCiphertextException' : this.on({ key, at }, IN_USE)
  }
  enable = (spot: Spot) => this.on(spot, SWITCHED, [], (place) => enable(spot, place, this.now))
  disable = (spot: Spot) => this.on(spot, SWITCHED, [], (place) => (place.state = 'Disabled'))
  cancelDeletion = (spot: Spot) => this.on(spot, DYING, [], (place) => (place.state = 'Disabled'))
  scheduleDeletion(spot: Spot, windowDays: number): string | undefined {
    const waits = spot.at === spot.key.primary && spot.key.places.size > 1
    const state = waits ? 'PendingReplicaDeletion' : 'PendingDeletion'
    const until = this.now + windowDays * DAY_MS
    return this.on(spot, [...STEADY, 'Creating'], [], (place) => Object.assign(place, { state, windowDays, until }))
  }
  setSchedule(spot: Spot, days?: number): string | undefined {
    const { key, at } = spot
    if (key.places.get(at)?.state === 'PendingImport') return UNSUPPORTED
    return this.on(spot, IN_USE, [!key.isImported || UNSUPPORTED, isPrimary(spot)], () => {
      key.schedule = days === undefined ? days : { periodMs: days * DAY_MS, next: this.now + days * DAY_MS }
    })
  }
  rotate(spot: Spot): string | undefined {
    const { isImported, versions, pending } = spot.key
    const isReady = isImported ? isPendingEverywhere(spot.key) || INVALID_STATE : !pending || 'ConflictException'
    const onDemand = [...versions, pending].filter((version) => version?.rotation?.type === 'ON_DEMAND')
    const rules = [isPrimary(spot), isReady, onDemand.length < 25 || 'LimitExceededException']
    return this.on(spot, IN_USE, rules, () => this.beginRotation(spot.key, 'ON_DEMAND', this.now))
  }
  getParameters = (spot: Spot) => this.onImported(spot, STEADY)
  import(spot: Spot, material: number, validTo: number, isNew = spot.key.versions.length === 0): string | undefined {
    const { key } = spot
    const asNew = [isPrimary(spot), !isKnown(key, material) || INCORRECT, !key.pending || INVALID_STATE]
    const rules = isNew ? asNew : [isKnown(key, material) || INCORRECT]
    return this.onImported(spot, [...STEADY, 'Updating'], rules, (place) => {
      place.held.set(material, validTo)
      // The first material of all is current at once; what comes later waits for a rotation.
      if (isNew && key.versions.length > 0) key.pending = { material }
      else if (isNew) key.versions.push({ material })
    })
  }
  deleteMaterial(spot: Spot, material = spot.key.versions.at(-1)?.material): string | undefined {
    const rules = [material === undefined || isKnown(spot.key, material) || 'NotFoundException']
    return this.onImported(spot, [...STEADY, ...DYING], rules, () => loseMaterial(spot, material))
  }
  replicate(spot: Spot, to: string): string | undefined {
    const rules = [isPrimary(spot, true), !spot.key.places.has(to) || 'AlreadyExistsException']
    const replica = newPlace('Creating', this.now + this.replicationMs)
    return this.on(spot, ['Enabled'], rules, () => spot.key.places.set(to, replica))
  }
  updatePrimary(spot: Spot, to: string): string | undefined {
    const { key, at } = spot
    const target = to === at ? undefined : key.places.get(to)
    return this.on(spot, IN_USE, [isPrimary(spot, true), demand(target, IN_USE) ?? true], (place) => {
      key.primary = to
      const updating = { state: 'Updating', until: this.now + this.replicationMs }
      for (const one of [place, target]) Object.assign(one ?? {}, updating)
    })
  }
  /** When the next thing happens by itself. */
  nextEvent = () => Math.min(...this.keys.flatMap((key) => this.eventsOf(key).map(({ at }) => at)))
  advanceTo(now: number): void {
    this.now = now
    for (const key of this.keys) this.settle(key)
  }
  /** Changes a key in a Region where it is in one of the states. A rule is true, or the exception that comes. */
  private on(
    { key, at }: Spot,
    states: readonly State[],
    rules: (true | string)[] = [],
    change?: (place: Place) => unknown,
  ) {
    const place = key.places.get(at)
    const refusal = demand(place, states) ?? rules.find((rule) => rule !== true)
    if (refusal === undefined && place !== undefined) change?.(place)
    this.settle(key)
    return refusal
  }
  /** The same of imported material. Keys without say so, unless they are too busy to say anything. */
  private onImported(
    spot: Spot,
    states: readonly State[],
    rules: (true | string)[] = [],
    change?: (place: Place) => unknown,
  ) {
    const { isImported } = spot.key
    const asked = isImported ? states : [...STEADY, ...DYING, ...states]
    return this.on(spot, asked, [isImported || UNSUPPORTED, ...rules], change)
  }
  private beginRotation(key: Key, type: Rotation['type'], startedAt: number): void {
    const date = startedAt + (key.isImported || key.places.size === 1 ? 0 : this.replicationMs)
    key.pending = { material: key.pending?.material ?? key.versions.length, rotation: { type, startedAt, date } }
    if (date === startedAt) completeRotation(key, date)
  }
  private settle(key: Key): void {
    for (const place of key.places.values()) {
      const isWhole = hasAll(key, place)
      if (!isWhole && [...IN_USE, 'Disabled'].includes(place.state)) place.state = 'PendingImport'
      if (isWhole && place.state === 'PendingImport') place.state = 'Enabled'
    }
    const [first] = this.eventsOf(key)
    if (first === undefined || first.at > this.now) return
    first.happen()
    this.settle(key)
  }
  private eventsOf(key: Key): Event[] {
    const { places, pending, schedule, primary } = key
    const events: Event[] = []
    for (const [at, place] of places) {
      const { state, until, held } = place
      if (state === 'Creating' || state === 'Updating')
        events.push({ at: until, happen: () => enable({ key, at }, place, until) })
      if (state === 'PendingDeletion') events.push({ at: until, happen: () => remove({ key, at }, until) })
      for (const [material, end] of held) events.push({ at: end, happen: () => loseMaterial({ key, at }, material) })
    }
    const rotating = pending?.rotation?.date
    if (rotating !== undefined) events.push({ at: rotating, happen: () => completeRotation(key, rotating) })
    if (schedule !== undefined && places.get(primary)?.state === 'Enabled') {
      // Of two rotations the second waits for the first.
      const at = Math.max(schedule.next, rotating ?? 0)
      const next = at + schedule.periodMs
      events.push({
        at,
        happen: () => this.beginRotation(Object.assign(key, { schedule: { ...schedule, next } }), 'AUTOMATIC', at),
      })
    }
    return events.toSorted((a, b) => a.at - b.at)
  }
}

/** Which exception an operation gets that works in these states alone. */
function demand(place: Place | undefined, states: readonly State[]): string | undefined {
  if (place === undefined) return 'NotFoundException'
  if (states.includes(place.state)) return undefined
  return place.state === 'Disabled' && states.includes('Enabled') ? 'DisabledException' : INVALID_STATE
}
function newPlace(state: State, until: number): Place {
  return { state, until, windowDays: 0, held: new Map() }
}
function isPrimary({ key, at }: Spot, isOfSet = false): true | string {
  return (key.primary === at && (key.isMultiRegion || !isOfSet)) || UNSUPPORTED
}
function isKnown({ versions, pending }: Key, material: number): boolean {
  return [...versions, pending].some((version) => version?.material === material)
}
function hasAll({ isImported, versions }: Key, { held }: Place): boolean {
  return versions.length > 0 && versions.every(({ material }) => !isImported || held.has(material))
}
export function isPendingEverywhere({ isImported, pending, places }: Key): boolean {
  return pending !== undefined && [...places.values()].every(({ held }) => !isImported || held.has(pending.material))
}
/** A rotation that was missed is due when it can be made up for. */
function postpone({ schedule }: Key, until: number): void {
  if (schedule !== undefined) schedule.next = Math.max(schedule.next, until)
}
function enable({ key, at }: Spot, place: Place, now: number): void {
  place.state = 'Enabled'
  if (at === key.primary) postpone(key, now)
}
function completeRotation(key: Key, date: number): void {
  if (key.pending !== undefined) key.versions.push(key.pending)
  key.pending = undefined
  postpone(key, date)
}
/** What is pending at the primary is forgotten with its name, in every Region. */
function loseMaterial({ key, at }: Spot, material = -1): void {
  const isForgotten = at === key.primary && key.pending?.material === material
  if (isForgotten) key.pending = undefined
  for (const [region, { held }] of key.places) if (isForgotten || region === at) held.delete(material)
}
/** With the last replica begins the end of a primary that waited for it. */
function remove({ key, at }: Spot, now: number): void {
  key.places.delete(at)
  const primary = key.places.get(key.primary)
  if (primary?.state !== 'PendingReplicaDeletion' || key.places.size > 1) return
  Object.assign(primary, { state: 'PendingDeletion', until: now + primary.windowDays * DAY_MS })
}
