/**
 * ECDH: the checks before every provider.
 *
 * The cofactor of these curves is 1, so the cofactor method of SP 800-56A is the plain product. The shared secret is
 * the raw x-coordinate, as AWS KMS returns it; it is no key before a derivation.
 *
 * @spec SP 800-56A rev. 3 §5.7.1.2
 */

import type { Curve, CurvePrimitives } from '../../asymmetric-primitives.ts'
import { assertScalarLength, isUncompressed } from '../elliptic-curve.ts'

/**
 * @returns the x-coordinate in the curve's length, which the caller zeroizes, or `undefined` when the peer's bytes are
 * no uncompressed point of the curve
 * @throws RangeError for a scalar of another length
 */
export function deriveSharedSecret(
  provider: CurvePrimitives,
  curve: Curve,
  scalar: Uint8Array,
  peerPoint: Uint8Array,
): Uint8Array | undefined {
  assertScalarLength(curve, scalar)
  return isUncompressed(curve, peerPoint) ? provider.deriveEcdh(curve, scalar, peerPoint) : undefined
}
