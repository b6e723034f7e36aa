/**
 * The known answers of RFCs, under every provider.
 *
 * @covers FIPS 198-1, FIPS 186-5 §6.4.2, SP 800-56A §5.7.1.2
 */

import { describe, expect, test } from 'vitest'
import { deriveSharedSecret } from '../../../packages/hsm/src/algorithms/ecdh/ecdh.ts'
import { verifyEcdsaDigest, verifyEcdsaMessage } from '../../../packages/hsm/src/algorithms/ecdsa/ecdsa.ts'
import { RFC_COUNTS } from '../../../tools/docs/vector-counts.ts'
import { PROVIDERS } from '../../support/providers.ts'
import { fromHex, toHex } from '../../support/vectors.ts'
import { ECDH_P_521, ECDSA_P_384, HMAC_SHA_384 } from './known-answers.ts'

test('there are as many as the documents tell', () => {
  const counts = Object.values(RFC_COUNTS).map(({ tests }) => tests)
  expect(counts).toEqual([HMAC_SHA_384.length, ECDSA_P_384.signatures.length, ECDH_P_521.scalars.length])
})

describe.each(PROVIDERS)('$name', (provider) => {
  test.each(HMAC_SHA_384)('HMAC-SHA-384: $tag', ({ key, message, tag }) => {
    expect(toHex(provider.createHmac('SHA-384', fromHex(key)).compute(fromHex(message)))).toBe(tag)
  })

  test.each(ECDSA_P_384.signatures)('ECDSA on P-384: $signature', ({ message, signature }) => {
    const [point, bytes, signed] = [fromHex(ECDSA_P_384.point), fromHex(message), fromHex(signature)]
    expect(provider.computePoint('P-384', fromHex(ECDSA_P_384.scalar))).toEqual(point)
    expect(verifyEcdsaMessage(provider, 'P-384', 'SHA-384', point, bytes, signed)).toBe(true)
    expect(verifyEcdsaDigest(provider, 'P-384', point, provider.digest('SHA-384', bytes), signed)).toBe(true)
    expect(verifyEcdsaMessage(provider, 'P-384', 'SHA-384', point, Uint8Array.of(...bytes, 0), signed)).toBe(false)
  })

  test.each([0, 1] as const)('ECDH on P-521, side %i', (side) => {
    const [scalar, peer] = [fromHex(ECDH_P_521.scalars[side]), fromHex(ECDH_P_521.points[side === 0 ? 1 : 0])]
    expect(toHex(provider.computePoint('P-521', scalar) ?? scalar)).toBe(ECDH_P_521.points[side])
    expect(toHex(deriveSharedSecret(provider, 'P-521', scalar, peer) ?? peer)).toBe(ECDH_P_521.sharedSecret)
  })
})
