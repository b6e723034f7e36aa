/**
 * Signing keys, derived once a day for each access key and Region, and kept for the requests that follow.
 *
 * Bounded: the key that was used longest ago makes room, and is overwritten.
 *
 * @spec SigV4 calculate the signature (deriving a signing key)
 */
import type { MacKey, MacPrimitives } from '@softkms/hsm'
import { type Credential, SERVICE, TERMINATOR } from './credential.ts'

interface KeptKey {
  readonly key: MacKey
  /** From which it was derived: an access key may have been given another one since. */
  readonly secretAccessKey: string
}

const MOST_KEYS = 1000

const encoder: TextEncoder = new TextEncoder()

export class SigningKeys {
  readonly #primitives: MacPrimitives
  readonly #mostKeys: number
  readonly #kept = new Map<string, KeptKey>()

  constructor(primitives: MacPrimitives, mostKeys: number = MOST_KEYS) {
    this.#primitives = primitives
    this.#mostKeys = mostKeys
  }

  /** @returns the key, to be used before the next one is asked for */
  get({ accessKeyId, date, region }: Credential, secretAccessKey: string): MacKey {
    // No part holds a slash.
    const name = `${accessKeyId}/${date}/${region}`
    const kept = this.#kept.get(name)
    this.#kept.delete(name)
    if (kept?.secretAccessKey === secretAccessKey) {
      this.#kept.set(name, kept)
      return kept.key
    }
    kept?.key.zeroize()
    const key = this.#derive(date, region, secretAccessKey)
    this.#kept.set(name, { key, secretAccessKey })
    if (this.#kept.size > this.#mostKeys) this.#dropOldest()
    return key
  }

  #derive(date: string, region: string, secretAccessKey: string): MacKey {
    let secret = encoder.encode(`AWS4${secretAccessKey}`)
    for (const part of [date, region, SERVICE, TERMINATOR]) {
      const key = this.#primitives.createHmac('SHA-256', secret)
      secret.fill(0)
      secret = new Uint8Array(key.compute(encoder.encode(part)))
      key.zeroize()
    }
    const key = this.#primitives.createHmac('SHA-256', secret)
    secret.fill(0)
    return key
  }

  #dropOldest(): void {
    for (const [name, { key }] of this.#kept) {
      this.#kept.delete(name)
      key.zeroize()
      return
    }
  }
}
