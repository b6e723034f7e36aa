/**
 * How many requests a second AWS speaks of, per account and Region: the rates of the service's own description, each
 * as AWS labels it, and beside them today's default quotas.
 *
 * @spec KMS operations-around §8 has the quotas, `packages/kms/src/quota/` their table
 */

import { KEY_SPECS, type KeySpec } from '@softkms/hsm'
import { type QuotaName, REQUEST_RATES, quotaOfKey, quotaOfKeyPair } from '@softkms/kms'

export interface Rates {
  /** Requests per second. Absent where the description names none. */
  readonly documentedRate?: number
  /** Requests per second that a new account may make today, in a Region without a rate of its own. */
  readonly quota?: number
}

const SYMMETRIC: Readonly<Record<string, number>> = { Encrypt: 5_500, Decrypt: 10_000, GenerateDataKey: 5_500 }
const RSA: Readonly<Record<string, number>> = { Encrypt: 10_000, Decrypt: 15_000 }
/** "Asymmetric operations": signing, verification, key agreement, encapsulation. */
const ASYMMETRIC = 500

/** @param operation such as `Encrypt`, under a key of this spec */
export function ratesOf(operation: string, spec: KeySpec): Rates {
  return withQuota(documentedRateOf(operation, spec), quotaOfKey(spec))
}

/** The rates of GenerateDataKeyPair. */
export function pairRatesOf(spec: KeySpec): Rates {
  return withQuota(undefined, quotaOfKeyPair(spec))
}

function documentedRateOf(operation: string, spec: KeySpec): number | undefined {
  const { family } = KEY_SPECS[spec]
  if (family === 'symmetric') return SYMMETRIC[operation]
  if (family === 'hmac') return undefined
  return (family === 'rsa' ? RSA[operation] : undefined) ?? ASYMMETRIC
}

function withQuota(documentedRate: number | undefined, name: QuotaName): Rates {
  const quota = REQUEST_RATES[name].perSecond
  return documentedRate === undefined ? { quota } : { documentedRate, quota }
}
