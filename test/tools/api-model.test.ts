/** From Smithy to the model's text, and back from the text. */
import { describe, expect, test } from 'vitest'
import { readModel } from '../../tools/api-model/files.ts'
import { readSmithy } from '../../tools/api-model/smithy.ts'
import { formatModel, type ModelTexts, parseModel } from '../../tools/api-model/text.ts'
import { SMALL_API } from './smithy.ts'

const SMALL_TEXTS: ModelTexts = {
  'operations.txt': `operation Forget
  input ForgetRequest
  errors

structure ForgetRequest

operation Greet
  input GreetRequest
  output GreetResponse
  errors BusyException RudeException

structure GreetRequest
  Name Name required
  Titles Titles deprecated
  Origin Place
  Notes Notes

structure GreetResponse
  Mood Mood
`,
  'structures.txt': `structure Place
  Height Height
`,
  'enums.txt': `enum Mood
  GOOD
`,
  'values.txt': `integer Height range 0..9
string Name sensitive length 1.. pattern ^a b$
map Notes of Title to Title
string Title
list Titles of Title length ..3
`,
}

describe('the text of a model', () => {
  test('is what the README says', () => {
    expect(formatModel(readSmithy(SMALL_API))).toEqual(SMALL_TEXTS)
  })

  test('reads back as the model', () => {
    expect(parseModel(SMALL_TEXTS)).toEqual(readSmithy(SMALL_API))
  })

  test('of KMS reads back as its model', () => {
    const model = readModel()
    expect(model.operations).toHaveLength(56)
    expect(parseModel(formatModel(model))).toEqual(model)
  })
})

describe('text that is not canonical is refused', () => {
  const refused: readonly (readonly [string, keyof ModelTexts, string, string])[] = [
    ['an unknown kind', 'values.txt', 'string Title', 'text Title'],
    ['a shape that is not defined', 'structures.txt', 'Height Height', 'Height Depth'],
    ['a shape that is defined twice', 'values.txt', 'string Title\n', 'string Title\nstring Title\n'],
    ['a mark that is not known', 'operations.txt', 'Name Name required', 'Name Name mandatory'],
    ['bounds that are no numbers', 'values.txt', 'range 0..9', 'range 0..many'],
    ['bounds of another kind', 'values.txt', 'integer Height range', 'integer Height length'],
    ['a list without members', 'values.txt', 'list Titles of Title', 'list Titles Title'],
    ['a map without values', 'values.txt', 'of Title to Title', 'of Title'],
    ['an operation without input', 'operations.txt', '  input GreetRequest\n', ''],
    ['shapes out of order', 'values.txt', 'string Title\n', ''],
    ['trailing space', 'enums.txt', '  GOOD\n', '  GOOD \n'],
    ['a missing end of line', 'enums.txt', 'GOOD\n', 'GOOD'],
    ['a third level', 'enums.txt', '  GOOD\n', '    GOOD\n'],
  ]

  test.each(refused)('%s', (_, file, part, replacement) => {
    const text = SMALL_TEXTS[file].replace(part, replacement)
    expect(text).not.toBe(SMALL_TEXTS[file])
    expect(() => parseModel({ ...SMALL_TEXTS, [file]: text })).toThrow(RangeError)
  })
})

describe('reading Smithy', () => {
  test('stops at a trait that it does not know, of a shape or of a member', () => {
    const spoil = (id: string, traits: object): (() => unknown) => {
      const shapes = {
        ...SMALL_API.shapes,
        [id]: { ...SMALL_API.shapes[id], type: SMALL_API.shapes[id]?.type ?? '', traits },
      }
      return () => readSmithy({ shapes } as typeof SMALL_API)
    }
    expect(spoil('com.example#Title', { 'smithy.api#uniqueItems': {} })).toThrow(
      'Title: no words for smithy.api#uniqueItems',
    )
    expect(spoil('com.example#Greet', { 'smithy.api#idempotent': {} })).toThrow(
      'Greet: no words for smithy.api#idempotent',
    )
  })

  test('stops at a kind of shape that it does not know', () => {
    const shapes = { ...SMALL_API.shapes, 'com.example#Title': { type: 'double' } }
    expect(() => readSmithy({ shapes })).toThrow('Title: no words for a double')
  })

  test('leaves out what no operation reaches', () => {
    const shapes = { ...SMALL_API.shapes, 'com.example#Lonely': { type: 'string' } }
    expect(readSmithy({ shapes })).toEqual(readSmithy(SMALL_API))
  })
})
