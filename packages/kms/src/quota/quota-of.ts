/** Which request quota a cryptographic operation draws on, where that depends on the key or the key pair. */

import { KEY_SPECS, type KeySpec } from '@softkms/hsm'
import type { QuotaName } from './request-rates.ts'

/** @spec KMS operations-around §8 */
export function quotaOfKey(spec: KeySpec): QuotaName {
  const { family } = KEY_SPECS[spec]
  switch (family) {
    case 'symmetric':
    case 'hmac':
      return 'symmetricCryptography'
    case 'rsa':
      return 'rsaCryptography'
    case 'ec':
    case 'edwards':
      return 'eccCryptography'
    case 'ml-dsa':
      return 'mlDsaCryptography'
    case 'ml-kem':
      return 'mlKemCryptography'
    default:
      return family satisfies never
  }
}

const RSA_PAIRS: Readonly<Record<string, QuotaName>> = {
  RSA_2048: 'rsa2048KeyPair',
  RSA_3072: 'rsa3072KeyPair',
  RSA_4096: 'rsa4096KeyPair',
}

export function quotaOfKeyPair(spec: string): QuotaName {
  return RSA_PAIRS[spec] ?? 'eccKeyPair'
}
