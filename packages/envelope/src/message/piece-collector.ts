/** Collects small outputs, so that what is given out is of a size worth a system call. */

import { releaseBytes } from '@softkms/hsm'
import { joinFields } from './field-writer.ts'

export class PieceCollector {
  readonly #enough: number
  #parts: Uint8Array[] = []
  #length = 0

  /** @param enough bytes that make a piece */
  constructor(enough: number) {
    this.#enough = enough
  }

  /** @param part becomes the collector's own */
  add(part: Uint8Array): void {
    this.#parts.push(part)
    this.#length += part.length
  }

  /** Gives out what there is: as soon as there is enough for a piece, or, when flushing, whatever it is. */
  *take(isFlushing: boolean): Generator<Uint8Array, void, undefined> {
    if (this.#length === 0 || (this.#length < this.#enough && !isFlushing)) return
    const parts = this.#parts
    const piece = joinFields(parts)
    this.#parts = []
    this.#length = 0
    for (const part of parts) releaseBytes(part)
    yield piece
  }
}
