/**
 * The domain keys: what wraps every key token of one HSM domain.
 *
 * One is active and wraps; any other only unwraps. Their bytes never leave this file.
 *
 * @spec KMS crypto-details §1 (domain key)
 */

import { drawBytes } from './entropy.ts'
import { DOMAIN_KEY_ID_LENGTH } from './key-token.ts'
import type { MacKey } from './symmetric-primitives.ts'
import type { Services } from './services.ts'

const DOMAIN_KEY_LENGTH = 32

export interface DomainKey {
  /** Names the key in every token that it wraps. */
  readonly id: Uint8Array
  /** Derives one wrapping key a token. */
  readonly mac: MacKey
}

export class DomainKeyring {
  readonly #keys = new Map<string, DomainKey>()
  readonly #services: Services
  #active: DomainKey

  constructor(services: Services) {
    this.#services = services
    this.#active = this.#add()
  }

  /** Makes a new active key; the one before it only unwraps from now on. */
  rotate(): void {
    this.#active = this.#add()
  }

  #add(): DomainKey {
    const { provider, entropy } = this.#services
    const id = drawBytes(entropy, DOMAIN_KEY_ID_LENGTH)
    const bytes = drawBytes(entropy, DOMAIN_KEY_LENGTH)
    const key = { id, mac: provider.createHmac('SHA-256', bytes) }
    bytes.fill(0)
    this.#keys.set(nameOf(id), key)
    return key
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

  zeroize(): void {
    for (const key of this.#keys.values()) key.mac.zeroize()
    this.#keys.clear()
  }
}

function nameOf(id: Uint8Array): string {
  return String.fromCharCode(...id)
}
