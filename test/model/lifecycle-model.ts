/**
 * The life of keys in several Regions, without cryptography: what may be asked of a key, and what is answered. What
 * happens to it by itself is in `lifecycle-key.ts`. Neither has 150 lines of code.
 *
 * A method returns the exception that the service must answer, or `undefined` when it must succeed, and then changes the
 * model as the service must change.
 */
import { DAY_MS } from '@softkms/lifecycle'
import type { Key, Place, State } from './lifecycle-key.ts'
import {
  beginRotation,
  enable,
  eventsOf,
  isPendingEverywhere,
  loseMaterial,
  newPlace,
  settle,
} from './lifecycle-key.ts'

/** A key as it is asked for in a Region, where it may or may not be. */
export interface Spot {
  readonly key: Key
  readonly at: string
}

type Refusal = string | undefined
type Change = (place: Place) => unknown

const IN_USE: readonly State[] = ['Enabled', 'Updating']
const SWITCHED: readonly State[] = ['Enabled', 'Disabled']
const STEADY: readonly State[] = [...SWITCHED, 'PendingImport']
const DYING: readonly State[] = ['PendingDeletion', 'PendingReplicaDeletion']
const UNSUPPORTED = 'UnsupportedOperationException'
const INVALID_STATE = 'KMSInvalidStateException'
const INCORRECT = 'IncorrectKeyMaterialException'

export class LifecycleModel {
  readonly keys: Key[] = []
  now: number
  readonly replicationMs: number

  constructor(now: number, replicationMs: number) {
    this.now = now
    this.replicationMs = replicationMs
  }

  createKey(at: string, isImported: boolean, isMultiRegion: boolean): void {
    const places = new Map([[at, newPlace(isImported ? 'PendingImport' : 'Enabled', 0)]])
    const { replicationMs } = this
    const versions = isImported ? [] : [{ material: 0 }]
    this.keys.push({ isImported, isMultiRegion, replicationMs, primary: at, places, versions })
  }

  /** Encrypt and the like. */
  use(spot: Spot): Refusal {
    return this.on(spot, IN_USE)
  }

  /** Decrypt, of anything that the key ever sealed: a Region where the key is not knows nothing of it. */
  open(spot: Spot): Refusal {
    return spot.key.places.has(spot.at) ? this.on(spot, IN_USE) : 'InvalidCiphertextException'
  }

  enable(spot: Spot): Refusal {
    return this.on(spot, SWITCHED, [], () => enable(spot.key, spot.at, this.now))
  }

  disable(spot: Spot): Refusal {
    return this.on(spot, SWITCHED, [], (place) => (place.state = 'Disabled'))
  }

  scheduleDeletion(spot: Spot, windowDays: number): Refusal {
    const waits = spot.at === spot.key.primary && spot.key.places.size > 1
    const state = waits ? 'PendingReplicaDeletion' : 'PendingDeletion'
    const until = this.now + windowDays * DAY_MS
    return this.on(spot, [...STEADY, 'Creating'], [], (place) => Object.assign(place, { state, windowDays, until }))
  }

  cancelDeletion(spot: Spot): Refusal {
    return this.on(spot, DYING, [], (place) => (place.state = 'Disabled'))
  }

  setSchedule(spot: Spot, days?: number): Refusal {
    const { key, at } = spot
    if (key.places.get(at)?.state === 'PendingImport') return UNSUPPORTED
    return this.on(spot, IN_USE, [!key.isImported || UNSUPPORTED, isPrimary(spot)], () => {
      key.schedule = days === undefined ? days : { periodMs: days * DAY_MS, next: this.now + days * DAY_MS }
    })
  }

  rotate(spot: Spot): Refusal {
    const { isImported, versions, pending } = spot.key
    const isReady = isImported ? isPendingEverywhere(spot.key) || INVALID_STATE : !pending || 'ConflictException'
    const onDemand = [...versions, pending].filter((version) => version?.rotation?.type === 'ON_DEMAND')
    const rules = [isPrimary(spot), isReady, onDemand.length < 25 || 'LimitExceededException']
    return this.on(spot, IN_USE, rules, () => beginRotation(spot.key, 'ON_DEMAND', this.now))
  }

  getParameters(spot: Spot): Refusal {
    return this.onImported(spot, STEADY)
  }

  import(spot: Spot, material: number, validTo: number, isNew = spot.key.versions.length === 0): Refusal {
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

  deleteMaterial({ key, at }: Spot, material = key.versions.at(-1)?.material): Refusal {
    const rules = [material === undefined || isKnown(key, material) || 'NotFoundException']
    return this.onImported({ key, at }, [...STEADY, ...DYING], rules, () => loseMaterial(key, at, material ?? -1))
  }

  replicate(spot: Spot, to: string): Refusal {
    const rules = [isPrimary(spot, true), !spot.key.places.has(to) || 'AlreadyExistsException']
    const replica = newPlace('Creating', this.now + this.replicationMs)
    return this.on(spot, ['Enabled'], rules, () => spot.key.places.set(to, replica))
  }

  updatePrimary(spot: Spot, to: string): Refusal {
    const target = spot.key.places.get(to)
    const rules = [isPrimary(spot, true), to === spot.at ? UNSUPPORTED : true, demand(target, IN_USE) ?? true] as const
    return this.on(spot, IN_USE, rules, (place) => {
      spot.key.primary = to
      const updating = { state: 'Updating', until: this.now + this.replicationMs }
      for (const one of [place, target]) Object.assign(one ?? {}, updating)
    })
  }

  /** When the next thing happens by itself. */
  nextEvent(): number {
    return Math.min(...this.keys.flatMap((key) => eventsOf(key).map(({ at }) => at)))
  }

  advanceTo(now: number): void {
    this.now = now
    for (const key of this.keys) settle(key, now)
  }

  /** Changes a key in a Region where it is in one of the states. A rule is true, or the exception that comes. */
  private on(
    { key, at }: Spot,
    states: readonly State[],
    rules: readonly (true | string)[] = [],
    change?: Change,
  ): Refusal {
    const place = key.places.get(at)
    const refusal = demand(place, states) ?? rules.find((rule) => rule !== true)
    if (refusal === undefined && place !== undefined) change?.(place)
    settle(key, this.now)
    return refusal
  }

  /** The same of imported material. Keys without say so, unless they are too busy to say anything. */
  private onImported(
    spot: Spot,
    states: readonly State[],
    rules: readonly (true | string)[] = [],
    change?: Change,
  ): Refusal {
    const asked = spot.key.isImported ? states : [...STEADY, ...DYING, ...states]
    return this.on(spot, asked, [spot.key.isImported || UNSUPPORTED, ...rules], change)
  }
}

/** What an operation is answered that works in these states alone. */
function demand(place: Place | undefined, states: readonly State[]): Refusal {
  if (place === undefined) return 'NotFoundException'
  if (states.includes(place.state)) return undefined
  return place.state === 'Disabled' && states.includes('Enabled') ? 'DisabledException' : INVALID_STATE
}

function isPrimary({ key, at }: Spot, isOfSet = false): true | string {
  return (key.primary === at && (key.isMultiRegion || !isOfSet)) || UNSUPPORTED
}

function isKnown({ versions, pending }: Key, material: number): boolean {
  return [...versions, pending].some((version) => version?.material === material)
}
