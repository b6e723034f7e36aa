/**
 * A stream of pieces of any size, read in pieces of a given size.
 *
 * A piece of the stream is looked at only until the next one is asked for, so its maker may use the memory again. What
 * is kept beyond that is less than what is being asked for.
 */

import { assertPiece } from './piece.ts'

const EMPTY: Uint8Array = new Uint8Array(0)

export class ByteSource {
  readonly #pieces: AsyncIterator<Uint8Array>
  #piece = EMPTY
  /** Where a read that spans pieces is put together. */
  #gathered = EMPTY

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#pieces = stream[Symbol.asyncIterator]()
  }

  /** Whether `read` can answer without waiting for the stream. */
  holds(length: number): boolean {
    return this.#piece.length >= length
  }

  /**
   * @returns exactly `length` bytes, to be looked at before the next call; `undefined` when the stream ends before, and
   * the bytes that were left are then gone
   */
  async read(length: number): Promise<Uint8Array | undefined> {
    if (this.holds(length)) return this.#take(length)
    if (this.#gathered.length < length) this.#gathered = new Uint8Array(length)
    const gathered = this.#gathered.subarray(0, length)
    let at = 0
    while (true) {
      const part = this.#take(Math.min(length - at, this.#piece.length))
      gathered.set(part, at)
      at += part.length
      if (at === length) return gathered
      const next = await this.#pieces.next()
      if (next.done === true) return undefined
      this.#piece = assertPiece(next.value)
    }
  }

  /** @returns whether nothing follows */
  async isAtEnd(): Promise<boolean> {
    return (await this.read(1)) === undefined
  }

  /** Tells the stream that no more of it is wanted. */
  async close(): Promise<void> {
    this.#piece = EMPTY
    await this.#pieces.return?.()
  }

  #take(length: number): Uint8Array {
    const part = this.#piece.subarray(0, length)
    this.#piece = this.#piece.subarray(length)
    return part
  }
}
