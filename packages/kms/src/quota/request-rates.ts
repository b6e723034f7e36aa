/**
 * Requests per second that KMS allows, per account and Region, and which operations share an allowance.
 *
 * @spec KMS operations-around §8
 */

export interface RequestRate {
  readonly perSecond: number
  /** Where a Region's rate differs. */
  readonly regions?: Readonly<Record<string, number>>
}

export type QuotaName = keyof typeof REQUEST_RATES

const SYMMETRIC_REGIONS: Readonly<Record<string, number>> = {
  'us-east-1': 100_000,
  'us-west-2': 100_000,
  'eu-west-1': 100_000,
  'us-east-2': 20_000,
  'ap-southeast-1': 20_000,
  'ap-southeast-2': 20_000,
  'ap-northeast-1': 20_000,
  'eu-central-1': 20_000,
  'eu-west-2': 20_000,
}

export const REQUEST_RATES: {
  readonly symmetricCryptography: RequestRate
  readonly rsaCryptography: RequestRate
  readonly eccCryptography: RequestRate
  readonly mlDsaCryptography: RequestRate
  readonly mlKemCryptography: RequestRate
  readonly eccKeyPair: RequestRate
  readonly rsa2048KeyPair: RequestRate
  readonly rsa3072KeyPair: RequestRate
  readonly rsa4096KeyPair: RequestRate
  readonly describe: RequestRate
  readonly getKeyState: RequestRate
  readonly list: RequestRate
  readonly listDetails: RequestRate
  readonly grant: RequestRate
  readonly manage: RequestRate
  readonly tag: RequestRate
  readonly change: RequestRate
  readonly importParameters: RequestRate
} = {
  symmetricCryptography: { perSecond: 10_000, regions: SYMMETRIC_REGIONS },
  rsaCryptography: { perSecond: 1_000 },
  eccCryptography: { perSecond: 1_000 },
  mlDsaCryptography: { perSecond: 1_000 },
  // Unconfirmed; by analogy with ML-DSA.
  mlKemCryptography: { perSecond: 1_000 },
  eccKeyPair: { perSecond: 100 },
  rsa2048KeyPair: { perSecond: 20 },
  rsa3072KeyPair: { perSecond: 4 },
  rsa4096KeyPair: { perSecond: 1 },
  describe: { perSecond: 2_000 },
  getKeyState: { perSecond: 1_000 },
  list: { perSecond: 500 },
  listDetails: { perSecond: 100 },
  grant: { perSecond: 50 },
  manage: { perSecond: 15 },
  tag: { perSecond: 10 },
  change: { perSecond: 5 },
  importParameters: { perSecond: 0.25 },
}

/** Allowances that all their operations draw on together; every other one is each operation's own. */
export const SHARED_QUOTAS: ReadonlySet<QuotaName> = new Set<QuotaName>([
  'symmetricCryptography',
  'rsaCryptography',
  'eccCryptography',
  'mlDsaCryptography',
  'mlKemCryptography',
  'eccKeyPair',
  'rsa2048KeyPair',
  'rsa3072KeyPair',
  'rsa4096KeyPair',
])
