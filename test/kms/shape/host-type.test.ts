/** Values of another JavaScript type than the model's: what plain JavaScript, or a hostile caller, may hand in. */
import type { OperationName } from '@softkms/kms'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { refusalOf } from './refusal.ts'

const KeyId = '1234abcd-12ab-34cd-56ef-1234567890ab'
const bytes = new Uint8Array(1)

/** Text no message may repeat. */
const MARK = 'do-not-repeat'

class Request {
  readonly KeyId = KeyId
}

interface Case {
  readonly name: string
  readonly operation: OperationName
  readonly input: unknown
  readonly message: string
}

const ofKeyId = (name: string, value: unknown): Case => ({
  name: `${name} for a string`,
  operation: 'DescribeKey',
  input: { KeyId: value },
  message: "Value at 'keyId' can not be converted to a String",
})

const ofPlaintext = (name: string, value: unknown): Case => ({
  name: `${name} for a blob`,
  operation: 'Encrypt',
  input: { KeyId, Plaintext: value },
  message: "Value at 'plaintext' can not be converted to a Blob",
})

const ofLimit = (name: string, value: unknown): Case => ({
  name: `${name} for an integer`,
  operation: 'ListKeys',
  input: { Limit: value },
  message: "Value at 'limit' can not be converted to an Integer",
})

const ofValidTo = (name: string, value: unknown): Case => ({
  name: `${name} for a timestamp`,
  operation: 'ImportKeyMaterial',
  input: { KeyId, ImportToken: bytes, EncryptedKeyMaterial: bytes, ValidTo: value },
  message: "Value at 'validTo' can not be converted to a Timestamp",
})

const ofContext = (name: string, value: unknown, expected: string): Case => ({
  name: `${name} for a map`,
  operation: 'Encrypt',
  input: { KeyId, Plaintext: bytes, EncryptionContext: value },
  message: `Value at 'encryptionContext' can not be converted to ${expected}`,
})

const ofRequest = (name: string, input: unknown): Case => ({
  name: `${name} for a request`,
  operation: 'DescribeKey',
  input,
  message: 'The request can not be converted to a Structure',
})

const CASES: readonly Case[] = [
  ofKeyId('a number', 7),
  ofKeyId('true', true),
  ofKeyId('an array', [MARK]),
  ofKeyId('a String object', new String(MARK)),
  ofKeyId('half a surrogate pair', `${MARK}\uD83D`),
  ofPlaintext('a string', MARK),
  ofPlaintext('an array', [1, 2, 3]),
  ofPlaintext('an ArrayBuffer', new ArrayBuffer(1)),
  ofPlaintext('a DataView', new DataView(new ArrayBuffer(1))),
  ofPlaintext('a Uint8ClampedArray', new Uint8ClampedArray(1)),
  ofPlaintext('a Uint16Array', new Uint16Array(1)),
  ofPlaintext('an object of the right prototype', Object.create(Uint8Array.prototype)),
  ofPlaintext('an object of the right name', { [Symbol.toStringTag]: 'Uint8Array', length: 1 }),
  ofLimit('a numeral', '7'),
  ofLimit('a fraction', 1.5),
  ofLimit('NaN', Number.NaN),
  ofLimit('infinity', Number.POSITIVE_INFINITY),
  ofLimit('a number of more than 32 bits', 2 ** 31),
  ofLimit('a bigint', 7n),
  ofLimit('an object that would become a number', { valueOf: () => 7 }),
  ofValidTo('a number', 1_700_000_000),
  ofValidTo('text', '2030-01-01T00:00:00Z'),
  ofValidTo('an invalid date', new Date(Number.NaN)),
  ofValidTo('an object of the right prototype', Object.create(Date.prototype)),
  ofValidTo('an object of the right name', { [Symbol.toStringTag]: 'Date', getTime: () => 0 }),
  ofContext('a string', MARK, 'a Map'),
  ofContext('an array', [MARK], 'a Map'),
  ofContext('a Map', new Map([['key', MARK]]), 'a Map'),
  ofContext('an instance of a class', new Request(), 'a Map'),
  ofContext('a map to a number', { tenant: 7 }, 'a Map of String to String'),
  ofContext('a map to half a surrogate pair', { tenant: `${MARK}\uDC00` }, 'a Map of String to String'),
  ofContext('a map from half a surrogate pair', { [`${MARK}\uDC00`]: 'a' }, 'a Map of String to String'),
  ofContext('`__proto__` to a number', JSON.parse('{"__proto__": 7}'), 'a Map of String to String'),
  {
    name: 'a string for a boolean',
    operation: 'Encrypt',
    input: { KeyId, Plaintext: bytes, DryRun: 'true' },
    message: "Value at 'dryRun' can not be converted to a Boolean",
  },
  {
    name: 'an object with a length for a list',
    operation: 'DescribeKey',
    input: { KeyId, GrantTokens: { length: 1, 0: MARK } },
    message: "Value at 'grantTokens' can not be converted to a List",
  },
  {
    name: 'a string for a list of structures',
    operation: 'TagResource',
    input: { KeyId, Tags: MARK },
    message: "Value at 'tags' can not be converted to a List",
  },
  {
    name: 'a number in a list of strings',
    operation: 'DescribeKey',
    input: { KeyId, GrantTokens: ['token', 7] },
    message: "Value at 'grantTokens.2.member' can not be converted to a String",
  },
  {
    name: 'a string in a list of structures',
    operation: 'TagResource',
    input: { KeyId, Tags: [{ TagKey: 'k', TagValue: 'v' }, MARK] },
    message: "Value at 'tags.2.member' can not be converted to a Structure",
  },
  {
    name: 'a number within a structure in a list',
    operation: 'TagResource',
    input: { KeyId, Tags: [{ TagKey: 'k', TagValue: 7 }] },
    message: "Value at 'tags.1.member.tagValue' can not be converted to a String",
  },
  {
    name: 'an array for a structure',
    operation: 'CreateGrant',
    input: { KeyId, Operations: [], Constraints: [] },
    message: "Value at 'constraints' can not be converted to a Structure",
  },
  {
    name: 'a map within a structure',
    operation: 'CreateGrant',
    input: { KeyId, Operations: [], Constraints: { EncryptionContextEquals: { a: 7 } } },
    message: "Value at 'constraints.encryptionContextEquals' can not be converted to a Map of String to String",
  },
  ofRequest('nothing', undefined),
  ofRequest('null', null),
  ofRequest('text', MARK),
  ofRequest('an array', []),
  ofRequest('a function', () => MARK),
  ofRequest('an instance of a class', new Request()),
  ofRequest('an object that inherits its members', Object.create({ KeyId })),
]

describe('a value of another type', () => {
  test.each(CASES)('$name', ({ operation, input, message }) => {
    expect(refusalOf(operation, input)).toEqual({ code: 'SerializationException', message })
  })

  test('is refused before any constraint that fails', () => {
    expect(refusalOf('Encrypt', { KeyId: '', Plaintext: bytes, DryRun: 1 })?.code).toBe('SerializationException')
    expect(refusalOf('DescribeKey', { KeyId: '', GrantTokens: ['', null, 7] })?.code).toBe('SerializationException')
  })
})

describe('null in a map', () => {
  test.each([null, undefined])('is refused, naming neither key nor value (%s)', (value) => {
    expect(refusalOf('Encrypt', { KeyId, Plaintext: bytes, EncryptionContext: { a: MARK, [MARK]: value } })).toEqual({
      code: 'ValidationException',
      message:
        "1 validation error detected: Value at 'encryptionContext' failed to satisfy constraint: " +
        'Map value must satisfy constraint: [Member must not be null]',
    })
  })
})

describe('what is accepted for its type', () => {
  test.each([
    ['a Buffer', Buffer.from('text')],
    ['a view into a larger buffer', new Uint8Array(new ArrayBuffer(8), 2, 4)],
    ['shared memory', new Uint8Array(new SharedArrayBuffer(4))],
    ['bytes of another realm', runInNewContext('new Uint8Array(4)') as unknown],
  ])('%s for a blob', (_, Plaintext) => {
    expect(refusalOf('Encrypt', { KeyId, Plaintext })).toBeUndefined()
  })

  test('a time of another realm', () => {
    const ValidTo = runInNewContext('new Date(0)') as unknown
    const input = { KeyId, ImportToken: bytes, EncryptedKeyMaterial: bytes, ValidTo }
    expect(refusalOf('ImportKeyMaterial', input)).toBeUndefined()
  })

  test.each([
    ['without a prototype', Object.assign(Object.create(null), { KeyId }) as unknown],
    ['of another realm', runInNewContext(`({ KeyId: '${KeyId}', GrantTokens: ['a'] })`) as unknown],
  ])('a request %s', (_, input) => {
    expect(refusalOf('DescribeKey', input)).toBeUndefined()
  })

  test('any text for a key of a map, `__proto__` and the empty string too', () => {
    const EncryptionContext = JSON.parse('{"__proto__": "a", "constructor": "b", "": "", "😀": "ü"}') as unknown
    expect(refusalOf('Encrypt', { KeyId, Plaintext: bytes, EncryptionContext })).toBeUndefined()
  })

  test('minus zero is zero, and out of range like it', () => {
    expect(refusalOf('ListKeys', { Limit: -0 })?.message).toContain("Value '0' at 'limit'")
  })
})

describe('a prototype that somebody has tampered with', () => {
  test('lends no member to a request', () => {
    const prototype = Object.prototype as { KeyId?: string }
    prototype.KeyId = KeyId
    try {
      expect(refusalOf('DescribeKey', {})?.message).toContain("Value null at 'keyId'")
    } finally {
      delete prototype.KeyId
    }
  })

  test('lends no entry to a map', () => {
    const prototype = Object.prototype as { lent?: number }
    prototype.lent = 7
    try {
      expect(refusalOf('Encrypt', { KeyId, Plaintext: bytes, EncryptionContext: {} })).toBeUndefined()
    } finally {
      delete prototype.lent
    }
  })
})
