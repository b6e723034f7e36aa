/** A set of names in the order of their UTF-16 code units, for paging through and for finding what comes first. */

export class SortedNames {
  readonly #names: string[] = []

  get first(): string | undefined {
    return this.#names[0]
  }

  get size(): number {
    return this.#names.length
  }

  add(name: string): void {
    const at = this.#seek(name)
    if (this.#names[at] !== name) this.#names.splice(at, 0, name)
  }

  remove(name: string): void {
    const at = this.#seek(name)
    if (this.#names[at] === name) this.#names.splice(at, 1)
  }

  /** Up to `limit` names that come after `name`, which need not be one of them. */
  after(name: string | undefined, limit: number): readonly string[] {
    let from = 0
    if (name !== undefined) {
      from = this.#seek(name)
      if (this.#names[from] === name) from++
    }
    return this.#names.slice(from, from + limit)
  }

  /** Where `name` stands, or would. */
  #seek(name: string): number {
    let low = 0
    let high = this.#names.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#names[middle] ?? '') < name) low = middle + 1
      else high = middle
    }
    return low
  }
}
