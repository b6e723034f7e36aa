/**
 * The body codec: what it undoes, what it forgives and what it says to the rest.
 *
 * The texts are those that AWS JSON 1.1 services were recorded with.
 *
 * @covers wire §1
 */
import { test as property, fc } from '@fast-check/vitest'
import { KmsError, operationShapes, type Shape, type StructureShape } from '@softkms/kms'
import { describe, expect, it } from 'vitest'
import { createJsonCodec } from '../../packages/server/src/protocol/aws-json.ts'

const SHAPE: StructureShape = {
  type: 'structure',
  members: {
    Text: { shape: { type: 'string' } },
    Blob: { shape: { type: 'blob' } },
    Count: { shape: { type: 'integer' } },
    Flag: { shape: { type: 'boolean' } },
    When: { shape: { type: 'timestamp' } },
    Names: { shape: { type: 'list', member: { type: 'string' } } },
    Context: { shape: { type: 'map' } },
    Inner: { shape: { type: 'structure', members: { Text: { shape: { type: 'string' } } } } },
    Tags: {
      shape: { type: 'list', member: { type: 'structure', members: { TagKey: { shape: { type: 'string' } } } } },
    },
  },
}

const codec = createJsonCodec(SHAPE)

const toBytes = (text: string): Uint8Array => new TextEncoder().encode(text)

function decode(text: string): object {
  return codec.decode(toBytes(text))
}

function encode(value: object): string {
  return codec.encode(value)
}

/** What a refusal says; fails when nothing is refused. */
function refusalOf(body: string | Uint8Array): { code: string; message: string } {
  try {
    codec.decode(typeof body === 'string' ? toBytes(body) : body)
  } catch (error) {
    if (error instanceof KmsError) return { code: error.code, message: error.message }
    throw error
  }
  throw new Error('was not refused')
}

describe('decoding', () => {
  it('makes bytes of base64, dates of seconds, and keeps the rest', () => {
    expect(
      decode(
        '{"Text":"t","Blob":"AQID","Count":3,"Flag":false,"When":1773253425.56,"Names":["a"],"Context":{"k":"v"},"Inner":{"Text":"i"}}',
      ),
    ).toEqual({
      Text: 't',
      Blob: Uint8Array.of(1, 2, 3),
      Count: 3,
      Flag: false,
      When: new Date('2026-03-11T18:23:45.560Z'),
      Names: ['a'],
      Context: { k: 'v' },
      Inner: { Text: 'i' },
    })
  })

  it('ignores members that the shape does not have, at every depth', () => {
    expect(decode('{"Nope":[{}],"Inner":{"Nope":1,"Text":"i"}}')).toEqual({ Inner: { Text: 'i' } })
  })

  it('takes null for absent, and drops it from lists', () => {
    expect(decode('{"Text":null,"Inner":{"Text":null},"Names":[null,"a",null]}')).toEqual({ Inner: {}, Names: ['a'] })
  })

  it('keeps empty strings, empty lists and empty maps', () => {
    expect(decode('{"Text":"","Names":[],"Context":{},"Blob":""}')).toEqual({
      Text: '',
      Names: [],
      Context: {},
      Blob: new Uint8Array(0),
    })
  })

  it.each([
    ['an integer', '1773253425', '2026-03-11T18:23:45.000Z'],
    ['a fraction', '1773253425.5604', '2026-03-11T18:23:45.560Z'],
    ['zero', '0', '1970-01-01T00:00:00.000Z'],
    ['before the epoch', '-1.5', '1969-12-31T23:59:58.500Z'],
    ['scientific notation', '1.773253425e9', '2026-03-11T18:23:45.000Z'],
  ])('reads a time given as %s', (_what, number, iso) => {
    expect(decode(`{"When":${number}}`)).toEqual({ When: new Date(iso) })
  })

  it('keeps hostile keys of a map as they are, and pollutes nothing', () => {
    const { Context } = decode(
      '{"Context":{"__proto__":"p","constructor":"c","toString":"t"},"__proto__":{"x":1}}',
    ) as {
      Context: object
    }
    expect(Object.entries(Context)).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
      ['toString', 't'],
    ])
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
  })

  it('leaves half a surrogate pair to the engine, and writes it as it was', () => {
    const text = '{"Text":"\\ud800","Context":{"\\udc00":"v"}}'
    expect(encode(decode(text))).toBe(text)
  })

  it('takes no member from a prototype', () => {
    const toString: StructureShape['members'][string] = { shape: { type: 'string' } }
    expect(
      Object.keys(createJsonCodec({ type: 'structure', members: { toString } }).decode(new TextEncoder().encode('{}'))),
    ).toEqual([])
  })

  it('survives nesting as deep as a body can hold', () => {
    const depth = 260_000
    const nested = `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`
    expect(decode(`{"Nope":${nested},"Text":"t"}`)).toEqual({ Text: 't' })
    expect(refusalOf(`{"Text":${'['.repeat(500_000)}`)).toEqual({ code: 'SerializationException', message: '' })
    expect(refusalOf(`{"Names":${nested}}`).code).toBe('SerializationException')
  })
})

describe('refusing', () => {
  it.each([
    ['a string for a list', '{"Names":"x"}', 'Expected list or null'],
    ['a number for a list', '{"Names":1}', 'Expected list or null'],
    ['a structure for a list', '{"Names":{}}', 'Start of structure or map found where not expected.'],
    ['a string for a structure', '{"Inner":"x"}', 'Expected null'],
    ['true for a structure', '{"Inner":true}', 'Expected null'],
    ['a list for a structure', '{"Inner":[]}', 'Start of list found where not expected'],
    ['a string in a list of structures', '{"Tags":["x"]}', 'Expected null'],
    ['a string for a map', '{"Context":"x"}', 'Expected map or null'],
    ['a list for a map', '{"Context":[]}', 'Start of list found where not expected'],
    ['a number in a map', '{"Context":{"k":1}}', 'NUMBER_VALUE can not be converted to a String'],
    ['a structure in a map', '{"Context":{"k":{}}}', 'Start of structure or map found where not expected.'],
    ['a null in a map', '{"Context":{"k":null}}', ''],
    ['a number for a string', '{"Text":1}', 'NUMBER_VALUE can not be converted to a String'],
    ['true for a string', '{"Text":true}', 'TRUE_VALUE can not be converted to a String'],
    ['false for a string', '{"Text":false}', 'FALSE_VALUE can not be converted to a String'],
    ['a list for a string', '{"Text":[]}', 'Start of list found where not expected'],
    ['a structure for a string', '{"Text":{}}', 'Start of structure or map found where not expected.'],
    ['a number in a list of strings', '{"Names":[1]}', 'NUMBER_VALUE can not be converted to a String'],
    ['a string for an integer', '{"Count":"1"}', 'STRING_VALUE can not be converted to an Integer'],
    ['a fraction for an integer', '{"Count":1.5}', 'NUMBER_VALUE can not be converted to an Integer'],
    ['an infinite integer', '{"Count":1e999}', 'NUMBER_VALUE can not be converted to an Integer'],
    ['true for an integer', '{"Count":true}', 'TRUE_VALUE can not be converted to an Integer'],
    ['a string for a boolean', '{"Flag":"true"}', 'STRING_VALUE can not be converted to an Boolean'],
    ['a number for a boolean', '{"Flag":1}', 'NUMBER_VALUE can not be converted to a Boolean'],
    ['a string for a time', '{"When":"2026-01-01"}', 'STRING_VALUE can not be converted to milliseconds since epoch'],
    ['a time beyond all dates', '{"When":1e15}', 'NUMBER_VALUE can not be converted to milliseconds since epoch'],
    ['a number for a blob', '{"Blob":1}', 'NUMBER_VALUE can not be converted to a Blob'],
    ['a list of bytes for a blob', '{"Blob":[1,2]}', 'Start of list found where not expected'],
    [
      'base64 of a wrong length',
      '{"Blob":"abcde"}',
      'STRING_VALUE can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 5',
    ],
    [
      'base64 with a wrong character',
      '{"Blob":"ab-d"}',
      'STRING_VALUE can not be converted to a Blob: Invalid Base64 character',
    ],
    ['a list as body', '[]', 'Start of list found where not expected'],
    ['an empty body', '', ''],
    ['white space as body', ' ', ''],
    ['null as body', 'null', ''],
    ['a string as body', '"x"', ''],
    ['a number as body', '1', ''],
    ['an unfinished body', '{', ''],
    ['a trailing comma', '{"Text":"t",}', ''],
    ['a second value', '{}{}', ''],
    ['single quotes', "{'Text':'t'}", ''],
    ['a byte order mark', '\u{feff}{}', ''],
  ])('%s', (_what, body, message) => {
    expect(refusalOf(body)).toEqual({ code: 'SerializationException', message })
  })

  it('bytes that are not UTF-8', () => {
    const body = Uint8Array.of(...new TextEncoder().encode('{"Text":"'), 0xff, ...new TextEncoder().encode('"}'))
    expect(refusalOf(body)).toEqual({ code: 'SerializationException', message: '' })
  })

  it('never repeats what it was given', () => {
    expect(refusalOf('{"Blob":"secret!!"}').message).not.toContain('secret')
  })
})

describe('encoding', () => {
  it('writes base64, and times as seconds with what milliseconds they have', () => {
    expect(encode({ Blob: Uint8Array.of(1, 2, 3), When: new Date(1773253425560) })).toBe(
      '{"Blob":"AQID","When":1773253425.56}',
    )
    expect(encode({ When: new Date(1773253425000) })).toBe('{"When":1773253425}')
  })

  it('leaves out what is absent and what the shape does not have', () => {
    expect(encode({ Text: undefined, Names: null, Secret: 'x', Inner: { Secret: 'x' } })).toBe('{"Inner":{}}')
  })

  it('keeps false, zero and the empty', () => {
    expect(encode({ Text: '', Count: 0, Flag: false, Names: [], Context: {} })).toBe(
      '{"Text":"","Count":0,"Flag":false,"Names":[],"Context":{}}',
    )
  })
})

/** Values of a shape, every member present or not. */
function arbitraryOf(shape: Shape): fc.Arbitrary<unknown> {
  switch (shape.type) {
    case 'string':
      return fc.string({ unit: 'grapheme', maxLength: 20 })
    case 'blob':
      return fc.uint8Array({ maxLength: 50 })
    case 'integer':
      return fc.integer()
    case 'boolean':
      return fc.boolean()
    case 'timestamp':
      return fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
    case 'map':
      return fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), fc.string({ unit: 'grapheme' }), {
        maxKeys: 4,
        noNullPrototype: true,
      })
    case 'list':
      return fc.array(arbitraryOf(shape.member), { maxLength: 4 })
    case 'structure': {
      const members = Object.entries(shape.members).map(([name, member]) => [name, arbitraryOf(member.shape)] as const)
      return fc.record(Object.fromEntries(members), { requiredKeys: [], noNullPrototype: true })
    }
  }
}

describe('decode undoes encode', () => {
  property.prop([arbitraryOf(SHAPE)])('for every kind of member', (value) => {
    expect(decode(codec.encode(value as object))).toEqual(value)
  })

  const shapes = Object.entries(operationShapes).flatMap(([name, { input, output }]) =>
    output === undefined
      ? [[`${name} request`, input] as const]
      : [[`${name} request`, input] as const, [`${name} response`, output] as const],
  )
  it.each(shapes)('%s', (_name, shape) => {
    const operationCodec = createJsonCodec(shape)
    fc.assert(
      fc.property(arbitraryOf(shape), (value) => {
        expect(operationCodec.decode(toBytes(operationCodec.encode(value as object)))).toEqual(value)
      }),
      { numRuns: 10 },
    )
  })
})
