/**
 * The kernels, noble and Node's OpenSSL give the same answers to the same questions: random ones, and those at which
 * carries, masks and borders go wrong. Buffers stand anywhere, and results may take the place of what they are made of.
 *
 * @covers SP 800-38D §6, §7; FIPS 197 §5; FIPS 180-4 §5, §6; FIPS 198-1 §4
 */
import { nobleProvider } from '@softkms/hsm'
import { type Sha2Hash, WORD_BITS, createAesGcmKernel, createSha2Kernel } from '@softkms/kernels'
import * as fc from 'fast-check'
import { createCipheriv, createHash, createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { toHex } from '../support/bits.ts'
import { type Pattern, lengthsAround, pattern, patternedBytes } from '../support/patterned-bytes.ts'
import { runs } from '../support/runs.ts'

const numRuns = runs(2000, 100_000)

const aes = await createAesGcmKernel()
const plainAes = await withoutRelaxedSimd(createAesGcmKernel)
const sha2 = { 32: await createSha2Kernel(32), 64: await createSha2Kernel(64) }

/** What a runtime without relaxed SIMD gets. */
async function withoutRelaxedSimd<Kernel>(create: () => Promise<Kernel>): Promise<Kernel> {
  const { validate } = WebAssembly
  let isAsked = false
  Object.assign(WebAssembly, { validate: () => ((isAsked = true), false) })
  try {
    return await create()
  } finally {
    Object.assign(WebAssembly, { validate })
    expect(isAsked).toBe(true)
  }
}

/** Somewhere in a larger buffer, which what is written must not leave. */
function placedAt(offset: number, bytes: Uint8Array): { readonly whole: Uint8Array; readonly bytes: Uint8Array } {
  const whole = new Uint8Array(offset + bytes.length + 16).fill(0xa5)
  whole.set(bytes, offset)
  return { whole, bytes: whole.subarray(offset, offset + bytes.length) }
}

function expectUntouched(whole: Uint8Array, from: number, to: number): void {
  const isOwn = whole.every((byte, i) => (i >= from && i < to) || byte === 0xa5)
  expect(isOwn).toBe(true)
}

// A block, what the first batch leaves for data, a batch, a row of lanes, three rows, and the buffer.
const gcmLengths = lengthsAround([1, 16, 96, 128, 256, 768], 4200)
const gcmQuestion = fc.record({
  key: pattern,
  nonce: pattern,
  data: pattern,
  dataLength: fc.oneof(lengthsAround([1, 16], 100), lengthsAround([256, 768], 2000)),
  split: fc.nat(40),
  plaintext: pattern,
  length: gcmLengths,
  offset: fc.nat(17),
  isInPlace: fc.boolean(),
  isPlain: fc.boolean(),
  changed: fc.nat(),
})

function sealWithNode(key: Uint8Array, nonce: Uint8Array, data: Uint8Array, plaintext: Uint8Array): string {
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(data)
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]).toString('hex')
}

test('AES-256-GCM', { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(gcmQuestion, ({ split, length, offset, isInPlace, isPlain, changed, ...patterns }) => {
      const kernel = isPlain ? plainAes : aes
      const key = patternedBytes(patterns.key, 32)
      const nonce = patternedBytes(patterns.nonce, 12)
      const data = patternedBytes(patterns.data, patterns.dataLength)
      const plaintext = patternedBytes(patterns.plaintext, length)
      const expected = sealWithNode(key, nonce, data, plaintext)
      expect(toHex(nobleProvider.sealAesGcm(key, nonce, data, plaintext))).toBe(expected)

      const parts = [data.subarray(0, split), data.subarray(split)]
      const { whole, bytes: sealed } = placedAt(offset, new Uint8Array(length + 16))
      if (isInPlace) sealed.set(plaintext)
      kernel.seal(key, nonce, parts, isInPlace ? sealed.subarray(0, length) : plaintext, sealed)
      expect(toHex(sealed)).toBe(expected)
      expectUntouched(whole, offset, offset + sealed.length)

      const opened = placedAt(offset, isInPlace ? sealed : new Uint8Array(length))
      const into = opened.bytes.subarray(0, length)
      expect(kernel.open(key, nonce, parts, isInPlace ? opened.bytes : sealed, into)).toBe(true)
      expect(toHex(into)).toBe(toHex(plaintext))

      const wrong = [key, nonce, data, sealed].filter(({ length: any }) => any > 0)
      const victim = wrong[changed % wrong.length]
      if (victim === undefined) return
      const at = Math.floor(changed / 8) % victim.length
      victim[at] = (victim[at] ?? 0) ^ (1 << (changed % 8))
      expect(kernel.open(key, nonce, parts, sealed, into)).toBe(false)
      expect(into.every((byte) => byte === 0)).toBe(true)
    }),
    { numRuns },
  )
})

test('AES-256-GCM of more than the kernel takes at a time', () => {
  const lengths = lengthsAround([16_384], 70_000)
  fc.assert(
    fc.property(pattern, pattern, lengths, lengths, (keyPattern, textPattern, dataLength, length) => {
      const key = patternedBytes(keyPattern, 32)
      const nonce = patternedBytes(textPattern, 12)
      const [data, plaintext] = [patternedBytes(textPattern, dataLength), patternedBytes(keyPattern, length)]
      const sealed = new Uint8Array(length + 16)
      aes.seal(key, nonce, [data], plaintext, sealed)
      expect(toHex(sealed)).toBe(sealWithNode(key, nonce, data, plaintext))
      const opened = new Uint8Array(length)
      expect(aes.open(key, nonce, [data], sealed, opened)).toBe(true)
      expect(toHex(opened)).toBe(toHex(plaintext))
    }),
    { numRuns: runs(50, 2000) },
  )
})

test('AES-256 on blocks', { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(pattern, pattern, fc.nat(20), fc.nat(17), (keyPattern, blockPattern, count, offset) => {
      const key = patternedBytes(keyPattern, 32)
      const plaintext = patternedBytes(blockPattern, 16 * count)
      const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false)
      const expected = toHex(cipher.update(plaintext))
      for (const isOurs of [true, false]) {
        const { whole, bytes } = placedAt(offset, plaintext)
        if (isOurs) aes.encryptBlocks(key, bytes)
        else nobleProvider.encryptAes256(key, bytes)
        expect(toHex(bytes)).toBe(expected)
        expectUntouched(whole, offset, offset + bytes.length)
      }
    }),
    { numRuns },
  )
})

const NODE_NAMES: Readonly<Record<Sha2Hash, string>> = {
  'SHA-224': 'sha224',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
}
const hashName = fc.constantFrom(...(Object.keys(NODE_NAMES) as Sha2Hash[]))
// Around what a last block has room for, and around blocks.
const hashLengths = lengthsAround([1, 55, 56, 64, 111, 112, 128], 1200)

test('SHA-2: whole, in parts, and piece by piece', { timeout: 600_000 }, () => {
  const question = fc.tuple(
    hashName,
    pattern,
    fc.oneof({ weight: 50, arbitrary: hashLengths }, { weight: 1, arbitrary: lengthsAround([16_384], 40_000) }),
    fc.nat(300),
    fc.nat(17),
  )
  fc.assert(
    fc.property(question, ([hash, messagePattern, length, pieceLength, offset]) => {
      const { bytes: message } = placedAt(offset, patternedBytes(messagePattern, length))
      const expected = createHash(NODE_NAMES[hash]).update(message).digest('hex')
      const kernel = sha2[WORD_BITS[hash]]
      expect(toHex(nobleProvider.digest(hash, message))).toBe(expected)
      expect(toHex(kernel.digest(hash, [message]))).toBe(expected)
      expect(toHex(kernel.digest(hash, [message.subarray(0, pieceLength), message.subarray(pieceLength)]))).toBe(
        expected,
      )
      const running = kernel.createHash(hash)
      const other = kernel.createHash(hash)
      for (let at = 0; at < length; at += pieceLength + 1) {
        running.update(message.subarray(at, at + pieceLength + 1))
        other.update(message.subarray(0, 9))
      }
      expect(toHex(running.digest())).toBe(expected)
    }),
    { numRuns },
  )
})

test('HMAC: any key, and many messages under one', { timeout: 600_000 }, () => {
  const question = fc.tuple(hashName, pattern, hashLengths, fc.array(fc.tuple(pattern, hashLengths), { maxLength: 3 }))
  fc.assert(
    fc.property(question, ([hash, keyPattern, keyLength, messages]) => {
      const key = patternedBytes(keyPattern, keyLength)
      const kept = key.slice()
      const mac = sha2[WORD_BITS[hash]].createHmac(hash, key)
      const noble = nobleProvider.createHmac(hash, key)
      key.fill(1)
      for (const [messagePattern, length] of messages as readonly (readonly [Pattern, number])[]) {
        const message = patternedBytes(messagePattern, length)
        const expected = createHmac(NODE_NAMES[hash], kept).update(message).digest('hex')
        expect(toHex(noble.compute(message))).toBe(expected)
        expect(toHex(mac.compute(message))).toBe(expected)
      }
    }),
    { numRuns },
  )
})
