/**
 * The throttle: a token bucket for each allowance of an account in a Region.
 *
 * A bucket holds one second's worth of requests and refills steadily. Off unless asked for: an emulator that
 * throttles by surprise helps nobody.
 */

import type { Clock } from '../clock.ts'
import { KmsError } from '../errors.ts'
import type { Scope } from '../scope.ts'
import { type QuotaName, REQUEST_RATES, SHARED_QUOTAS } from './request-rates.ts'

export interface Throttle {
  /** @throws KmsError `ThrottlingException` when the allowance is used up */
  take(scope: Scope, operation: string, quota: QuotaName): void
}

interface Bucket {
  tokens: number
  filledAt: number
}

const MS_PER_SECOND = 1000

export const unthrottled: Throttle = { take: () => undefined }

/** Enforces AWS's documented default rates. */
export function createThrottle(clock: Clock): Throttle {
  const buckets = new Map<string, Bucket>()
  return {
    take({ account, region }, operation, quota) {
      const rate = REQUEST_RATES[quota].regions?.[region] ?? REQUEST_RATES[quota].perSecond
      const name = `${account}/${region}/${SHARED_QUOTAS.has(quota) ? quota : operation}`
      const now = clock.now()
      // Where less than one request a second is allowed, one at a time still is.
      const most = Math.max(1, rate)
      const bucket = buckets.get(name) ?? { tokens: most, filledAt: now }
      buckets.set(name, bucket)
      // A clock that was set back must not empty the bucket.
      const elapsedMs = Math.max(0, now - bucket.filledAt)
      bucket.tokens = Math.min(most, bucket.tokens + (elapsedMs * rate) / MS_PER_SECOND)
      bucket.filledAt = now
      if (bucket.tokens < 1) {
        throw new KmsError(
          'ThrottlingException',
          'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
        )
      }
      bucket.tokens -= 1
    },
  }
}
