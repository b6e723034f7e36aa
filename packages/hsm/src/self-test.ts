/**
 * Known-answer self-tests (CASTs): each algorithm answers its own before the first command uses it.
 *
 * The list is here once; a provider that fails any of it serves nothing. @spec FIPS 140-3 IG 10.3.A (modelled on)
 */

import { passesAesGcmCast } from './algorithms/aes-gcm/cast.ts'
import { passesHmacCast } from './algorithms/hmac/cast.ts'
import { passesKbkdfCast } from './algorithms/kbkdf/cast.ts'
import type { Provider } from './provider.ts'

export type SelfTestedAlgorithm = 'HMAC-SHA-256' | 'KBKDF' | 'AES-256-GCM'

const CASTS: Readonly<Record<SelfTestedAlgorithm, (provider: Provider) => boolean>> = {
  'HMAC-SHA-256': passesHmacCast,
  KBKDF: passesKbkdfCast,
  'AES-256-GCM': passesAesGcmCast,
}

export interface SelfTestResult {
  readonly algorithm: SelfTestedAlgorithm
  readonly passed: boolean
}

/** Runs every CAST. One that throws has failed. */
export function runSelfTests(provider: Provider): readonly SelfTestResult[] {
  return (Object.keys(CASTS) as SelfTestedAlgorithm[]).map((algorithm) => {
    try {
      return { algorithm, passed: CASTS[algorithm](provider) }
    } catch {
      return { algorithm, passed: false }
    }
  })
}
