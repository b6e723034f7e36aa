/**
 * Pair-wise consistency of an EC key pair that agrees keys: the public point is computed anew and compared.
 *
 * @spec SP 800-56A rev. 3 §5.6.2.1.4
 */

import type { Curve, CurvePrimitives } from '../../asymmetric-primitives.ts'
import { equalBytes } from '../../bytes.ts'

export function passesEcdhPct(provider: CurvePrimitives, curve: Curve, scalar: Uint8Array, point: Uint8Array): boolean {
  const computed = provider.computePoint(curve, scalar)
  return computed !== undefined && equalBytes(computed, point) && provider.isPoint(curve, point)
}
