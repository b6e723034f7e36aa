/**
 * The native provider: node:crypto for every primitive that the running Node has, the kernels provider for the rest.
 *
 * Opt-in, by the subpath `@softkms/hsm/native`: faster by far, and OpenSSL's own constant-time code, but nothing that
 * runs in a browser. What OpenSSL draws inside an operation (ECDSA nonces, blinding, RSA primes, encapsulation,
 * hedging) comes from its generator and not through the `Entropy` port.
 */

import { SCALAR_LENGTHS } from '../../algorithms/elliptic-curve.ts'
import { createKnownKey } from '../../algorithms/rsa/known-key.ts'
import type { Curve, HashName } from '../../asymmetric-primitives.ts'
import { systemEntropy } from '../../entropy.ts'
import type { Provider } from '../../provider.ts'
import type { MacHash } from '../../symmetric-primitives.ts'
import { type NativePart, assembleProvider } from './assemble.ts'
import { createNativeAgreement, createNativeEcdsa, createNativeEd25519 } from './curves.ts'
import { createNativeMlDsa, createNativeMlKem } from './lattice.ts'
import { nativeRsa } from './rsa.ts'
import { HASH_NAMES, nativeGcm, nativeHash, nativeHmac, nativeKeyWrap } from './symmetric.ts'

const NATIVE = 'node:crypto'

/** Finds out, by trying, what this Node has: ML-DSA came with 24.6, ML-KEM with 24.7. */
export function createNativeProvider(): Provider {
  return assembleProvider('native', [...symmetricParts(), rsaPart(), ...curveParts(), ...latticeParts()])
}

const CURVES = Object.keys(SCALAR_LENGTHS) as Curve[]
const HASHES = Object.keys(HASH_NAMES) as HashName[]
const NOTHING = new Uint8Array(0)
const KEY = new Uint8Array(32).fill(1)

function symmetricParts(): readonly NativePart[] {
  return [
    {
      group: 'AES-256-GCM',
      servedBy: NATIVE,
      primitives: nativeGcm,
      tryOut: () => void nativeGcm.sealAesGcm(KEY, KEY.subarray(0, 12), NOTHING, NOTHING),
    },
    {
      group: 'AES-256-KWP',
      servedBy: NATIVE,
      primitives: nativeKeyWrap,
      tryOut: () => void nativeKeyWrap.wrapAesKwp(KEY, KEY),
    },
    {
      group: 'HMAC',
      servedBy: NATIVE,
      primitives: nativeHmac,
      tryOut() {
        for (const hash of HASHES) if (isMacHash(hash)) nativeHmac.createHmac(hash, KEY).compute(NOTHING)
      },
    },
    {
      group: 'SHA',
      servedBy: NATIVE,
      primitives: nativeHash,
      tryOut() {
        for (const hash of HASHES) nativeHash.digest(hash, NOTHING)
      },
    },
  ]
}

function isMacHash(hash: HashName): hash is MacHash {
  return hash !== 'SHA-1'
}

function rsaPart(): NativePart {
  return {
    group: 'RSA',
    servedBy: NATIVE,
    primitives: nativeRsa,
    tryOut() {
      const numbers = createKnownKey()
      const input = new Uint8Array(numbers.modulus.length)
      nativeRsa.createRsaPublicKey(numbers).compute(input)
      nativeRsa.createRsaPrivateKey(numbers, systemEntropy).compute(input)
    },
  }
}

/** A part that lacks one of the curves is left out whole. */
function curveParts(): readonly NativePart[] {
  const ecdsa = createNativeEcdsa()
  const agreement = createNativeAgreement()
  const ed25519 = createNativeEd25519()
  const scalarOf = (curve: Curve): Uint8Array => new Uint8Array(SCALAR_LENGTHS[curve]).fill(1, -16)
  return [
    {
      group: 'ECDSA',
      servedBy: NATIVE,
      lacks: 'digests',
      primitives: ecdsa,
      tryOut() {
        for (const curve of CURVES) ecdsa.signEcdsaMessage(curve, scalarOf(curve), 'SHA-256', NOTHING)
      },
    },
    {
      group: 'ECDH',
      servedBy: NATIVE,
      primitives: agreement,
      tryOut() {
        for (const curve of CURVES) {
          const point = agreement.computePoint(curve, scalarOf(curve))
          // A curve that is not there looks like a scalar that is none.
          if (point === undefined) throw new TypeError(`no ${curve}`)
          agreement.deriveEcdh(curve, scalarOf(curve), point)
        }
      },
    },
    {
      group: 'Ed25519',
      servedBy: NATIVE,
      lacks: 'Ed25519ph',
      primitives: ed25519,
      tryOut: () => void ed25519.signEd25519(KEY, NOTHING, false),
    },
  ]
}

function latticeParts(): readonly NativePart[] {
  const mlDsa = createNativeMlDsa()
  const mlKem = createNativeMlKem()
  return [
    {
      group: 'ML-DSA',
      servedBy: NATIVE,
      lacks: 'external mu',
      primitives: mlDsa,
      tryOut: () => void mlDsa.createMlDsaKey('ML-DSA-44', KEY).signMessage(NOTHING),
    },
    {
      group: 'ML-KEM',
      servedBy: NATIVE,
      primitives: mlKem,
      tryOut() {
        const key = mlKem.createMlKemKey('ML-KEM-512', new Uint8Array(64))
        const encapsulated = mlKem.encapsulate('ML-KEM-512', key.encapsulationKey, systemEntropy)
        // An encapsulation that is not there looks like a key that fails its check.
        if (encapsulated === undefined) throw new TypeError('no encapsulation')
        key.decapsulate(encapsulated.ciphertext)
      },
    },
  ]
}
