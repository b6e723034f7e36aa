/** Which key material can be imported, and how it may be wrapped. @spec KMS crypto-details §8 */

import { KEY_SPECS, type KeySpec, type WrappingAlgorithm } from '@softkms/hsm'
import { KmsError } from '../errors.ts'
import type { AlgorithmSpec, WrappingKeySpec } from '../generated/types.ts'

const OAEP: readonly WrappingAlgorithm[] = ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256']
const AES_KEY_WRAP: readonly WrappingAlgorithm[] = ['RSA_AES_KEY_WRAP_SHA_1', 'RSA_AES_KEY_WRAP_SHA_256']

export type RsaWrappingSpec = Exclude<WrappingKeySpec, 'SM2'>

const WRAPPING_KEY_SPECS: readonly RsaWrappingSpec[] = ['RSA_2048', 'RSA_3072', 'RSA_4096']

/** @returns how material of a key spec may be wrapped; nothing where there is no import of it */
function wrappingAlgorithmsOf(spec: KeySpec): readonly WrappingAlgorithm[] {
  const { family } = KEY_SPECS[spec]
  switch (family) {
    case 'symmetric':
    case 'hmac':
      return OAEP
    case 'ec':
    case 'edwards':
      return [...OAEP, ...AES_KEY_WRAP]
    case 'rsa':
      // An RSA private key is longer than any RSA key can take by itself.
      return AES_KEY_WRAP
    case 'ml-dsa':
    case 'ml-kem':
      return []
    default:
      return family satisfies never
  }
}

/** @throws KmsError `ValidationException` for a key spec whose material nobody can import */
export function assertImportable(spec: KeySpec): void {
  if (wrappingAlgorithmsOf(spec).length > 0) return
  throw new KmsError('ValidationException', `KeySpec ${spec} is not supported for Origin EXTERNAL`)
}

/** P-521's private key is longer than OAEP under RSA_2048 can take. */
function isTooLong(spec: KeySpec, algorithm: WrappingAlgorithm, wrapping: RsaWrappingSpec): boolean {
  return spec === 'ECC_NIST_P521' && wrapping === 'RSA_2048' && OAEP.includes(algorithm)
}

/**
 * Takes how the caller wants to wrap material of `spec`.
 *
 * @throws KmsError `UnsupportedOperationException` for a way that AWS does not have for such keys, or has no more
 */
export function chooseWrapping(
  spec: KeySpec,
  algorithm: AlgorithmSpec,
  wrapping: WrappingKeySpec,
): { readonly algorithm: WrappingAlgorithm; readonly keySpec: RsaWrappingSpec } {
  const keySpec = WRAPPING_KEY_SPECS.find((one) => one === wrapping)
  const chosen = wrappingAlgorithmsOf(spec).find((one) => one === algorithm)
  if (keySpec === undefined) {
    throw new KmsError('UnsupportedOperationException', `WrappingKeySpec ${wrapping} is not supported in this Region.`)
  }
  if (chosen === undefined || isTooLong(spec, chosen, keySpec)) {
    throw new KmsError(
      'UnsupportedOperationException',
      `WrappingAlgorithm ${algorithm} with WrappingKeySpec ${wrapping} is not valid for KeySpec ${spec}.`,
    )
  }
  return { algorithm: chosen, keySpec }
}
