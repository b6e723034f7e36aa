/**
 * The clock by HTTP: what time it is, and a turn forward.
 *
 * A turn is answered once everything that fell due on the way has been performed.
 */
import { parseDateTime, type KmsService, type VirtualClock } from '@softkms/kms'
import { ControlError } from './control-error.ts'
import type { ControlRoute, JsonObject } from './control-route.ts'

const USAGE = `Say either 'advance', with a duration such as "30d" or with milliseconds, or 'to', with an instant such as "2036-01-01T00:00:00Z"`

export function createClockRoutes(kms: Pick<KmsService, 'performDue'>, clock: VirtualClock): readonly ControlRoute[] {
  return [
    { method: 'GET', path: 'clock', perform: () => describe(clock) },
    {
      method: 'POST',
      path: 'clock',
      async perform(body) {
        turn(clock, body)
        await kms.performDue()
        return describe(clock)
      },
    },
  ]
}

function turn(clock: VirtualClock, body: JsonObject): void {
  const [member, ...others] = Object.entries(body)
  if (member === undefined || others.length > 0) throw new ControlError('InvalidRequest', USAGE)
  const [name, value] = member
  try {
    if (name === 'advance' && (typeof value === 'string' || typeof value === 'number')) return clock.advance(value)
    if (name === 'to' && typeof value === 'string') return clock.advanceTo(parseDateTime(value))
  } catch (error) {
    if (error instanceof RangeError) throw new ControlError('InvalidRequest', error.message)
    throw error
  }
  throw new ControlError('InvalidRequest', USAGE)
}

function describe(clock: VirtualClock): object {
  return { now: new Date(clock.now()).toISOString() }
}
