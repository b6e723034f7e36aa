/**
 * The domain keys: what wraps every key token of one HSM domain, and what tells its records from any others.
 *
 * One is active; any other only unwraps and verifies. Their bytes leave this file inside a sealed keyring alone.
 *
 * @spec KMS crypto-details §1 (domain key)
 */

import { deriveKey } from './algorithms/kbkdf/kbkdf.ts'
import { drawBytes } from './entropy.ts'
import { encodeUtf8 } from './host.ts'
import { DOMAIN_KEY_ID_LENGTH } from './key-token.ts'
import { Secret } from './secret.ts'
import type { MacKey, MacPrimitives } from './symmetric-primitives.ts'
import type { Services } from './services.ts'

const DOMAIN_KEY_LENGTH = 32
const ENTRY_LENGTH = DOMAIN_KEY_ID_LENGTH + DOMAIN_KEY_LENGTH
const RECORD_LABEL = 'softkms record tag'

export class DomainKey {
  /** Names the key in every token that it wraps. */
  readonly id: Uint8Array
  /** Derives one wrapping key a token. */
  readonly mac: MacKey
  readonly bytes: Secret
  readonly #provider: MacPrimitives
  #recordMac: MacKey | undefined

  /** @param bytes the caller's to zeroize */
  constructor(provider: MacPrimitives, id: Uint8Array, bytes: Uint8Array) {
    this.#provider = provider
    this.id = id
    this.mac = provider.createHmac('SHA-256', bytes)
    this.bytes = Secret.copyOf(bytes)
  }

  /** Makes the tags of records; derived when the first is asked for. */
  get recordMac(): MacKey {
    if (this.#recordMac !== undefined) return this.#recordMac
    const key = deriveKey(this.mac, encodeUtf8(RECORD_LABEL), this.id)
    try {
      return (this.#recordMac = this.#provider.createHmac('SHA-256', key))
    } finally {
      key.fill(0)
    }
  }

  zeroize(): void {
    this.mac.zeroize()
    this.#recordMac?.zeroize()
    this.bytes.zeroize()
  }
}

export class DomainKeyring {
  readonly #keys = new Map<string, DomainKey>()
  readonly #services: Services
  #active: DomainKey

  private constructor(services: Services, keys: readonly DomainKey[], active: DomainKey) {
    this.#services = services
    for (const key of keys) this.#keys.set(nameOf(key.id), key)
    this.#active = active
  }

  /** A keyring with one fresh key: a new domain. */
  static create(services: Services): DomainKeyring {
    const key = drawKey(services)
    return new DomainKeyring(services, [key], key)
  }

  /** @param entries as `useEntries` lends them @returns `undefined` for bytes that are no entries */
  static fromEntries(services: Services, entries: Uint8Array): DomainKeyring | undefined {
    if (entries.length === 0 || entries.length % ENTRY_LENGTH !== 0) return undefined
    const keys = Array.from({ length: entries.length / ENTRY_LENGTH }, (_, index) => {
      const entry = entries.subarray(index * ENTRY_LENGTH, (index + 1) * ENTRY_LENGTH)
      return new DomainKey(
        services.provider,
        entry.slice(0, DOMAIN_KEY_ID_LENGTH),
        entry.subarray(DOMAIN_KEY_ID_LENGTH),
      )
    })
    const [active] = keys
    return active && new DomainKeyring(services, keys, active)
  }

  /** Makes a new active key; the one before it only unwraps from now on. */
  rotate(): void {
    this.#active = drawKey(this.#services)
    this.#keys.set(nameOf(this.#active.id), this.#active)
  }

  /** The same keys once more, to be zeroized by themselves. */
  copy(): DomainKeyring {
    const copy = this.useEntries((entries) => DomainKeyring.fromEntries(this.#services, entries))
    if (copy === undefined) throw new TypeError('a keyring has a key')
    return copy
  }

  get active(): DomainKey {
    return this.#active
  }

  get size(): number {
    return this.#keys.size
  }

  find(id: Uint8Array): DomainKey | undefined {
    return this.#keys.get(nameOf(id))
  }

  /** Lends the ids and the bytes of all keys in one, the active one first. */
  useEntries<T>(read: (entries: Uint8Array) => T): T {
    const others = [...this.#keys.values()].filter((key) => key !== this.#active)
    const entries = new Uint8Array(this.#keys.size * ENTRY_LENGTH)
    try {
      for (const [index, { id, bytes }] of [this.#active, ...others].entries()) {
        entries.set(id, index * ENTRY_LENGTH)
        bytes.use((key) => entries.set(key, index * ENTRY_LENGTH + DOMAIN_KEY_ID_LENGTH))
      }
      return read(entries)
    } finally {
      entries.fill(0)
    }
  }

  zeroize(): void {
    for (const key of this.#keys.values()) key.zeroize()
    this.#keys.clear()
  }
}

function drawKey(services: Services): DomainKey {
  const id = drawBytes(services.entropy, DOMAIN_KEY_ID_LENGTH)
  const bytes = drawBytes(services.entropy, DOMAIN_KEY_LENGTH)
  try {
    return new DomainKey(services.provider, id, bytes)
  } finally {
    bytes.fill(0)
  }
}

function nameOf(id: Uint8Array): string {
  return String.fromCharCode(...id)
}
