/** Random bytes: from the one door, as many as were asked for. */
import { type Provider, createHsm, nobleProvider, systemEntropy } from '@softkms/hsm'
import { testingOnlyEntropy } from '@softkms/hsm/testing'
import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { toHex } from '../support/bits.ts'

const SEED = new TextEncoder().encode('a seed')

test.each([1, 31, 1024])('%s random bytes are as many', async (length) => {
  await expect(createHsm().random(length)).resolves.toHaveLength(length)
})

test.each([0, -1, 1025, 1.5, Number.NaN, '8', undefined])('a length of %s is refused', async (length) => {
  const attempt = createHsm().random(length as number)
  await expect(attempt).rejects.toThrow(new RangeError('length must be 1 to 1024 bytes'))
})

test('random bytes do not repeat', async () => {
  const hsm = createHsm()
  const drawn = await Promise.all(Array.from({ length: 100 }, () => hsm.random(16)))
  expect(new Set(drawn.map(toHex)).size).toBe(100)
})

test('every request of the module seeds its generator afresh', async () => {
  const keys: string[] = []
  const provider: Provider = {
    ...nobleProvider,
    name: 'noble, watched',
    encryptAes256(key, blocks) {
      keys.push(toHex(key))
      nobleProvider.encryptAes256(key, blocks)
    },
  }
  const hsm = createHsm({ provider })
  await hsm.random(1)
  keys.length = 0
  for (let i = 0; i < 5; i++) await hsm.random(1)
  // One key before the seed and one after it, and never one twice.
  expect(keys).toHaveLength(2 * 5)
  expect(new Set(keys).size).toBe(2 * 5)
})

test('the system’s entropy fills more than a runtime gives at once, to the last byte', () => {
  const bytes = new Uint8Array(3 * 65_536 + 5)
  systemEntropy.fill(bytes)
  for (let at = 0; at < bytes.length; at += 65_536) {
    // A chance of 2⁻⁴⁰ to fail where a part was left out.
    expect(toHex(bytes.subarray(at, at + 5))).not.toBe('0000000000')
  }
})

test('the system’s entropy fills a single byte', () => {
  const drawn = Array.from({ length: 64 }, () => {
    const byte = new Uint8Array(1)
    systemEntropy.fill(byte)
    return byte[0]
  })
  expect(new Set(drawn).size).toBeGreaterThan(1)
})

test('an entropy source that fails is an error, and no key', async () => {
  const hsm = createHsm({
    entropy: {
      fill() {
        throw new Error('the source ran dry')
      },
    },
  })
  await expect(hsm.random(1)).rejects.toThrow('the source ran dry')
})

test('equal seeds give equal streams, however they are cut', () => {
  const whole = new Uint8Array(200)
  testingOnlyEntropy(SEED).fill(whole)
  const cut = new Uint8Array(200)
  const entropy = testingOnlyEntropy(SEED)
  for (const [from, to] of [
    [0, 1],
    [1, 32],
    [32, 97],
    [97, 97],
    [97, 200],
  ])
    entropy.fill(cut.subarray(from, to))
  expect(cut).toEqual(whole)

  const other = new Uint8Array(200)
  testingOnlyEntropy(Uint8Array.of(...SEED, 0x32)).fill(other)
  expect(other).not.toEqual(whole)
})

test('the stream of a seed is HMAC-SHA-256 of a counter, and stays so: published vectors are made from it', () => {
  const bytes = new Uint8Array(96)
  testingOnlyEntropy(SEED).fill(bytes)
  const blocks = [0, 1, 2].map((counter) =>
    createHmac('sha256', SEED)
      .update(Uint8Array.of(0, 0, 0, counter))
      .digest('hex'),
  )
  expect(toHex(bytes)).toBe(blocks.join(''))
})
