/**
 * ECDH: the lengths that are checked, and what the self-test catches.
 *
 * @covers SP 800-56A §5.7.1.2
 */

import { type Curve, nobleProvider, systemEntropy } from '@softkms/hsm'
import { describe, expect, test } from 'vitest'
import { passesEcdhCast } from '../../packages/hsm/src/algorithms/ecdh/cast.ts'
import { deriveSharedSecret } from '../../packages/hsm/src/algorithms/ecdh/ecdh.ts'
import { SCALAR_LENGTHS } from '../../packages/hsm/src/algorithms/elliptic-curve.ts'

describe.each(Object.keys(SCALAR_LENGTHS) as Curve[])('ECDH on %s', (curve) => {
  const scalar = nobleProvider.generateScalar(curve, systemEntropy)
  const point = nobleProvider.computePoint(curve, scalar) ?? new Uint8Array(0)

  test('gives an x-coordinate of the whole length', () => {
    expect(deriveSharedSecret(nobleProvider, curve, scalar, point)?.length).toBe(SCALAR_LENGTHS[curve])
  })

  test('refuses every point that is none, and points of other curves', () => {
    const compressed = Uint8Array.of(2, ...point.subarray(1, SCALAR_LENGTHS[curve] + 1))
    const foreign = curve === 'P-256' ? 'secp256k1' : 'P-256'
    const other = nobleProvider.computePoint(foreign, nobleProvider.generateScalar(foreign, systemEntropy))
    const infinity = Uint8Array.of(0)
    for (const none of [compressed, other ?? infinity, infinity, new Uint8Array(0), point.subarray(1)]) {
      expect(deriveSharedSecret(nobleProvider, curve, scalar, none)).toBeUndefined()
    }
  })

  test('throws for a scalar of another length', () => {
    expect(() => deriveSharedSecret(nobleProvider, curve, scalar.subarray(1), point)).toThrow(RangeError)
  })
})

test('ECDH fails its self-test with a provider that does not look at the point', () => {
  const blind = { ...nobleProvider, deriveEcdh: () => new Uint8Array(32) }
  expect(passesEcdhCast(blind)).toBe(false)
})
