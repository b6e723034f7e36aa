/** Sorted names for each of many owners, and pages of what they name. */

import { SortedNames } from './sorted-names.ts'
import type { Page, PageRequest } from './store.ts'

/** What an owner has that has nothing. Never written to. */
const NOTHING = new SortedNames()

/** An owner without names costs nothing. */
export class Names {
  readonly #byOwner = new Map<string, SortedNames>()

  of(owner: string): Pick<SortedNames, 'after' | 'size'> {
    return this.#byOwner.get(owner) ?? NOTHING
  }

  add(owner: string, name: string): void {
    let names = this.#byOwner.get(owner)
    if (names === undefined) {
      names = new SortedNames()
      this.#byOwner.set(owner, names)
    }
    names.add(name)
  }

  remove(owner: string, name: string): void {
    const names = this.#byOwner.get(owner)
    names?.remove(name)
    if (names?.size === 0) this.#byOwner.delete(owner)
  }
}

export function readPage<Item>(
  names: Pick<SortedNames, 'after' | 'size'>,
  page: PageRequest,
  find: (name: string) => Item | undefined,
): Page<Item> {
  if (names.size === 0) return { items: [], isTruncated: false }
  const { limit } = page
  const found = names.after(page.after, limit + 1)
  const items: Item[] = []
  for (const name of found) {
    const item = items.length < limit ? find(name) : undefined
    if (item !== undefined) items.push(item)
  }
  return { items, isTruncated: found.length > limit }
}
