/** Durations: what their units are worth, and that nothing is read into a text that does not say it. */
import { fc, test } from '@fast-check/vitest'
import { parseDuration } from '@softkms/kms'
import { describe, expect, it } from 'vitest'

const HOUR = 3_600_000
const DAY = 24 * HOUR

describe('a duration', () => {
  it.each([
    ['30d', 30 * DAY],
    ['10y', 3650 * DAY],
    ['1h30m', 1.5 * HOUR],
    ['2w', 14 * DAY],
    ['90s', 90_000],
    ['1500ms', 1500],
    ['1m', 60_000],
    ['1m1ms', 60_001],
    ['1y1w1d1h1m1s1ms', 373 * DAY + HOUR + 61_001],
    ['0d', 0],
    ['007d', 7 * DAY],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  test.prop([fc.nat(99), fc.nat(999), fc.nat(99), fc.nat(99), fc.nat(9999)])(
    'is the sum of its parts',
    (y, d, h, s, ms) => {
      expect(parseDuration(`${y}y${d}d${h}h${s}s${ms}ms`)).toBe((365 * y + d) * DAY + h * HOUR + s * 1000 + ms)
    },
  )

  it.each([
    '',
    ' ',
    '30',
    'd',
    '30 d',
    ' 30d',
    '30d ',
    '30d\n',
    '-30d',
    '+30d',
    '1.5h',
    '1e3d',
    '0x10d',
    '30D',
    '30days',
    '1mo',
    '30m1h',
    '1d1d',
    '1h,30m',
    'P30D',
    'NaN',
    'Infinityd',
    '٣d',
  ])('%j is none', (text) => {
    expect(() => parseDuration(text)).toThrow(/^a duration is written such as 30d/)
  })

  it('is counted exactly, or not at all', () => {
    expect(parseDuration(`${Number.MAX_SAFE_INTEGER}ms`)).toBe(Number.MAX_SAFE_INTEGER)
    expect(() => parseDuration(`1s${Number.MAX_SAFE_INTEGER}ms`)).toThrow(RangeError)
    expect(() => parseDuration('285617y')).toThrow(RangeError)
    expect(() => parseDuration(`${'9'.repeat(400)}y`)).toThrow(RangeError)
  })
})
