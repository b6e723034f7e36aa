/**
 * DER that a decoder of `encoding/` has accepted, byte by byte.
 *
 * The decoders give views of the bytes that they read, so a field's place is where its view lies: nothing of a
 * structure is written down a second time here.
 */

import { type Annotated, Annotator, type Description } from '../annotation.ts'
import { type DerReader, decodeDer } from '../encoding/der-reader.ts'
import { type DerTag, TAG } from '../encoding/der-tag.ts'
import { nameObjectIdentifier } from '../encoding/key-algorithm.ts'
import { formatObjectIdentifier } from '../encoding/object-identifier.ts'
import { countBytes } from './bytes-in-words.ts'

/** A field that the decoder gave out, and the words for it. */
export interface NamedView {
  readonly view: Uint8Array
  readonly description: Description
}

export interface DerStructure {
  /** Of the outermost value, and of the value inside a BIT STRING or OCTET STRING. */
  readonly names: { readonly outer: string; readonly inner: string }
  readonly fields: readonly NamedView[]
  readonly authenticatedBy: string
}

const TAG_NAMES: Readonly<Record<DerTag, string>> = {
  [TAG.integer]: 'INTEGER',
  [TAG.bitString]: 'BIT STRING',
  [TAG.octetString]: 'OCTET STRING',
  [TAG.null]: 'NULL',
  [TAG.objectIdentifier]: 'OBJECT IDENTIFIER',
  [TAG.sequence]: 'SEQUENCE',
  [TAG.primitive0]: '[0]',
  [TAG.explicit0]: '[0]',
  [TAG.explicit1]: '[1]',
}

/** Says what each byte of an accepted structure is. */
export function annotateDer(bytes: Uint8Array, structure: DerStructure): Annotated {
  const annotator = new Annotator(bytes)
  decodeDer(bytes, (reader) => new Tour(bytes, annotator, structure).takeValues(reader, 0, structure.names.outer))
  return annotator.finish()
}

class Tour {
  readonly #bytes: Uint8Array
  readonly #annotator: Annotator
  readonly #structure: DerStructure

  constructor(bytes: Uint8Array, annotator: Annotator, structure: DerStructure) {
    this.#bytes = bytes
    this.#annotator = annotator
    this.#structure = structure
  }

  /** @param name of a SEQUENCE among the values, unless it is an algorithm's */
  takeValues(reader: DerReader, depth: number, name: string): void {
    while (!reader.isAtEnd) {
      const tag = reader.nextTag ?? reader.refuse()
      this.#takeValue(tag, reader.readContent(tag), depth, name)
    }
  }

  #takeValue(tag: DerTag, content: Uint8Array, depth: number, name: string): void {
    const field = this.#structure.fields.find(({ view }) => isAlmostWhole(content, view))
    if (field !== undefined) {
      this.#takeHeader(tag, content, depth, `of ${field.description.name}`)
      this.#takeLead(tag, content.length - field.view.length, depth)
      this.#annotator.take(field.view.length, () => ({ ...field.description, depth: depth + 1 }))
    } else if (tag === TAG.bitString || tag === TAG.octetString) {
      this.#takeHeader(tag, content, depth, `around ${this.#structure.names.inner}`)
      const lead = tag === TAG.bitString ? 1 : 0
      this.#takeLead(tag, lead, depth)
      this.#takeInside(content.subarray(lead), depth + 1, this.#structure.names.inner)
    } else if (tag === TAG.sequence || tag === TAG.explicit0 || tag === TAG.explicit1) {
      const isAlgorithm = tag === TAG.sequence && content[0] === TAG.objectIdentifier
      const called = isAlgorithm ? 'AlgorithmIdentifier' : name
      this.#takeHeader(tag, content, depth, tag === TAG.sequence ? called : 'an optional field')
      this.#takeInside(content, depth + 1, called)
    } else {
      this.#takeLeaf(tag, content, depth)
    }
  }

  #takeInside(content: Uint8Array, depth: number, name: string): void {
    decodeDer(content, (inside) => this.takeValues(inside, depth, name))
  }

  #takeHeader(tag: DerTag, content: Uint8Array, depth: number, what: string): void {
    this.#take(content.byteOffset - this.#bytes.byteOffset - this.#annotator.at, {
      kind: 'length',
      name: `${TAG_NAMES[tag]} ${what}`,
      meaning: countBytes(content.length),
      purpose: 'tag and length of what follows',
      depth,
    })
  }

  /** The byte before a field: the sign of a number, or how many bits of a string are unused. */
  #takeLead(tag: DerTag, length: number, depth: number): void {
    const isNumber = tag === TAG.integer
    this.#take(length, {
      kind: 'fixed',
      name: isNumber ? 'sign' : 'unused bits',
      meaning: isNumber ? 'positive' : 'none',
      purpose: isNumber ? 'keeps a number whose first bit is set from being negative' : 'required before the bits',
      depth: depth + 1,
    })
  }

  /** A small value that no decoder gives out: a version, an algorithm, a NULL. Tag, length and content in one. */
  #takeLeaf(tag: DerTag, content: Uint8Array, depth: number): void {
    const length = content.byteOffset - this.#bytes.byteOffset - this.#annotator.at + content.length
    this.#take(length, { ...describeLeaf(tag, content), depth })
  }

  #take(length: number, description: Omit<Description, 'authenticatedBy'>): void {
    const { authenticatedBy } = this.#structure
    this.#annotator.take(length, () => ({ ...description, authenticatedBy }))
  }
}

function describeLeaf(tag: DerTag, content: Uint8Array): Omit<Description, 'authenticatedBy'> {
  switch (tag) {
    case TAG.objectIdentifier: {
      const dotted = formatObjectIdentifier(content) ?? ''
      const meaning = `${nameObjectIdentifier(dotted) ?? 'unknown'} (${dotted})`
      return { kind: 'identifier', name: TAG_NAMES[tag], meaning, purpose: 'names the algorithm or its curve' }
    }
    case TAG.integer:
      return {
        kind: 'fixed',
        name: 'version',
        meaning: `${content[0] ?? ''}`,
        purpose: 'tells the structure from later ones',
      }
    default:
      return { kind: 'fixed', name: TAG_NAMES[tag], meaning: 'no parameters', purpose: 'stands where parameters would' }
  }
}

/** Whether `view` is the content but for at most one byte before it. */
function isAlmostWhole(content: Uint8Array, view: Uint8Array): boolean {
  const lead = content.length - view.length
  return (lead === 0 || lead === 1) && view.byteOffset === content.byteOffset + lead
}
