/**
 * The Weierstrass curves of the API: how long their scalars and points are.
 *
 * @spec SEC 1 §2.3, SP 800-186 §3.2.1
 */

import type { Curve } from '../asymmetric-primitives.ts'

/** Bytes of a scalar, and of one coordinate: on these curves they are as long. */
export const SCALAR_LENGTHS: Readonly<Record<Curve, number>> = {
  'P-256': 32,
  'P-384': 48,
  'P-521': 66,
  secp256k1: 32,
}

const UNCOMPRESSED = 0x04

/** Bytes of an uncompressed point: 04, x, y. */
export function pointLength(curve: Curve): number {
  return 1 + 2 * SCALAR_LENGTHS[curve]
}

/** @returns whether the bytes have the form of an uncompressed point; whether it is one is for the provider to say */
export function isUncompressed(curve: Curve, point: Uint8Array): boolean {
  return point.length === pointLength(curve) && point[0] === UNCOMPRESSED
}

/** @throws RangeError for a scalar of any length but the curve's */
export function assertScalarLength(curve: Curve, scalar: Uint8Array): void {
  const length = SCALAR_LENGTHS[curve]
  if (scalar.length !== length) throw new RangeError(`scalar must be ${length} bytes`)
}
