/**
 * The native provider: node:crypto for every primitive that the running Node has, noble for the rest.
 *
 * Opt-in, by the subpath `@softkms/hsm/native`: faster by far, and OpenSSL's own constant-time code, but nothing that
 * runs in a browser. What OpenSSL draws inside an operation (ECDSA nonces, blinding, RSA primes, encapsulation,
 * hedging) comes from its generator and not through the `Entropy` port.
 */

import * as crypto from 'node:crypto'
import type { PrimitiveGroup, Provider } from '../../provider.ts'
import { nobleBlock } from '../noble-key-wrap.ts'
import { nobleLattice } from '../noble-lattice.ts'
import { createNativeCurves } from './curves.ts'
import { type MlDsaPrimitives, type MlKemPrimitives, createNativeMlDsa, createNativeMlKem } from './lattice.ts'
import { nativeRsa } from './rsa.ts'
import { nativeGcm, nativeHash, nativeHmac, nativeKeyWrap } from './symmetric.ts'

const NATIVE = 'node:crypto'
const NOBLE = 'noble'

/** Finds out, by trying, what this Node has: ML-DSA since 24.6, ML-KEM since 24.7. */
export function createNativeProvider(): Provider {
  const mlDsa = tryMlDsa()
  const mlKem = tryMlKem()
  const servedBy: Record<PrimitiveGroup, string> = {
    'AES-256-GCM': NATIVE,
    'AES-256-KWP': NATIVE,
    HMAC: NATIVE,
    SHA: NATIVE,
    RSA: NATIVE,
    ECDSA: `${NATIVE}; ${NOBLE} for digests`,
    ECDH: NATIVE,
    Ed25519: `${NATIVE}; ${NOBLE} for Ed25519ph`,
    'ML-DSA': mlDsa === undefined ? NOBLE : `${NATIVE}; ${NOBLE} for external mu`,
    'ML-KEM': mlKem === undefined ? NOBLE : NATIVE,
  }
  return {
    name: 'native',
    servedBy,
    ...nativeGcm,
    ...nativeKeyWrap,
    ...nobleBlock,
    ...nativeHash,
    ...nativeHmac,
    ...nativeRsa,
    ...createNativeCurves(),
    ...nobleLattice,
    ...mlDsa,
    ...mlKem,
  }
}

function tryMlDsa(): MlDsaPrimitives | undefined {
  const primitives = createNativeMlDsa()
  return works(() => primitives.createMlDsaKey('ML-DSA-44', new Uint8Array(32)).zeroize()) ? primitives : undefined
}

function tryMlKem(): MlKemPrimitives | undefined {
  // Not there in older versions, whatever the types say.
  if (!('encapsulate' in crypto && 'decapsulate' in crypto)) return undefined
  const primitives = createNativeMlKem()
  return works(() => primitives.createMlKemKey('ML-KEM-512', new Uint8Array(64)).zeroize()) ? primitives : undefined
}

function works(attempt: () => void): boolean {
  try {
    attempt()
    return true
  } catch {
    return false
  }
}
