/**
 * Keys that the HSM has unwrapped and keeps for the next command.
 *
 * Bounded; the least recently used goes first, and what goes is zeroized. An entry is found by a few bytes of the
 * token's authentication tag and used only when the whole token is the same, so no token ever opens as another's.
 */

import { equalBytes } from './bytes.ts'
import type { LoadedMaterial } from './families/loaded-material.ts'
import type { TokenFields } from './key-token.ts'

/** A key ready for use. What it is comes from its token, never from a caller. */
export interface LoadedKey {
  readonly fields: TokenFields
  readonly material: LoadedMaterial
}

interface Entry {
  readonly token: Uint8Array
  readonly key: LoadedKey
}

export class LoadedKeys {
  readonly #entries = new Map<number, Entry>()
  readonly #limit: number

  readonly #zeroize: (key: LoadedKey) => void

  /**
   * @param limit how many keys may be loaded at once, at least 1
   * @param zeroize told of each key that goes
   */
  constructor(limit: number, zeroize: (key: LoadedKey) => void) {
    if (!Number.isSafeInteger(limit) || limit < 1) throw new RangeError('loadedKeyLimit must be a positive integer')
    this.#limit = limit
    this.#zeroize = zeroize
  }

  get size(): number {
    return this.#entries.size
  }

  find(token: Uint8Array): LoadedKey | undefined {
    const index = indexOf(token)
    const entry = this.#entries.get(index)
    if (entry === undefined || !equalBytes(entry.token, token)) return undefined
    this.#entries.delete(index)
    this.#entries.set(index, entry)
    return entry.key
  }

  add(token: Uint8Array, key: LoadedKey): void {
    const index = indexOf(token)
    this.#drop(index)
    this.#entries.set(index, { token: Uint8Array.from(token), key })
    if (this.#entries.size <= this.#limit) return
    for (const oldest of this.#entries.keys()) {
      this.#drop(oldest)
      break
    }
  }

  remove(token: Uint8Array): void {
    const index = indexOf(token)
    const entry = this.#entries.get(index)
    if (entry !== undefined && equalBytes(entry.token, token)) this.#drop(index)
  }

  zeroize(): void {
    for (const index of [...this.#entries.keys()]) this.#drop(index)
  }

  #drop(index: number): void {
    const entry = this.#entries.get(index)
    if (entry !== undefined) this.#zeroize(entry.key)
    this.#entries.delete(index)
  }
}

/** Reads the last six bytes, which belong to the authentication tag and are as good as random. */
function indexOf(token: Uint8Array): number {
  let index = 0
  for (let i = token.length - 6; i < token.length; i++) index = index * 256 + (token[i] ?? 0)
  return index
}
