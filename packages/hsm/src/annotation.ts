/**
 * What each byte of a structure is: the model of every annotator, and the one way in which they make it.
 *
 * Annotators are pure and stand beside the codec of their format. They say what bytes are and never what a secret is
 * worth: the bytes themselves are not in an annotation, and those of kind `secret` must not be shown.
 */

/** What sort of bytes these are, for whoever paints them. */
export type AnnotationKind =
  /** The same in every structure of the format. */
  | 'fixed'
  | 'length'
  /** Names a key, an algorithm or an owner. */
  | 'identifier'
  | 'random'
  /** Text or data in the clear. */
  | 'content'
  | 'ciphertext'
  /** What holds the rest together: an authentication tag or a signature. */
  | 'tag'
  | 'public-key'
  /** Key bytes in the clear. */
  | 'secret'
  /** What comes after the part that was understood. */
  | 'unparsed'

export interface Description {
  readonly kind: AnnotationKind
  /** What the bytes are. */
  readonly name: string
  /** What they say, read. */
  readonly meaning: string
  /** What they are for. */
  readonly purpose: string
  /** What would notice a change of them. */
  readonly authenticatedBy: string
  /** How deep they stand in a nested structure; 0 when absent. */
  readonly depth?: number
}

export interface Annotation extends Required<Description> {
  readonly offset: number
  /** At least 1. */
  readonly length: number
}

/** Every byte exactly once and in order, or why the bytes are not of the format. */
export type Annotated = Tour | { readonly refusal: string }

export interface Tour {
  readonly annotations: readonly Annotation[]
  /** What is wrong with the whole, such as an end that is missing. */
  readonly remark?: string
}

/** Takes a structure from its first byte to its last, so that annotations neither overlap nor leave a gap. */
export class Annotator {
  readonly #bytes: Uint8Array
  readonly #annotations: Annotation[] = []
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** The offset of the next byte. */
  get at(): number {
    return this.#at
  }

  get rest(): number {
    return this.#bytes.length - this.#at
  }

  /**
   * Takes the next `length` bytes, none if it is 0, and never more than there are.
   *
   * @param describe gets a view of the bytes
   */
  take(length: number, describe: (bytes: Uint8Array) => Description): void {
    const taken = Math.min(length, this.rest)
    if (taken <= 0) return
    const description = describe(this.#bytes.subarray(this.#at, this.#at + taken))
    this.#annotations.push({ offset: this.#at, length: taken, depth: 0, ...description })
    this.#at += taken
  }

  /**
   * Ends the tour. Bytes that nobody took are annotated as unparsed.
   *
   * @param remark why the tour ends before the structure does, if so
   */
  finish(remark?: string): Tour {
    this.take(this.rest, () => ({
      kind: 'unparsed',
      name: 'unparsed',
      meaning: remark ?? 'nothing in the format says what these bytes are',
      purpose: 'unknown',
      authenticatedBy: 'unknown',
    }))
    return { annotations: this.#annotations, ...(remark === undefined ? {} : { remark }) }
  }
}
