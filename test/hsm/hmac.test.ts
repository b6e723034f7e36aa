/**
 * HMAC: the lengths that are checked, and what the self-test catches.
 *
 * @covers FIPS 198-1
 */

import { nobleProvider } from '@softkms/hsm'
import { describe, expect, test } from 'vitest'
import { passesHmacCast } from '../../packages/hsm/src/algorithms/hmac/cast.ts'
import { HMAC_LENGTHS, createHmacKey, verifyHmac } from '../../packages/hsm/src/algorithms/hmac/hmac.ts'
import type { MacHash } from '../../packages/hsm/src/symmetric-primitives.ts'

describe.each(Object.entries(HMAC_LENGTHS) as [MacHash, number][])('HMAC with %s', (hash, length) => {
  const key = createHmacKey(nobleProvider, hash, new Uint8Array(length).fill(1))
  const message = Uint8Array.of(1, 2, 3)

  test('verifies whole tags and nothing else', () => {
    const tag = key.compute(message)
    expect(tag.length).toBe(length)
    expect(verifyHmac(key, message, tag)).toBe(true)
    expect(verifyHmac(key, message, tag.subarray(0, 16))).toBe(false)
    expect(verifyHmac(key, message, new Uint8Array(0))).toBe(false)
    expect(verifyHmac(key, message, Uint8Array.of(...tag, 0))).toBe(false)
    for (let i = 0; i < length; i++) {
      const other = tag.map((byte, at) => (at === i ? byte ^ 0x10 : byte))
      expect(verifyHmac(key, message, other)).toBe(false)
    }
  })

  test('takes keys of its own length only', () => {
    for (const other of [0, length - 1, length + 1]) {
      expect(() => createHmacKey(nobleProvider, hash, new Uint8Array(other))).toThrow(RangeError)
    }
  })

  test('fails its self-test when this hash alone errs', () => {
    const faulty = {
      createHmac: (name: MacHash, bytes: Uint8Array) => {
        const mac = nobleProvider.createHmac(name, bytes)
        return name === hash ? { ...mac, compute: () => new Uint8Array(length) } : mac
      },
    }
    expect(passesHmacCast(faulty)).toBe(false)
  })
})
