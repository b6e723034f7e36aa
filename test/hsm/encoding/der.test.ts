/**
 * The DER reader and writer: what DER forbids is refused, one fault a case.
 *
 * @covers X.690 §8, §10, §11
 */

import { describe, expect, test } from 'vitest'
import { type DerReader, decodeDer } from '../../../packages/hsm/src/encoding/der-reader.ts'
import { TAG } from '../../../packages/hsm/src/encoding/der-tag.ts'
import {
  type DerValue,
  derBitString,
  derNull,
  derObjectIdentifier,
  derPositive,
  derSequence,
  derValue,
  derVersion,
  encodeDer,
} from '../../../packages/hsm/src/encoding/der-writer.ts'
import { fromHex, toHex } from '../../support/vectors.ts'

const positive = (reader: DerReader): Uint8Array => reader.readPositive()
const octets = (reader: DerReader): Uint8Array => reader.readContent(TAG.octetString)
const bits = (reader: DerReader): Uint8Array => reader.readBitString()
const identifier = (reader: DerReader): string => reader.readObjectIdentifier()
const nothing = (reader: DerReader): boolean => {
  reader.readNull()
  return true
}
const version = (reader: DerReader): boolean => {
  reader.expectVersion(1)
  return true
}
const sequence = (reader: DerReader): Uint8Array => reader.readInside(TAG.sequence, positive)

describe('refuses', () => {
  test.each<readonly [string, (reader: DerReader) => unknown, string]>([
    ['no bytes', octets, ''],
    ['a tag alone', octets, '04'],
    ['another tag', octets, '0300'],
    ['a constructed OCTET STRING', octets, '2403040161'],
    ['fewer bytes than the length says', octets, '040261'],
    ['bytes after the end', octets, '04016100'],
    ['a length cut short', octets, '0481'],
    ['a length of two bytes where one does', octets, '04810161'],
    ['a length of three bytes where two do', octets, `04820080${'61'.repeat(0x80)}`],
    ['a length with a leading zero', octets, `0483000080${'61'.repeat(0x80)}`],
    ['the indefinite length', octets, '0480610000'],
    ['the reserved length', octets, '04ff'],
    ['a length of four bytes', octets, '048401000000'],
    ['a length beyond all input', octets, '0483ffffff'],
    ['an INTEGER of no bytes', positive, '0200'],
    ['zero', positive, '020100'],
    ['a negative INTEGER', positive, '020180'],
    ['a padded INTEGER', positive, '02020001'],
    ['an INTEGER padded twice', positive, '0203000080'],
    ['a padded negative INTEGER', positive, '0202ff80'],
    ['NULL with content', nothing, '050100'],
    ['another version', version, '020100'],
    ['a padded version', version, '02020001'],
    ['a BIT STRING of no bytes', bits, '0300'],
    ['unused bits', bits, '03020180'],
    ['unused bits of nothing', bits, '030101'],
    ['an identifier of no bytes', identifier, '0600'],
    ['an identifier cut short', identifier, '06022a86'],
    ['a padded arc', identifier, '06032a8001'],
    ['an arc beyond 2^53', identifier, '060a2affffffffffffffff7f'],
    ['an identifier of 33 bytes', identifier, `0621${'2a'.repeat(33)}`],
    ['something left over inside', sequence, '30050201010500'],
    ['something missing inside', sequence, '3000'],
    ['an inside that is longer than its outside', sequence, '3003020201'],
  ])('%s', (_name, read, hex) => {
    expect(decodeDer(fromHex(hex), read)).toBeUndefined()
  })
})

describe('reads and writes', () => {
  test.each<readonly [string, string, (reader: DerReader) => unknown, unknown, DerValue]>([
    ['an empty OCTET STRING', '0400', octets, fromHex(''), derValue(TAG.octetString)],
    ['an OCTET STRING', '04026162', octets, fromHex('6162'), derValue(TAG.octetString, fromHex('6162'))],
    ['one', '020101', positive, fromHex('01'), derPositive(fromHex('01'))],
    ['127', '02017f', positive, fromHex('7f'), derPositive(fromHex('00007f'))],
    ['128', '02020080', positive, fromHex('80'), derPositive(fromHex('80'))],
    ['256', '02020100', positive, fromHex('0100'), derPositive(fromHex('0100'))],
    ['NULL', '0500', nothing, true, derNull()],
    ['a version', '020101', version, true, derVersion(1)],
    ['an empty BIT STRING', '030100', bits, fromHex(''), derBitString()],
    ['a BIT STRING', '030200ff', bits, fromHex('ff'), derBitString(fromHex('ff'))],
    ['a SEQUENCE', '3003020105', sequence, fromHex('05'), derSequence(derPositive(fromHex('05')))],
    [
      'rsaEncryption',
      '06092a864886f70d010101',
      identifier,
      '1.2.840.113549.1.1.1',
      derObjectIdentifier('1.2.840.113549.1.1.1'),
    ],
    ['a second arc beyond 39', '06028837', identifier, '2.999', derObjectIdentifier('2.999')],
    ['an arc of zero', '06022b00', identifier, '1.3.0', derObjectIdentifier('1.3.0')],
  ])('%s', (_name, hex, read, value, written) => {
    expect(decodeDer(fromHex(hex), read)).toEqual(value)
    expect(toHex(encodeDer(written))).toBe(hex)
  })

  test.each([0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000])('%i bytes', (length) => {
    const content = new Uint8Array(length).fill(0x61)
    expect(decodeDer(encodeDer(derValue(TAG.octetString, content)), octets)).toEqual(content)
  })
})

test('a value that is cut short is never handed out', () => {
  let isHandedOut = false
  const read = (reader: DerReader): void => {
    octets(reader)
    isHandedOut = true
  }
  expect(decodeDer(fromHex('040261'), read)).toBeUndefined()
  expect(isHandedOut).toBe(false)
})

test('what is read is a view', () => {
  const bytes = fromHex('04026162')
  expect(decodeDer(bytes, octets)?.buffer).toBe(bytes.buffer)
})

test('a mistake of the reading function is no refusal', () => {
  const mistake = (): never => {
    throw new TypeError('mine')
  }
  expect(() => decodeDer(fromHex('0500'), mistake)).toThrow(TypeError)
})
