/** The virtual clock of `@softkms/kms`, with a turn for tests that count in days. */
import { type VirtualClock as KmsVirtualClock, virtualClock } from '@softkms/kms'
import { DAY_MS, type Instant } from '@softkms/lifecycle'

export interface VirtualClock extends KmsVirtualClock {
  advanceDays(days: number): void
}

/** 2030-01-01T00:00:00Z unless told otherwise. */
export function createVirtualClock(start?: Instant): VirtualClock {
  const clock = virtualClock({ start })
  return { ...clock, advanceDays: (days) => clock.advance(days * DAY_MS) }
}
