/**
 * Request rates that AWS documents for KMS, per second, each as AWS labels it.
 *
 * @spec KMS operations-around §8 has today's quotas; these are the rates of the service's own description
 */

export const DOCUMENTED_RATES = {
  Encrypt: 5_500,
  Decrypt: 10_000,
  GenerateDataKey: 5_500,
  EncryptRsa: 10_000,
  DecryptRsa: 15_000,
  /** Signing, verification, key agreement. */
  asymmetric: 500,
} as const
