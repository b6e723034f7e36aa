/**
 * Cuts a stream into frames: pieces of any size go in, contents of one length come out, and a last one that may be
 * shorter.
 *
 * A full frame waits until something follows it, since the last frame says that it is the last. What waits is copied:
 * the memory of a piece is its maker's again when `push` has been run to its end.
 */

export class FrameSplitter {
  readonly #waiting: Uint8Array
  #length = 0

  constructor(frameLength: number) {
    this.#waiting = new Uint8Array(frameLength)
  }

  /** @returns each content that is not the last one, to be looked at before the next is asked for */
  *push(piece: Uint8Array): Generator<Uint8Array, void, undefined> {
    const frameLength = this.#waiting.length
    let rest = piece
    if (this.#length > 0) {
      const missing = rest.subarray(0, frameLength - this.#length)
      this.#waiting.set(missing, this.#length)
      this.#length += missing.length
      rest = rest.subarray(missing.length)
      if (rest.length === 0) return
      yield this.#waiting
      this.#length = 0
    }
    while (rest.length > frameLength) {
      yield rest.subarray(0, frameLength)
      rest = rest.subarray(frameLength)
    }
    this.#waiting.set(rest)
    this.#length = rest.length
  }

  /** The content of the last frame. */
  get last(): Uint8Array {
    return this.#waiting.subarray(0, this.#length)
  }

  /** Overwrites what waits. */
  zeroize(): void {
    this.#waiting.fill(0)
  }
}
