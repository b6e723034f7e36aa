/** Gathers a request body from its chunks and never keeps more than its limit. */

export class BodyCollector {
  readonly #limitBytes: number
  readonly #chunks: Uint8Array[] = []
  #length = 0

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  /** @returns whether the body still fits; once it does not, nothing is kept of it */
  add(chunk: Uint8Array): boolean {
    this.#length += chunk.length
    if (this.#length <= this.#limitBytes) {
      this.#chunks.push(chunk)
      return true
    }
    this.#chunks.length = 0
    return false
  }

  toBytes(): Uint8Array {
    const [first] = this.#chunks
    if (first !== undefined && this.#chunks.length === 1) return first
    const body = new Uint8Array(this.#length)
    let at = 0
    for (const chunk of this.#chunks) {
      body.set(chunk, at)
      at += chunk.length
    }
    return body
  }
}
