/** What every contender is given, and what noble, the reference, says of it. All keys are made for one run alone. */

import {
  type Curve,
  type HashName,
  type MacHash,
  type RsaPrivateNumbers,
  nobleProvider,
  systemEntropy,
} from '@softkms/hsm'
import { createNativeProvider } from '@softkms/hsm/native'

export const KEY = new Uint8Array(32).fill(0x42)
export const NONCE = new Uint8Array(12).fill(0x24)
export const ADDITIONAL_DATA = new Uint8Array(32).fill(3)
export const MESSAGE = new Uint8Array(32).fill(7)
/** Bytes that are sealed and digested: a data key, and the most that Encrypt takes. */
export const SIZES = [32, 4096] as const
export const MAC_HASHES: readonly MacHash[] = ['SHA-224', 'SHA-256', 'SHA-384', 'SHA-512']
/** As long as the hash, as KMS's own keys are. */
export function macKeyOf(hash: MacHash): Uint8Array {
  return new Uint8Array(Number(hash.slice(-3)) / 8).fill(0x42)
}

export const DIGESTS: readonly MacHash[] = ['SHA-256', 'SHA-384', 'SHA-512']
export const RSA_SIZES = [2048, 3072, 4096] as const

/** Each curve by its key spec, with the hash that AWS signs with under it. */
export const CURVES: Readonly<
  Record<string, { readonly curve: Curve; readonly hash: HashName; readonly canAgree: boolean }>
> = {
  ECC_NIST_P256: { curve: 'P-256', hash: 'SHA-256', canAgree: true },
  ECC_NIST_P384: { curve: 'P-384', hash: 'SHA-384', canAgree: true },
  ECC_NIST_P521: { curve: 'P-521', hash: 'SHA-512', canAgree: true },
  ECC_SECG_P256K1: { curve: 'secp256k1', hash: 'SHA-256', canAgree: false },
}

export function plaintextOf(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => i & 0xff)
}

const rsaKeys = new Map<number, RsaPrivateNumbers>()

/** By node:crypto, which finds primes in no time. */
export function rsaKeyOf(bits: number): RsaPrivateNumbers {
  const key = rsaKeys.get(bits) ?? createNativeProvider().generateRsaKey(bits, systemEntropy)
  rsaKeys.set(bits, key)
  return key
}

/** A number below every modulus of its length. */
export function rsaInputOf(bits: number): Uint8Array {
  const input = new Uint8Array(bits / 8).fill(0x5a)
  input[0] = 0
  return input
}

export interface EcKey {
  readonly scalar: Uint8Array
  readonly point: Uint8Array
}

const ecKeys = new Map<string, EcKey>()

/** @param use tells the keys of one curve apart */
export function ecKeyOf(curve: Curve, use: 'own' | 'peer'): EcKey {
  const name = `${curve} ${use}`
  const made = ecKeys.get(name)
  if (made !== undefined) return made
  const scalar = nobleProvider.generateScalar(curve, systemEntropy)
  const point = nobleProvider.computePoint(curve, scalar)
  if (point === undefined) throw new TypeError('a scalar that was generated has a point')
  ecKeys.set(name, { scalar, point })
  return { scalar, point }
}

export const ED25519_SEED = new Uint8Array(32).fill(9)

export function drawSeed(length: number): Uint8Array {
  const seed = new Uint8Array(length)
  systemEntropy.fill(seed)
  return seed
}

export function areEqual(actual: Uint8Array | undefined, expected: Uint8Array | undefined): boolean {
  return actual !== undefined && expected !== undefined && Buffer.compare(actual, expected) === 0
}
