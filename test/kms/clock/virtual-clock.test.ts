/** The clock that is turned by hand: how far, in which direction, and what it does between the turns. */
import { fc, test } from '@fast-check/vitest'
import { type Clock, virtualClock } from '@softkms/kms'
import { describe, expect, it } from 'vitest'

const START = Date.UTC(2030, 0, 1)
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/** A clock for another to run on with. */
function createDriver(now: number): Clock & { time: number } {
  return {
    time: now,
    now() {
      return this.time
    },
  }
}

describe('a virtual clock', () => {
  it('stands still at the start of 2030', () => {
    const clock = virtualClock()
    expect([clock.now(), clock.now()]).toEqual([START, START])
  })

  it.each([
    [new Date('1999-12-31T23:59:59.999Z'), 946_684_799_999],
    [0, 0],
    [LAST, LAST],
  ])('starts at %s when told to', (start, instant) => {
    expect(virtualClock({ start }).now()).toBe(instant)
  })

  it.each([-1, 0.5, Number.NaN, Infinity, LAST + 1, 8.64e15, new Date(Number.NaN), new Date(-1)])(
    'does not start at %s',
    (start) => {
      expect(() => virtualClock({ start })).toThrow(RangeError)
    },
  )

  it('advances by milliseconds, by text, and to an instant or a Date', () => {
    const clock = virtualClock({ start: 0 })
    clock.advance(5)
    clock.advance(0)
    clock.advance('1h30m')
    expect(clock.now()).toBe(5_400_005)
    clock.advanceTo(5_400_006)
    clock.advanceTo(new Date(5_400_007))
    clock.advanceTo(5_400_007)
    expect(clock.now()).toBe(5_400_007)
  })

  const turns: readonly (readonly [string, (clock: ReturnType<typeof virtualClock>) => void])[] = [
    ['back by a millisecond', (clock) => clock.advance(-1)],
    ['by half a millisecond', (clock) => clock.advance(0.5)],
    ['by no number', (clock) => clock.advance(Number.NaN)],
    ['by 1e99', (clock) => clock.advance(1e99)],
    ['for ever', (clock) => clock.advance(Infinity)],
    ['by what is no duration', (clock) => clock.advance('soon')],
    ['by a negative duration', (clock) => clock.advance('-1d')],
    ['beyond the year 9999', (clock) => clock.advance(LAST - START + 1)],
    ['beyond what a Date holds', (clock) => clock.advance('280000y')],
    ['to a time that has passed', (clock) => clock.advanceTo(START - 1)],
    ['to no time', (clock) => clock.advanceTo(new Date(Number.NaN))],
    ['to a time beyond the year 9999', (clock) => clock.advanceTo(LAST + 1)],
  ]
  it.each(turns)('cannot be turned %s, and is then as it was', (_name, turn) => {
    const clock = virtualClock()
    expect(() => turn(clock)).toThrow(RangeError)
    expect(clock.now()).toBe(START)
  })

  it('can be turned as far as the end of the year 9999, and no further', () => {
    const clock = virtualClock()
    clock.advanceTo(LAST)
    clock.advance(0)
    expect(() => clock.advance(1)).toThrow('duration: a clock shows the years 1970 to 9999')
    expect(clock.now()).toBe(LAST)
  })
})

describe('a virtual clock that runs on with another', () => {
  it('begins where the other is, in whole milliseconds, and moves as it moves', () => {
    const driver = createDriver(1000.75)
    const clock = virtualClock({ ticking: driver })
    expect(clock.now()).toBe(1000)
    driver.time += 500
    expect(clock.now()).toBe(1500)
  })

  it('keeps its distance after a turn', () => {
    const driver = createDriver(1000)
    const clock = virtualClock({ ticking: driver, start: START })
    driver.time += 1
    clock.advance('10y')
    driver.time += 2
    expect(clock.now()).toBe(START + 3650 * 86_400_000 + 3)
    clock.advanceTo(LAST - 10)
    driver.time += 9
    expect(clock.now()).toBe(LAST - 1)
  })

  it('stops at the end of the year 9999', () => {
    const driver = createDriver(0)
    const clock = virtualClock({ ticking: driver, start: LAST - 1 })
    driver.time += 1000
    expect(clock.now()).toBe(LAST)
  })

  it('waits when the other goes back, and goes on with it', () => {
    const driver = createDriver(1000)
    const clock = virtualClock({ ticking: driver })
    driver.time = 400
    expect(clock.now()).toBe(1000)
    driver.time = 1001
    expect(clock.now()).toBe(1001)
    driver.time = 0
    clock.advance(9)
    driver.time = 1
    expect(clock.now()).toBe(1011)
  })

  test.prop([fc.array(fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.nat(1000).map(String)))])(
    'never goes back, whatever happens to either',
    (steps) => {
      const driver = createDriver(5000)
      const clock = virtualClock({ ticking: driver })
      for (const step of steps) {
        const before = clock.now()
        if (typeof step === 'number') driver.time += step
        else clock.advance(`${step}ms`)
        expect(clock.now()).toBeGreaterThanOrEqual(before)
      }
    },
  )
})
