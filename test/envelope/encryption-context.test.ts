/**
 * The canonical form of an encryption context, byte by byte.
 *
 * @covers KMS crypto-details §3; docs/blob.md, "The encryption context"
 */
import { type EncryptionContext, encodeEncryptionContext, isWellFormedContext } from '@softkms/envelope'
import { expect, test } from 'vitest'
import { toHex } from '../support/bits.ts'

/** An object with exactly these own members, `__proto__` among them if need be. */
function contextOf(...pairs: readonly (readonly [string, string])[]): EncryptionContext {
  return JSON.parse(
    `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`,
  ) as EncryptionContext
}

test.each([
  ['none', undefined, ''],
  ['an empty one', {}, ''],
  ['one pair', { a: 'bc' }, '00000001 61 00000002 6263'],
  ['the same letters, parted otherwise', { ab: 'c' }, '00000002 6162 00000001 63'],
  ['an empty value', { a: '' }, '00000001 61 00000000'],
  ['an empty key', { '': 'a' }, '00000000 00000001 61'],
  ['nothing but emptiness', { '': '' }, '00000000 00000000'],
  ['two pairs', { b: '2', a: '1' }, '00000001 61 00000001 31 00000001 62 00000001 32'],
  ['a key that begins another', { ab: '2', a: '1' }, '00000001 61 00000001 31 00000002 6162 00000001 32'],
  ['capitals before small letters', { a: '1', B: '2' }, '00000001 42 00000001 32 00000001 61 00000001 31'],
  ['two bytes a character', { ä: 'ö' }, '00000002 c3a4 00000002 c3b6'],
  ['four bytes a character', { '😀': '😀' }, '00000004 f09f9880 00000004 f09f9880'],
  [
    'an order in which UTF-8 and UTF-16 differ',
    { '😀': '2', '～': '1' },
    '00000003 efbd9e 00000001 31 00000004 f09f9880 00000001 32',
  ],
  ['keys that look like numbers', { 10: 'a', 9: 'b' }, '00000002 3130 00000001 61 00000001 39 00000001 62'],
  ['__proto__', contextOf(['__proto__', 'x']), '00000009 5f5f70726f746f5f5f 00000001 78'],
  ['constructor', { constructor: 'x' }, '0000000b 636f6e7374727563746f72 00000001 78'],
  ['a zero character', { '\0': '\0' }, '00000001 00 00000001 00'],
])('%s', (_, context, form) => {
  expect(toHex(encodeEncryptionContext(context))).toBe(form.replaceAll(' ', ''))
})

test('lengths take four bytes', () => {
  const form = encodeEncryptionContext({ k: 'v'.repeat(0x01_02_03_04) })
  expect(toHex(form.subarray(0, 9))).toBe('000000016b01020304')
  expect(form.length).toBe(9 + 0x01_02_03_04)
})

test('composed and decomposed letters are different letters', () => {
  expect(encodeEncryptionContext({ k: '\u00e4' })).not.toEqual(encodeEncryptionContext({ k: 'a\u0308' }))
})

test.each([
  ['a key', { '\ud800': 'x' }],
  ['a value', { x: '\udfff' }],
  ['the end of a value', { x: 'a\ud83d' }],
  ['halves in the wrong order', { x: '\ude00\ud83d' }],
  ['one key among good ones', { a: '1', 'b\udc00': '2', c: '3' }],
])('a lone surrogate in %s is refused', (_, context) => {
  expect(isWellFormedContext(context)).toBe(false)
  expect(() => encodeEncryptionContext(context)).toThrow(
    new RangeError('the encryption context holds a lone surrogate'),
  )
})

test.each([{}, { a: '😀' }, { '😀': 'a' }, { '': '' }])('%o is well formed', (context) => {
  expect(isWellFormedContext(context)).toBe(true)
})

test.each([
  ['a number for a value', { a: 1 }],
  ['an object for a value', { a: {} }],
  ['nothing for a value', { a: undefined }],
  ['null for a value', { a: null }],
  ['a Map, which would be the empty context', new Map([['a', 'b']])],
  ['an array', ['a']],
  ['text', 'a'],
  ['null', null],
])('%s is refused', (_, context) => {
  expect(() => encodeEncryptionContext(context as unknown as EncryptionContext)).toThrow(
    new TypeError('the encryption context must be an object of strings'),
  )
})

test('only own members count', () => {
  const context = Object.create({ inherited: 'x' }) as Record<string, string>
  context['own'] = 'y'
  expect(encodeEncryptionContext(context)).toEqual(encodeEncryptionContext({ own: 'y' }))
  const bare = Object.assign(Object.create(null) as Record<string, string>, { own: 'y' })
  expect(encodeEncryptionContext(bare)).toEqual(encodeEncryptionContext({ own: 'y' }))
})

test('the context is left as it was', () => {
  const context = Object.freeze({ b: '2', a: '1' })
  encodeEncryptionContext(context)
  expect(Object.entries(context)).toEqual([
    ['b', '2'],
    ['a', '1'],
  ])
})
