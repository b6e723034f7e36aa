/**
 * Ed25519 and Ed25519ph: strictness, the second hash of AWS, and the lengths that are checked.
 *
 * @covers RFC 8032 §5.1, FIPS 186-5 §7.7, §7.8
 */

import * as kernels from '@softkms/kernels'
import { createHash } from 'node:crypto'
import { nobleProvider } from '@softkms/hsm'
import { expect, test } from 'vitest'
import { passesEd25519Cast } from '../../packages/hsm/src/algorithms/eddsa/cast.ts'
import {
  signEd25519,
  signEd25519ph,
  verifyEd25519,
  verifyEd25519ph,
} from '../../packages/hsm/src/algorithms/eddsa/eddsa.ts'
import { createKernelsProvider } from '../../packages/hsm/src/provider/kernels/kernels.ts'
import { PROVIDERS } from '../support/providers.ts'
import { fromHex, toHex } from '../support/vectors.ts'

const seed = fromHex('833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42')
const publicKey = nobleProvider.computeEd25519PublicKey(seed)
const message = new TextEncoder().encode('abc')

test('hashes a digest once more, as AWS documents', () => {
  const digest = Uint8Array.from(createHash('sha512').update(message).digest())
  const signature = signEd25519ph(nobleProvider, seed, digest)
  // What the digest is to us the message is to RFC 8032: its own answer for "abc" is another signature.
  expect(toHex(signature)).not.toBe(
    '98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae41' +
      '31f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406',
  )
  expect(signature).toEqual(nobleProvider.signEd25519(seed, digest, true))
  expect(verifyEd25519ph(nobleProvider, publicKey, digest, signature)).toBe(true)
  expect(verifyEd25519(nobleProvider, publicKey, digest, signature)).toBe(false)
})

test('is deterministic', () => {
  expect(signEd25519(nobleProvider, seed, message)).toEqual(signEd25519(nobleProvider, seed, message))
})

test.each(PROVIDERS)('$name refuses what is not canonical', (provider) => {
  const signature = signEd25519(provider, seed, message)
  expect(verifyEd25519(provider, publicKey, message, signature)).toBe(true)
  // S + L: the same residue, another signature. RFC 8032 §5.1.7 (1)
  const order = 2n ** 252n + 27742317777372353535851937790883648493n
  const s = BigInt(`0x${toHex(signature.subarray(32).toReversed())}`) + order
  const malleable = Uint8Array.from(signature)
  malleable.set(fromHex(s.toString(16).padStart(64, '0')).toReversed(), 32)
  expect(verifyEd25519(provider, publicKey, message, malleable)).toBe(false)
  // y = p, which is 0 not reduced; ZIP 215 would take it for a point of order four.
  const notReduced = fromHex('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f')
  expect(verifyEd25519(provider, notReduced, message, new Uint8Array(64))).toBe(false)
})

test('refuses public keys of small order, under which one signature fits many messages', () => {
  const identity = new Uint8Array(32)
  identity[0] = 1
  const signature = new Uint8Array(64)
  signature[0] = 1
  expect(verifyEd25519(nobleProvider, identity, message, signature)).toBe(false)
})

test('checks lengths', () => {
  const signature = signEd25519(nobleProvider, seed, message)
  const digest = new Uint8Array(64)
  expect(verifyEd25519(nobleProvider, publicKey, message, signature.subarray(1))).toBe(false)
  expect(verifyEd25519(nobleProvider, publicKey.subarray(1), message, signature)).toBe(false)
  expect(verifyEd25519ph(nobleProvider, publicKey, digest, signature.subarray(1))).toBe(false)
  for (const length of [0, 32, 63, 65]) {
    const other = new Uint8Array(length)
    expect(() => signEd25519ph(nobleProvider, seed, other)).toThrow(RangeError)
    expect(() => verifyEd25519ph(nobleProvider, publicKey, other, signature)).toThrow(RangeError)
  }
  expect(() => signEd25519(nobleProvider, seed.subarray(1), message)).toThrow(RangeError)
  expect(() => signEd25519ph(nobleProvider, seed.subarray(1), digest)).toThrow(RangeError)
})

test('fails its self-test with a provider that knows one scheme only', () => {
  const sign: typeof nobleProvider.signEd25519 = (...args) => nobleProvider.signEd25519(...args)
  const verify: typeof nobleProvider.verifyEd25519 = (...args) => nobleProvider.verifyEd25519(...args)
  expect(passesEd25519Cast({ ...nobleProvider, signEd25519: (s, m) => sign(s, m, false) })).toBe(false)
  expect(passesEd25519Cast({ ...nobleProvider, verifyEd25519: () => true })).toBe(false)
  expect(passesEd25519Cast({ ...nobleProvider, verifyEd25519: (k, m, s) => verify(k, m, s, false) })).toBe(false)
})

test('its kernel is made ready by the first call, which noble answers', async () => {
  let count = 0
  const provider = createKernelsProvider({
    ...kernels,
    createEdwards25519Kernel: () => (count++, kernels.createEdwards25519Kernel()),
  })
  const signature = provider.signEd25519(seed, message, false)
  expect([count, provider.servedBy.Ed25519]).toEqual([1, 'noble'])
  await provider.prepare?.(['Ed25519'])
  expect([count, provider.servedBy.Ed25519]).toEqual([1, 'kernels'])
  expect(provider.signEd25519(seed, message, false)).toEqual(signature)
})
