/** ECDSA and ECDH as the boundary asks for them, from a kernel for each curve; private scalars are drawn as noble does. */

import type { WeierstrassKernel } from '@softkms/kernels'
import { passesEcdhOnCurve } from '../../algorithms/ecdh/cast.ts'
import { passesEcdsaOnCurve } from '../../algorithms/ecdsa/cast.ts'
import { createNonces } from '../../algorithms/ecdsa/nonces.ts'
import type { Curve, CurvePrimitives } from '../../asymmetric-primitives.ts'
import { drawBytes } from '../../entropy.ts'
import { HsmError } from '../../errors.ts'
import type { MacHash, MacPrimitives } from '../../symmetric-primitives.ts'
import { nobleCurves } from '../noble-curves.ts'
import type { LazyKernel } from './lazy-kernel.ts'

export type CurveKernels = Readonly<Record<Curve, LazyKernel<WeierstrassKernel>>>

/** Whichever hash made the digest, nonces come from the one of the curve's own strength. */
const NONCE_HASHES: Readonly<Record<Curve, MacHash>> = {
  'P-256': 'SHA-256',
  'P-384': 'SHA-384',
  'P-521': 'SHA-512',
  secp256k1: 'SHA-256',
}
/** One in 2^32 candidates is no nonce on the curve with the most of them, P-256. */
const MOST_NONCES = 1000

export const CURVES = Object.keys(NONCE_HASHES) as readonly Curve[]

export type WeierstrassPrimitives = Pick<
  CurvePrimitives,
  'computePoint' | 'isPoint' | 'decompressPoint' | 'signEcdsa' | 'verifyEcdsa' | 'deriveEcdh'
>

/** A curve that is asked for begins to be made ready, unless it was; until it is, noble answers. */
export function curvePrimitives(kernels: CurveKernels, macs: MacPrimitives): WeierstrassPrimitives {
  return primitivesOf((curve) => {
    void kernels[curve].prepare()
    return kernels[curve].current
  }, macs)
}

/** Whether the kernel of a curve answers as it must. */
export function passesCurve(kernel: WeierstrassKernel, curve: Curve, macs: MacPrimitives): boolean {
  const primitives = { ...nobleCurves, ...primitivesOf(() => kernel, macs) }
  return passesEcdsaOnCurve(primitives, curve) && passesEcdhOnCurve(primitives, curve)
}

/** @param find gives the kernel that serves a curve, or nothing where noble is to */
function primitivesOf(
  find: (curve: Curve) => WeierstrassKernel | undefined,
  macs: MacPrimitives,
): WeierstrassPrimitives {
  return {
    computePoint(curve, scalar) {
      const kernel = find(curve)
      return kernel === undefined ? nobleCurves.computePoint(curve, scalar) : kernel.computePoint(scalar)
    },

    isPoint: (curve, point) => find(curve)?.isPoint(point) ?? nobleCurves.isPoint(curve, point),

    decompressPoint(curve, compressed) {
      const kernel = find(curve)
      return kernel === undefined ? nobleCurves.decompressPoint(curve, compressed) : kernel.decompressPoint(compressed)
    },

    signEcdsa(curve, scalar, digest, entropy) {
      const kernel = find(curve)
      if (kernel === undefined) return nobleCurves.signEcdsa(curve, scalar, digest, entropy)
      assertScalar(kernel, scalar)
      const extraEntropy = drawBytes(entropy, scalar.length)
      const nonces = createNonces(macs, NONCE_HASHES[curve], scalar, kernel.reduceDigest(digest), extraEntropy)
      extraEntropy.fill(0)
      try {
        for (let i = 0; i < MOST_NONCES; i++) {
          const drawn = nonces.next()
          const signature = kernel.sign(scalar, digest, drawn)
          drawn.fill(0)
          if (signature !== undefined) return signature
        }
      } finally {
        nonces.zeroize()
      }
      throw new HsmError('FAULT_DETECTED')
    },

    verifyEcdsa(curve, point, digest, signature) {
      return find(curve)?.verify(point, digest, signature) ?? nobleCurves.verifyEcdsa(curve, point, digest, signature)
    },

    deriveEcdh(curve, scalar, peerPoint) {
      const kernel = find(curve)
      if (kernel === undefined) return nobleCurves.deriveEcdh(curve, scalar, peerPoint)
      if (!kernel.isPoint(peerPoint)) return undefined
      assertScalar(kernel, scalar)
      return kernel.multiplyPoint(scalar, peerPoint)
    },
  }
}

/** @throws RangeError, as noble throws an error of its own */
function assertScalar(kernel: WeierstrassKernel, scalar: Uint8Array): void {
  if (!kernel.isScalar(scalar)) throw new RangeError('scalar must be from 1 to n - 1')
}
