/** Random values that satisfy a shape, for properties over every operation. */
import type { Shape, StructureShape } from '@softkms/kms'
import * as fc from 'fast-check'

type StringShape = Extract<Shape, { readonly type: 'string' }>

/** Lengths beyond their minimum that are worth drawing: the longest text of the API has 131072 characters. */
const MOST_BEYOND_MINIMUM = 40

export function arbitraryOf(shape: Shape): fc.Arbitrary<unknown> {
  switch (shape.type) {
    case 'string':
      return shape.values === undefined ? arbitraryText(shape) : fc.constantFrom(...shape.values)
    case 'blob':
      return fc.uint8Array(lengthsOf(shape))
    case 'integer':
      return fc.integer(shape)
    case 'boolean':
      return fc.boolean()
    case 'timestamp':
      return fc.date({ noInvalidDate: true })
    case 'list':
      return fc.array(arbitraryOf(shape.member), { minLength: shape.min ?? 0, maxLength: Math.min(shape.max ?? 4, 4) })
    case 'map':
      return fc.dictionary(arbitraryUnicode({}), arbitraryUnicode({}), { maxKeys: 4 })
    case 'structure':
      return arbitraryStructure(shape)
  }
}

function arbitraryStructure({ members }: StructureShape): fc.Arbitrary<unknown> {
  const entries = Object.entries(members)
  return fc.record(
    Object.fromEntries(
      entries.map(([name, { shape, required }]) => {
        const value = arbitraryOf(shape)
        return [
          name,
          required === true ? value : fc.oneof({ arbitrary: value, weight: 4 }, fc.constantFrom(null, undefined)),
        ]
      }),
    ),
    { requiredKeys: entries.flatMap(([name, { required }]) => (required === true ? [name] : [])) },
  )
}

function arbitraryText(shape: StringShape): fc.Arbitrary<string> {
  const { pattern } = shape
  if (pattern === undefined) return arbitraryUnicode(lengthsOf(shape))
  const { minLength, maxLength } = lengthsOf(shape)
  // `^[class]+$` says nothing about length: with the length written in, no draw is wasted.
  const bounded = pattern.replace(/^(\^\[[^\]]+\])[+*]\$$/u, `$1{${Math.max(minLength, 1)},${maxLength}}$`)
  return fc
    .stringMatching(new RegExp(bounded.replaceAll('\\s', ' \\t\\n'), 'u'), { maxLength })
    .filter((text) => text.length >= minLength && text.length <= maxLength)
}

function arbitraryUnicode(lengths: { readonly minLength?: number; readonly maxLength?: number }): fc.Arbitrary<string> {
  // Code points without halves of surrogate pairs: what has a UTF-8 form.
  const character = fc.oneof(
    fc.integer({ min: 0x20, max: 0x7e }),
    fc.integer({ min: 0, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10ffff }),
  )
  return fc.array(character, lengths).map((points) => String.fromCodePoint(...points))
}

function lengthsOf({ min, max }: { readonly min?: number; readonly max?: number }): {
  readonly minLength: number
  readonly maxLength: number
} {
  const minLength = min ?? 0
  return { minLength, maxLength: Math.min(max ?? Number.POSITIVE_INFINITY, minLength + MOST_BEYOND_MINIMUM) }
}
