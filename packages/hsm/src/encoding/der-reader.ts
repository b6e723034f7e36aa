/**
 * Reading DER, the one encoding that each value has; whatever BER admits beyond it is refused.
 *
 * Total: hostile bytes give `undefined` and nothing else. There is no recursion but the grammar's own, and each step
 * consumes bytes, so reading ends. What is read are views of the input; nothing is copied.
 *
 * @spec X.690 §8, §10, §11
 */

import { type DerTag, MAX_IDENTIFIER_LENGTH, TAG } from './der-tag.ts'
import { formatObjectIdentifier } from './object-identifier.ts'

/** No structure of this package comes near it. */
const MAX_LENGTH = 0xff_ffff

/** The only thing that a reader throws; it never leaves `decodeDer`. */
class DerError extends Error {
  override readonly name = 'DerError'
}

function refuse(): never {
  throw new DerError('not the DER expected')
}

/**
 * Reads a whole structure.
 *
 * @param read takes what it expects from the reader; bytes that it leaves over are a refusal
 * @returns what `read` returned, or `undefined` when the bytes are not exactly what it read
 */
export function decodeDer<T>(bytes: Uint8Array, read: (reader: DerReader) => T): T | undefined {
  try {
    return readWhole(bytes, read)
  } catch (error) {
    if (error instanceof DerError) return undefined
    throw error
  }
}

function readWhole<T>(bytes: Uint8Array, read: (reader: DerReader) => T): T {
  const reader = new DerReader(bytes)
  const value = read(reader)
  if (!reader.isAtEnd) refuse()
  return value
}

export class DerReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  /** Whether the next value has this tag, for what is OPTIONAL. */
  isNext(tag: DerTag): boolean {
    return this.#bytes[this.#at] === tag
  }

  /** The tag of the next value, if it is one of those that keys and signatures are made of. */
  get nextTag(): DerTag | undefined {
    const tag = this.#bytes[this.#at]
    return Object.values(TAG).find((known) => known === tag)
  }

  /** Refuses what the structure does not allow, though DER does. */
  refuse(): never {
    return refuse()
  }

  /** @returns a view of the value's content */
  readContent(tag: DerTag): Uint8Array {
    if (this.#readByte() !== tag) refuse()
    const length = this.#readLength()
    const end = this.#at + length
    if (end > this.#bytes.length) refuse()
    const content = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return content
  }

  /** Reads the values inside one, all of them: a SEQUENCE, an explicit tag, or DER within an OCTET STRING. */
  readInside<T>(tag: DerTag, read: (inside: DerReader) => T): T {
    return readWhole(this.readContent(tag), read)
  }

  /** @returns the magnitude of a positive INTEGER, without leading zeros; zero and negative ones are refused */
  readPositive(): Uint8Array {
    const content = this.readContent(TAG.integer)
    const [first, second] = content
    if (first === undefined || first >= 0x80) refuse()
    if (first !== 0) return content
    // A leading zero is there only to keep a magnitude with a high first bit from being negative. §8.3.2
    if (second === undefined || second < 0x80) refuse()
    return content.subarray(1)
  }

  /** Reads a version, which is a small INTEGER, and refuses any other. */
  expectVersion(version: number): void {
    const content = this.readContent(TAG.integer)
    if (content.length !== 1 || content[0] !== version) refuse()
  }

  readNull(): void {
    if (this.readContent(TAG.null).length > 0) refuse()
  }

  /** @returns a view of a BIT STRING's whole bytes; one with unused bits is refused: no key has any. §11.2 */
  readBitString(tag: DerTag = TAG.bitString): Uint8Array {
    const content = this.readContent(tag)
    if (content[0] !== 0) refuse()
    return content.subarray(1)
  }

  /** Reads the values inside a BIT STRING, all of them. */
  readInsideBitString<T>(read: (inside: DerReader) => T): T {
    return readWhole(this.readBitString(), read)
  }

  /** @returns the dotted form */
  readObjectIdentifier(): string {
    const content = this.readContent(TAG.objectIdentifier)
    if (content.length > MAX_IDENTIFIER_LENGTH) refuse()
    return formatObjectIdentifier(content) ?? refuse()
  }

  #readByte(): number {
    return this.#bytes[this.#at++] ?? refuse()
  }

  /** The definite form in as few bytes as there can be. §10.1 */
  #readLength(): number {
    const first = this.#readByte()
    if (first < 0x80) return first
    // 80 is the indefinite form; more than three bytes would pass MAX_LENGTH, ff among them.
    const count = first & 0x7f
    if (count === 0 || count > 3) refuse()
    let length = 0
    for (let i = 0; i < count; i++) length = length * 256 + this.#readByte()
    const least = count === 1 ? 0x80 : 256 ** (count - 1)
    if (length < least || length > MAX_LENGTH) refuse()
    return length
  }
}
