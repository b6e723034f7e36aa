/** Instants as text: RFC 3339 as people and the AWS CLI write it, and nothing that would have to be guessed. */
import { fc, test } from '@fast-check/vitest'
import { parseDateTime } from '@softkms/kms'
import { describe, expect, it } from 'vitest'

describe('an instant', () => {
  it.each([
    ['2036-01-01', '2036-01-01T00:00:00.000Z'],
    ['2036-02-29', '2036-02-29T00:00:00.000Z'],
    ['2036-01-01T12:00Z', '2036-01-01T12:00:00.000Z'],
    ['2036-01-01T12:00:01Z', '2036-01-01T12:00:01.000Z'],
    ['2036-01-01T12:00:01.5Z', '2036-01-01T12:00:01.500Z'],
    ['2036-01-01T12:00:01.234Z', '2036-01-01T12:00:01.234Z'],
    // As the AWS CLI prints the dates of KMS.
    ['2036-01-01T12:00:01.234000+00:00', '2036-01-01T12:00:01.234Z'],
    ['2036-01-01T01:30:00+02:00', '2035-12-31T23:30:00.000Z'],
    ['2036-01-01T01:30:00-09:30', '2036-01-01T11:00:00.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(new Date(parseDateTime(text)).toISOString()).toBe(instant)
  })

  test.prop([fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })])(
    'is what a Date writes',
    (date) => {
      expect(parseDateTime(date.toISOString())).toBe(date.getTime())
    },
  )

  it.each([
    '',
    '2036',
    '2036-01',
    '2036-1-1',
    '2036-00-01',
    '2036-13-01',
    '2036-02-30',
    '2035-02-29',
    '2036-01-01T24:00Z',
    '2036-01-01T12:60Z',
    '2036-01-01T12:00:60Z',
    '2036-01-01T12:00',
    '2036-01-01 12:00Z',
    '2036-01-01T12:00z',
    '2036-01-01T12:00:01.2345Z',
    '2036-01-01T12:00+0200',
    '2036-01-01T12:00+24:00',
    '2036-01-01T12:00+02:60',
    '2036-01-01Z',
    '+012036-01-01',
    '2085696000',
    'tomorrow',
    ' 2036-01-01',
    '2036-01-01\n',
  ])('%j is none', (text) => {
    expect(() => parseDateTime(text)).toThrow(/^an instant is written such as 2036-01-01/)
  })
})
