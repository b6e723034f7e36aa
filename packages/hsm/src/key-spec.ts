/**
 * Which keys there are: one table from key spec to material, usages and algorithms.
 *
 * The codes are written into key tokens and so never change their meaning.
 */

/** How the bytes of a key's material come about. */
export interface KeySpecRow {
  readonly code: number
  readonly usages: readonly KeyUsage[]
  /** Length of the key material in bytes. */
  readonly materialLength: number
}

export const KEY_USAGE_CODES = { ENCRYPT_DECRYPT: 1 } as const
export type KeyUsage = keyof typeof KEY_USAGE_CODES

export const KEY_ORIGIN_CODES = { AWS_KMS: 1 } as const
export type KeyOrigin = keyof typeof KEY_ORIGIN_CODES

export type KeySpec = 'SYMMETRIC_DEFAULT'

export const KEY_SPECS: Readonly<Record<KeySpec, KeySpecRow>> = {
  SYMMETRIC_DEFAULT: { code: 1, usages: ['ENCRYPT_DECRYPT'], materialLength: 32 },
}
