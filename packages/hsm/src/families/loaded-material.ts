/**
 * Key material made ready for use, one form a family.
 *
 * What is prepared here lives in `LoadedKeys` until it is evicted, and is zeroized then.
 */

import type {
  Curve,
  MlDsaKey,
  MlDsaParameters,
  MlKemKey,
  MlKemParameters,
  RsaPrivateKey,
  RsaPublicKey,
  RsaPublicNumbers,
} from '../asymmetric-primitives.ts'
import type { MacKey } from '../symmetric-primitives.ts'
import type { MacHash } from '../symmetric-primitives.ts'
import type { Secret } from '../secret.ts'

export interface SymmetricMaterial {
  readonly family: 'symmetric'
  /** HMAC-SHA-256 under the key material: what message keys are derived with. */
  readonly mac: MacKey
}

export interface HmacMaterial {
  readonly family: 'hmac'
  readonly hash: MacHash
  readonly mac: MacKey
}

export interface RsaMaterial {
  readonly family: 'rsa'
  readonly numbers: RsaPublicNumbers
  readonly publicKey: RsaPublicKey
  readonly privateKey: RsaPrivateKey
}

export interface EcMaterial {
  readonly family: 'ec'
  readonly curve: Curve
  readonly scalar: Secret
  readonly point: Uint8Array
}

export interface EdwardsMaterial {
  readonly family: 'edwards'
  readonly seed: Secret
  readonly publicKey: Uint8Array
}

export interface MlDsaMaterial {
  readonly family: 'ml-dsa'
  readonly parameters: MlDsaParameters
  readonly key: MlDsaKey
}

export interface MlKemMaterial {
  readonly family: 'ml-kem'
  readonly parameters: MlKemParameters
  readonly key: MlKemKey
}

export type LoadedMaterial =
  | SymmetricMaterial
  | HmacMaterial
  | RsaMaterial
  | EcMaterial
  | EdwardsMaterial
  | MlDsaMaterial
  | MlKemMaterial

/** Overwrites what was prepared; the material must not be used afterwards. */
export function zeroizeMaterial(material: LoadedMaterial): void {
  switch (material.family) {
    case 'symmetric':
    case 'hmac':
      return material.mac.zeroize()
    case 'rsa':
      return material.privateKey.zeroize()
    case 'ec':
      return material.scalar.zeroize()
    case 'edwards':
      return material.seed.zeroize()
    case 'ml-dsa':
    case 'ml-kem':
      return material.key.zeroize()
    default:
      return material satisfies never
  }
}
