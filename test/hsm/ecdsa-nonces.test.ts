/**
 * ECDSA's nonces: without fresh bytes those of RFC 6979, and after a candidate that does not serve the next one.
 *
 * @covers RFC 6979 §3.2, §3.6, §A.2.5, §A.2.6, §A.2.7
 */

import { kernelsProvider, nobleProvider } from '@softkms/hsm'
import { type WeierstrassKernel, createWeierstrassKernel } from '@softkms/kernels'
import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { ECDSA_ANSWERS } from '../../packages/hsm/src/algorithms/ecdsa/known-answers.ts'
import { createNonces } from '../../packages/hsm/src/algorithms/ecdsa/nonces.ts'
import type { Curve } from '../../packages/hsm/src/asymmetric-primitives.ts'
import { parseHex } from '../../packages/hsm/src/bytes.ts'
import { curvePrimitives } from '../../packages/hsm/src/provider/kernels/curves.ts'
import { testingOnlyEntropy } from '../../packages/hsm/src/testing.ts'
import { PROVIDERS } from '../support/providers.ts'
import { toHex } from '../support/vectors.ts'

const HASHES = { 'P-256': 'SHA-256', 'P-384': 'SHA-384', 'P-521': 'SHA-512', secp256k1: 'SHA-256' } as const
const NOTHING = new Uint8Array(0)

describe.each(Object.keys(HASHES) as Curve[])('%s', async (curve) => {
  const kernel = await createWeierstrassKernel(curve)
  const answer = ECDSA_ANSWERS[curve]
  const [scalar, digest] = [parseHex(answer.scalar), parseHex(answer.digest)]

  test.each(PROVIDERS)('$name: the signature that everybody agrees on', (provider) => {
    const nonces = createNonces(provider, HASHES[curve], scalar, kernel.reduceDigest(digest), NOTHING)
    expect(toHex(kernel.sign(scalar, digest, nonces.next()) ?? NOTHING)).toBe(answer.signature)
  })

  test('one candidate after the other, as the generator goes on', () => {
    const hash = HASHES[curve].replace('-', '')
    const reduced = kernel.reduceDigest(digest)
    const fresh = new Uint8Array(scalar.length).fill(7)
    const hmac = (key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array => {
      const mac = createHmac(hash, key)
      for (const part of parts) mac.update(part)
      return mac.digest()
    }
    let [key, value] = [new Uint8Array(digest.length), new Uint8Array(digest.length).fill(1)] as [
      Uint8Array,
      Uint8Array,
    ]
    const update = (separator: number, ...seed: readonly Uint8Array[]): void => {
      key = hmac(key, value, Uint8Array.of(separator), ...seed)
      value = hmac(key, value)
    }
    update(0, scalar, reduced, fresh)
    update(1, scalar, reduced, fresh)

    const nonces = createNonces(kernelsProvider, HASHES[curve], scalar, reduced, fresh)
    const drawn = Array.from({ length: 4 }, () => toHex(nonces.next()))
    const expected = drawn.map((_, i) => {
      if (i > 0) update(0)
      const blocks: Uint8Array[] = []
      for (let length = 0; length < scalar.length; length += value.length) {
        value = hmac(key, value)
        blocks.push(value)
      }
      return toHex(Uint8Array.from(Buffer.concat(blocks)))
    })
    expect(drawn).toEqual(expected)
    expect(new Set(drawn).size).toBe(drawn.length)
    expect(drawn[0]).toBe(toHex(createNonces(nobleProvider, HASHES[curve], scalar, reduced, fresh).next()))
  })
})

describe('a candidate that does not serve', async () => {
  const kernel = await createWeierstrassKernel('P-256')
  const [scalar, digest] = [parseHex(ECDSA_ANSWERS['P-256'].scalar), parseHex(ECDSA_ANSWERS['P-256'].digest)]
  /** The provider's curves over a kernel that signs in its own way. */
  const withSign = (sign: WeierstrassKernel['sign']) => {
    const current: WeierstrassKernel = {
      isScalar: (any) => kernel.isScalar(any),
      computePoint: (any) => kernel.computePoint(any),
      isPoint: (point) => kernel.isPoint(point),
      decompressPoint: (compressed) => kernel.decompressPoint(compressed),
      multiplyPoint: (...args) => kernel.multiplyPoint(...args),
      sign,
      verify: (...args) => kernel.verify(...args),
      reduceDigest: (any) => kernel.reduceDigest(any),
    }
    const ready = { current, prepare: () => undefined }
    return curvePrimitives({ 'P-256': ready, 'P-384': ready, 'P-521': ready, secp256k1: ready }, kernelsProvider)
  }

  test('gives way to the next', () => {
    const drawn: string[] = []
    const { signEcdsa } = withSign((key, message, candidate) => {
      drawn.push(toHex(candidate))
      return drawn.length < 3 ? undefined : kernel.sign(key, message, candidate)
    })
    const signature = signEcdsa('P-256', scalar, digest, testingOnlyEntropy(NOTHING))
    expect(new Set(drawn).size).toBe(3)
    expect(signature).toEqual(kernel.sign(scalar, digest, parseHex(drawn[2] ?? '')))
  })

  test('is not looked for without end', () => {
    const { signEcdsa } = withSign(() => undefined)
    expect(() => signEcdsa('P-256', scalar, digest, testingOnlyEntropy(NOTHING))).toThrow(
      expect.objectContaining({ code: 'FAULT_DETECTED' }),
    )
  })
})
