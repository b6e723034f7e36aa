/**
 * Key material: generated, made ready for use, and asked for its public half. One case a family.
 *
 * As bytes, which is how tokens wrap it, material is raw for symmetric and HMAC keys and PKCS#8 for all others.
 */

import { createHmacKey } from '../algorithms/hmac/hmac.ts'
import { ML_DSA_SEED_LENGTH, createMlDsaKey } from '../algorithms/ml-dsa/ml-dsa.ts'
import { ML_KEM_SEED_LENGTH, createMlKemKey } from '../algorithms/ml-kem/ml-kem.ts'
import { ED25519_SEED_LENGTH } from '../algorithms/eddsa/eddsa.ts'
import type { Curve, GenerationProgress } from '../asymmetric-primitives.ts'
import { equalBytes } from '../bytes.ts'
import { type PrivateKeyInfo, decodePkcs8, encodePkcs8 } from '../encoding/pkcs8.ts'
import { encodeSpki } from '../encoding/spki.ts'
import { drawBytes } from '../entropy.ts'
import { HsmError } from '../errors.ts'
import { KEY_SPECS, type KeySpec } from '../key-spec.ts'
import { Secret } from '../secret.ts'
import type { Services } from '../services.ts'
import type { LoadedMaterial } from './loaded-material.ts'

/** Generates material of a spec; the caller zeroizes it. */
export function generateMaterial(services: Services, spec: KeySpec, onProgress?: GenerationProgress): Uint8Array {
  const { provider, entropy } = services
  const row = KEY_SPECS[spec]
  switch (row.family) {
    case 'symmetric':
    case 'hmac':
      return drawBytes(entropy, row.materialLength)
    case 'rsa': {
      const numbers = provider.generateRsaKey(row.modulusBits, entropy, onProgress)
      return encodeAndZeroize({ family: 'rsa', numbers }, Object.values(numbers))
    }
    case 'ec': {
      const { curve } = row
      const scalar = provider.generateScalar(curve, entropy)
      const point = provider.computePoint(curve, scalar)
      // A scalar that the provider generated has a point, unless something is very wrong.
      if (point === undefined) throw new HsmError('FAULT_DETECTED')
      return encodeAndZeroize({ family: 'ec', curve, scalar, point }, [scalar])
    }
    case 'edwards':
      return encodeSeed(services, { family: 'edwards' }, ED25519_SEED_LENGTH)
    case 'ml-dsa':
      return encodeSeed(services, { family: 'ml-dsa', parameters: row.parameters }, ML_DSA_SEED_LENGTH)
    case 'ml-kem':
      return encodeSeed(services, { family: 'ml-kem', parameters: row.parameters }, ML_KEM_SEED_LENGTH)
    default:
      return row satisfies never
  }
}

/**
 * Makes material ready for use. `material` stays the caller's; what is kept of it is copied.
 *
 * @returns `undefined` for bytes that are not material of the spec
 */
export function loadMaterial(services: Services, spec: KeySpec, material: Uint8Array): LoadedMaterial | undefined {
  const { provider, entropy } = services
  const row = KEY_SPECS[spec]
  switch (row.family) {
    case 'symmetric':
      if (material.length !== row.materialLength) return undefined
      return { family: 'symmetric', mac: provider.createHmac('SHA-256', material) }
    case 'hmac':
      if (material.length !== row.materialLength) return undefined
      return { family: 'hmac', hash: row.hash, mac: createHmacKey(provider, row.hash, material) }
    case 'rsa': {
      const key = decodePkcs8(material)
      if (key?.family !== 'rsa' || key.numbers.modulus.length * 8 !== row.modulusBits) return undefined
      const numbers = {
        modulus: key.numbers.modulus.slice(),
        publicExponent: key.numbers.publicExponent.slice(),
      }
      const publicKey = provider.createRsaPublicKey(numbers)
      return { family: 'rsa', numbers, publicKey, privateKey: provider.createRsaPrivateKey(key.numbers, entropy) }
    }
    case 'ec':
      return loadEc(services, row.curve, decodePkcs8(material))
    case 'edwards': {
      const key = decodePkcs8(material)
      if (key?.family !== 'edwards') return undefined
      return { family: 'edwards', seed: Secret.copyOf(key.seed), publicKey: provider.computeEd25519PublicKey(key.seed) }
    }
    case 'ml-dsa': {
      const { parameters } = row
      const key = decodePkcs8(material)
      if (key?.family !== 'ml-dsa' || key.parameters !== parameters) return undefined
      return { family: 'ml-dsa', parameters, key: createMlDsaKey(provider, parameters, key.seed) }
    }
    case 'ml-kem': {
      const { parameters } = row
      const key = decodePkcs8(material)
      if (key?.family !== 'ml-kem' || key.parameters !== parameters) return undefined
      return { family: 'ml-kem', parameters, key: createMlKemKey(provider, parameters, key.seed) }
    }
    default:
      return row satisfies never
  }
}

/** @returns SubjectPublicKeyInfo, DER; `undefined` for families without a public half */
export function publicKeyOf(material: LoadedMaterial): Uint8Array | undefined {
  switch (material.family) {
    case 'symmetric':
    case 'hmac':
      return undefined
    case 'rsa':
      return encodeSpki({ family: 'rsa', numbers: material.numbers })
    case 'ec':
      return encodeSpki({ family: 'ec', curve: material.curve, point: material.point })
    case 'edwards':
      return encodeSpki({ family: 'edwards', publicKey: material.publicKey })
    case 'ml-dsa':
      return encodeSpki({ family: 'ml-dsa', parameters: material.parameters, publicKey: material.key.publicKey })
    case 'ml-kem': {
      const { parameters, key } = material
      return encodeSpki({ family: 'ml-kem', parameters, publicKey: key.encapsulationKey })
    }
    default:
      return material satisfies never
  }
}

function loadEc({ provider }: Services, curve: Curve, key: PrivateKeyInfo | undefined): LoadedMaterial | undefined {
  if (key?.family !== 'ec' || key.curve !== curve) return undefined
  const point = provider.computePoint(curve, key.scalar)
  if (point === undefined) return undefined
  // A public half that came along must be the private half's own.
  if (key.point !== undefined && !equalBytes(point, key.point)) return undefined
  return { family: 'ec', curve, scalar: Secret.copyOf(key.scalar), point }
}

type SeedKey = Extract<PrivateKeyInfo, { readonly seed: Uint8Array }>
type Unseeded<Key> = Key extends SeedKey ? Omit<Key, 'seed'> : never

function encodeSeed({ entropy }: Services, key: Unseeded<SeedKey>, length: number): Uint8Array {
  const seed = drawBytes(entropy, length)
  return encodeAndZeroize({ ...key, seed }, [seed])
}

function encodeAndZeroize(key: PrivateKeyInfo, secrets: readonly Uint8Array[]): Uint8Array {
  try {
    return encodePkcs8(key)
  } finally {
    for (const secret of secrets) secret.fill(0)
  }
}
