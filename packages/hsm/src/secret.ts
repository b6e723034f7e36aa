/**
 * Bytes that must not be seen.
 *
 * A `Secret` holds a private copy: it is blind to JSON, `String()`, spread, `structuredClone` and Node's `inspect`, and
 * its bytes are reached only inside `use`. Whoever makes one zeroizes it. Copies that the runtime makes of its own
 * accord are out of reach; SECURITY.md says more.
 */

const INSPECT: symbol = Symbol.for('nodejs.util.inspect.custom')
const MASK = '[Secret]'

export class Secret {
  readonly #bytes: Uint8Array
  #isZeroized = false

  private constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    Object.defineProperty(this, INSPECT, { value: () => MASK })
    Object.freeze(this)
  }

  /** Copies `bytes`; the caller keeps, and zeroizes, its own. */
  static copyOf(bytes: Uint8Array): Secret {
    return new Secret(Uint8Array.from(bytes))
  }

  /**
   * Makes a secret of `length` bytes that `fill` writes; nobody else ever holds them.
   *
   * What `fill` throws is passed on, after what it had written is overwritten.
   */
  static create(length: number, fill: (bytes: Uint8Array) => void): Secret {
    const bytes = new Uint8Array(length)
    try {
      fill(bytes)
    } catch (error) {
      bytes.fill(0)
      throw error
    }
    return new Secret(bytes)
  }

  get length(): number {
    return this.#bytes.length
  }

  get isZeroized(): boolean {
    return this.#isZeroized
  }

  /**
   * Lends the bytes to `read`, which must neither keep nor change them.
   *
   * @throws TypeError after `zeroize`
   */
  use<T>(read: (bytes: Uint8Array) => T): T {
    if (this.#isZeroized) throw new TypeError('The secret was zeroized.')
    return read(this.#bytes)
  }

  /** Overwrites the bytes with zeros. Safe to call twice. */
  zeroize(): void {
    this.#isZeroized = true
    this.#bytes.fill(0)
  }

  toString(): string {
    return MASK
  }

  toJSON(): string {
    return MASK
  }
}
