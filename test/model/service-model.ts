/**
 * KMS in little more than a hundred lines: what a caller may rely on, without cryptography, stores or identifiers.
 *
 * Keys are numbers, in the order of their creation. A method returns the exception that the service must answer, or
 * `undefined` when it must succeed, and then changes the model as the service must change.
 */
import { DAY_MS } from '@softkms/lifecycle'

type State = 'Enabled' | 'Disabled' | 'PendingDeletion' | 'Gone'

interface ModelVersion {
  readonly rotation?: { readonly type: 'AUTOMATIC' | 'ON_DEMAND'; readonly date: number }
}

export interface ModelKey {
  state: State
  deletionDate: number
  schedule: { readonly periodMs: number; next: number } | undefined
  readonly versions: ModelVersion[]
  readonly tags: Map<string, string>
  description: string
}

export interface ModelBlob {
  readonly key: number
  /** Which of the key's versions sealed it. */
  readonly version: number
  readonly plaintext: number
  readonly context: string
}

/** A key by itself, or whatever key an alias points to. */
export type Reference = { readonly key: number } | { readonly alias: string }

type Answer = string | undefined

const LIVING: readonly State[] = ['Enabled', 'Disabled']

export class ServiceModel {
  now: number
  readonly keys: ModelKey[] = []
  readonly aliases = new Map<string, number>()
  readonly blobs: ModelBlob[] = []

  constructor(now: number) {
    this.now = now
  }

  createKey(): void {
    const fresh = { deletionDate: 0, schedule: undefined, versions: [{}], tags: new Map<string, string>() }
    this.keys.push({ state: 'Enabled', description: '', ...fresh })
  }

  /** The key that is meant, or `undefined` when there is none. */
  find(reference: Reference): number | undefined {
    const key = 'key' in reference ? reference.key : this.aliases.get(reference.alias)
    return key === undefined || this.keys[key]?.state === 'Gone' ? undefined : key
  }

  /** What an operation is answered that works in `states` only. */
  demand(key: number | undefined, states: readonly State[]): Answer {
    const state = key === undefined ? 'Gone' : (this.keys[key]?.state ?? 'Gone')
    if (states.includes(state)) return undefined
    if (state === 'Gone') return 'NotFoundException'
    return state === 'Disabled' && states.includes('Enabled') ? 'DisabledException' : 'KMSInvalidStateException'
  }

  /** Changes a key that is in one of `states`. */
  change(key: number, states: readonly State[], change: (key: ModelKey) => void): Answer {
    const found = this.keys[key]
    const answer = this.demand(key, states)
    if (answer === undefined && found !== undefined) change(found)
    this.settle()
    return answer
  }

  setState(key: number, state: 'Enabled' | 'Disabled'): Answer {
    return this.change(key, LIVING, (found) => {
      const missed = state === 'Enabled' && found.schedule !== undefined && found.schedule.next < this.now
      if (missed) found.schedule = { periodMs: found.schedule?.periodMs ?? 0, next: this.now }
      found.state = state
    })
  }

  scheduleDeletion(key: number, days: number): Answer {
    return this.change(key, LIVING, (found) => {
      found.state = 'PendingDeletion'
      found.deletionDate = this.now + days * DAY_MS
    })
  }

  cancelDeletion(key: number): Answer {
    return this.change(key, ['PendingDeletion'], (found) => {
      found.state = 'Disabled'
    })
  }

  rotate(key: number): Answer {
    const onDemand = this.keys[key]?.versions.filter(({ rotation }) => rotation?.type === 'ON_DEMAND') ?? []
    const answer = this.demand(key, ['Enabled']) ?? (onDemand.length === 25 ? 'LimitExceededException' : undefined)
    if (answer === undefined) this.keys[key]?.versions.push({ rotation: { type: 'ON_DEMAND', date: this.now } })
    return answer
  }

  setSchedule(key: number, days: number | undefined): Answer {
    return this.change(key, ['Enabled'], (found) => {
      const periodMs = (days ?? 0) * DAY_MS
      found.schedule = days === undefined ? undefined : { periodMs, next: this.now + periodMs }
    })
  }

  createAlias(alias: string, key: number): Answer {
    const answer = this.demand(key, LIVING) ?? (this.aliases.has(alias) ? 'AlreadyExistsException' : undefined)
    if (answer === undefined) this.aliases.set(alias, key)
    return answer
  }

  updateAlias(alias: string, key: number): Answer {
    const answer = this.demand(key, LIVING) ?? (this.aliases.has(alias) ? undefined : 'NotFoundException')
    if (answer === undefined) this.aliases.set(alias, key)
    return answer
  }

  deleteAlias(alias: string): Answer {
    return this.aliases.delete(alias) ? undefined : 'NotFoundException'
  }

  seal(reference: Reference, plaintext: number, context: string): Answer {
    const key = this.find(reference)
    const answer = this.demand(key, ['Enabled'])
    if (answer === undefined && key !== undefined) this.pushBlob(key, plaintext, context)
    return answer
  }

  open({ key, context }: ModelBlob, contextGiven: string, named?: Reference): Answer {
    const nameFound = named && this.find(named)
    if (named !== undefined && nameFound === undefined) return 'NotFoundException'
    if (this.keys[key]?.state === 'Gone') return 'InvalidCiphertextException'
    if (named !== undefined && nameFound !== key) return 'IncorrectKeyException'
    return this.demand(key, ['Enabled']) ?? (context === contextGiven ? undefined : 'InvalidCiphertextException')
  }

  reseal(blob: ModelBlob, destination: Reference, context: string): Answer {
    const key = this.find(destination)
    if (this.keys[blob.key]?.state === 'Gone') return 'InvalidCiphertextException'
    if (key === undefined) return 'NotFoundException'
    const answer = this.demand(blob.key, ['Enabled']) ?? this.demand(key, ['Enabled'])
    if (answer === undefined) this.pushBlob(key, blob.plaintext, context)
    return answer
  }

  /** Time goes on, and what falls due happens. */
  advance(ms: number): void {
    this.now += ms
    this.settle()
  }

  private pushBlob(key: number, plaintext: number, context: string): void {
    const version = (this.keys[key]?.versions.length ?? 0) - 1
    this.blobs.push({ key, version, plaintext, context })
  }

  private settle(): void {
    for (const [number, key] of this.keys.entries()) {
      while (key.state === 'Enabled' && key.schedule !== undefined && key.schedule.next <= this.now) {
        key.versions.push({ rotation: { type: 'AUTOMATIC', date: key.schedule.next } })
        key.schedule.next += key.schedule.periodMs
      }
      if (key.state !== 'PendingDeletion' || key.deletionDate > this.now) continue
      key.state = 'Gone'
      for (const [alias, target] of this.aliases) if (target === number) this.aliases.delete(alias)
    }
  }
}
