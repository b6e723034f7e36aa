/** Whose matrix is in a kernel's memory. It is made of a public seed, and so may stay there. */

const SEED_BYTES = 32

export class KeptMatrix {
  #seed: Uint8Array | undefined
  #rows = 0

  /** @param expand makes the matrix of the seed, unless it is there */
  have(seed: Uint8Array, rows: number, expand: () => void): void {
    if (this.#rows === rows && this.#seed?.every((byte, i) => byte === seed[i]) === true) return
    this.#seed = undefined
    expand()
    this.#seed = seed.slice(0, SEED_BYTES)
    this.#rows = rows
  }
}
