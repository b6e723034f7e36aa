/**
 * AES-256-KWP and the layout of RSA_AES_KEY_WRAP.
 *
 * @covers RFC 5649, PKCS #11 §6.1.24
 */

import { fc, test as propertyTest } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { kwpWrappedLength, unwrapAesKwp, wrapAesKwp } from '../../packages/hsm/src/algorithms/key-wrap/aes-kwp.ts'
import { passesAesKwpCast } from '../../packages/hsm/src/algorithms/key-wrap/cast.ts'
import {
  decodeRsaAesKeyWrap,
  encodeRsaAesKeyWrap,
} from '../../packages/hsm/src/algorithms/key-wrap/rsa-aes-key-wrap.ts'
import { nobleKeyWrap } from '../../packages/hsm/src/provider/noble-key-wrap.ts'
import { NIST_COUNTS } from '../../tools/docs/vector-counts.ts'
import { runs } from '../support/runs.ts'
import { fromHex, toHex } from '../support/vectors.ts'
import { KWP_VECTORS } from '../vectors/nist/kwp-vectors.ts'

test('has as many known answers as the documents tell', () => {
  expect(KWP_VECTORS).toHaveLength(NIST_COUNTS['kwp-vectors']?.tests ?? 0)
})

test.each(KWP_VECTORS)('answers as NIST has it: $wrapped', ({ key, wrapped, material }) => {
  const unwrapped = unwrapAesKwp(nobleKeyWrap, fromHex(key), fromHex(wrapped))
  expect(unwrapped && toHex(unwrapped)).toBe(material)
  if (material === undefined) return
  expect(toHex(wrapAesKwp(nobleKeyWrap, fromHex(key), fromHex(material)))).toBe(wrapped)
})

propertyTest.prop([fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.nat(), fc.integer({ min: 0, max: 7 })], {
  numRuns: runs(50, 2000),
})('unwraps what it wrapped, and nothing of which a bit was changed', (material, position, bit) => {
  const key = new Uint8Array(32).fill(9)
  const wrapped = wrapAesKwp(nobleKeyWrap, key, material)
  expect(wrapped.length).toBe(kwpWrappedLength(material.length))
  expect(unwrapAesKwp(nobleKeyWrap, key, wrapped)).toEqual(material)
  const at = position % wrapped.length
  wrapped[at] = (wrapped[at] ?? 0) ^ (1 << bit)
  expect(unwrapAesKwp(nobleKeyWrap, key, wrapped)).toBeUndefined()
})

test('refuses lengths that no wrapped key has', () => {
  const key = new Uint8Array(32)
  for (const length of [0, 1, 8, 15, 17, 23]) {
    expect(unwrapAesKwp(nobleKeyWrap, key, new Uint8Array(length))).toBeUndefined()
  }
  expect(() => unwrapAesKwp(nobleKeyWrap, new Uint8Array(16), new Uint8Array(16))).toThrow(RangeError)
  expect(() => wrapAesKwp(nobleKeyWrap, new Uint8Array(16), new Uint8Array(16))).toThrow(RangeError)
  expect(() => wrapAesKwp(nobleKeyWrap, key, new Uint8Array(0))).toThrow(RangeError)
})

test('passes its self-test, and does not with a fault', () => {
  expect(passesAesKwpCast(nobleKeyWrap)).toBe(true)
  expect(passesAesKwpCast({ ...nobleKeyWrap, unwrapAesKwp: () => new Uint8Array(9) })).toBe(false)
  expect(passesAesKwpCast({ ...nobleKeyWrap, wrapAesKwp: () => new Uint8Array(24) })).toBe(false)
})

test('cuts RSA_AES_KEY_WRAP where the modulus ends, and joins it again', () => {
  for (const modulusLength of [256, 384, 512]) {
    const bytes = Uint8Array.from({ length: modulusLength + 40 }, (_, i) => i)
    const parts = decodeRsaAesKeyWrap(bytes, modulusLength)
    expect(parts?.wrappedKey.length).toBe(modulusLength)
    expect(parts && encodeRsaAesKeyWrap(parts)).toEqual(bytes)
  }
  for (const length of [0, 255, 256, 264, 271, 273]) {
    expect(decodeRsaAesKeyWrap(new Uint8Array(length), 256)).toBeUndefined()
  }
})
