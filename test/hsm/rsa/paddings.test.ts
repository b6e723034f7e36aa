/**
 * The paddings, by what they promise themselves; others' opinions stand in test/vectors and test/differential.
 *
 * @covers RFC 8017 §7.1, §8.1, §8.2
 */

import { describe, expect, test } from 'vitest'
import { passesRsaCast } from '../../../packages/hsm/src/algorithms/rsa/cast.ts'
import { createCrtPrivateKey } from '../../../packages/hsm/src/algorithms/rsa/crt.ts'
import { createKnownKey } from '../../../packages/hsm/src/algorithms/rsa/known-key.ts'
import { decryptOaep, encryptOaep, maxOaepLength } from '../../../packages/hsm/src/algorithms/rsa/oaep.ts'
import { signPkcs1, verifyPkcs1 } from '../../../packages/hsm/src/algorithms/rsa/pkcs1.ts'
import { signPss, verifyPss } from '../../../packages/hsm/src/algorithms/rsa/pss.ts'
import { createPublicKey } from '../../../packages/hsm/src/algorithms/rsa/public-key.ts'
import type { HashPrimitives, RsaPrimitives } from '../../../packages/hsm/src/asymmetric-primitives.ts'
import { systemEntropy } from '../../../packages/hsm/src/entropy.ts'
import { bigintRsa } from '../../../packages/hsm/src/provider/bigint-rsa.ts'
import { nobleHash } from '../../../packages/hsm/src/provider/noble-hash.ts'

const numbers = createKnownKey()
const publicKey = createPublicKey(numbers)
const privateKey = createCrtPrivateKey(numbers, systemEntropy)
const digest = nobleHash.digest('SHA-256', Uint8Array.of(1, 2, 3))
const SHA_256 = 'SHA-256'

describe('OAEP', () => {
  test.each([
    ['SHA-1', 2048, 214],
    ['SHA-1', 3072, 342],
    ['SHA-1', 4096, 470],
    ['SHA-256', 2048, 190],
    ['SHA-256', 3072, 318],
    ['SHA-256', 4096, 446],
  ] as const)('with %s under %i bits takes %i bytes', (hash, bits, length) => {
    expect(maxOaepLength(bits / 8, hash)).toBe(length)
  })

  test.each([0, 1, 189, 190])('carries %i bytes', (length) => {
    const message = new Uint8Array(length).fill(0x01)
    const ciphertext = encryptOaep(nobleHash, publicKey, numbers, SHA_256, message, systemEntropy)
    expect(ciphertext).toHaveLength(256)
    expect(decryptOaep(nobleHash, privateKey, numbers, SHA_256, ciphertext)).toEqual(message)
  })

  test('refuses a message that is too long, by naming the argument', () => {
    const message = new Uint8Array(191)
    expect(() => encryptOaep(nobleHash, publicKey, numbers, SHA_256, message, systemEntropy)).toThrow(/message/)
  })

  test('never makes one ciphertext twice', () => {
    const message = Uint8Array.of(1)
    const [first, second] = [1, 2].map(() =>
      encryptOaep(nobleHash, publicKey, numbers, SHA_256, message, systemEntropy),
    )
    expect(first).not.toEqual(second)
  })

  test('answers alike to every block that is none', () => {
    // Blocks made by hand, so that each breaks one check: first byte, label, separator missing, separator misplaced.
    const seed = new Uint8Array(32).fill(9)
    const good = new Uint8Array(256)
    encryptOaepBlock(good, seed, Uint8Array.of(5))
    expect(decryptBlock(good)).toEqual(Uint8Array.of(5))
    for (const [at, value] of [
      [0, 1],
      [33, 0xff],
      [64, 0xff],
      [65, 0x02],
      [254, 0x00],
      [254, 0x02],
    ] as const) {
      expect(decryptBlock(breakBlock(at, value)), `byte ${at}`).toBeUndefined()
    }
    // No separator, and no message either: zeros to the end.
    expect(decryptBlock(breakBlock(254, 0x00, [255, 0x00]))).toBeUndefined()
    // A separator at the very end is an empty message.
    expect(decryptBlock(breakBlock(254, 0x00, [255, 0x01]))).toEqual(new Uint8Array(0))
    // Further separators belong to the message.
    expect(decryptBlock(breakBlock(250, 0x01))).toEqual(Uint8Array.of(0, 0, 0, 1, 5))

    /** Changes unmasked bytes of the good block. */
    function breakBlock(at: number, value: number, ...more: readonly (readonly [number, number])[]): Uint8Array {
      const block = new Uint8Array(256)
      encryptOaepBlock(block, seed, Uint8Array.of(5), [[at, value], ...more])
      return block
    }
  })

  test('refuses a ciphertext of another length or beyond the modulus', () => {
    for (const length of [0, 255, 257]) {
      expect(decryptOaep(nobleHash, privateKey, numbers, SHA_256, new Uint8Array(length))).toBeUndefined()
    }
    expect(decryptOaep(nobleHash, privateKey, numbers, SHA_256, numbers.modulus)).toBeUndefined()
  })
})

describe('signatures', () => {
  test('by PKCS#1 v1.5 are always the same, by PSS never', () => {
    const pkcs1 = [1, 2].map(() => signPkcs1(privateKey, numbers, SHA_256, digest))
    const pss = [1, 2].map(() => signPss(nobleHash, privateKey, numbers, SHA_256, digest, systemEntropy))
    expect(pkcs1[0]).toEqual(pkcs1[1])
    expect(pss[0]).not.toEqual(pss[1])
  })

  test('of one scheme or hash are none of another', () => {
    const pkcs1 = signPkcs1(privateKey, numbers, SHA_256, digest)
    const pss = signPss(nobleHash, privateKey, numbers, SHA_256, digest, systemEntropy)
    expect(verifyPss(nobleHash, publicKey, numbers, SHA_256, digest, pkcs1)).toBe(false)
    expect(verifyPkcs1(publicKey, numbers, SHA_256, digest, pss)).toBe(false)
    const longer = nobleHash.digest('SHA-512', digest)
    expect(verifyPss(nobleHash, publicKey, numbers, 'SHA-512', longer, pss)).toBe(false)
    expect(verifyPkcs1(publicKey, numbers, 'SHA-512', longer, pkcs1)).toBe(false)
  })

  test('of another length are refused', () => {
    const pkcs1 = signPkcs1(privateKey, numbers, SHA_256, digest)
    const pss = signPss(nobleHash, privateKey, numbers, SHA_256, digest, systemEntropy)
    for (const change of [(s: Uint8Array) => s.subarray(1), (s: Uint8Array) => Uint8Array.of(0, ...s)]) {
      expect(verifyPkcs1(publicKey, numbers, SHA_256, digest, change(pkcs1))).toBe(false)
      expect(verifyPss(nobleHash, publicKey, numbers, SHA_256, digest, change(pss))).toBe(false)
    }
  })

  test('want a digest of the length that the hash has', () => {
    const short = digest.subarray(1)
    expect(() => signPkcs1(privateKey, numbers, SHA_256, short)).toThrow(RangeError)
    expect(() => signPss(nobleHash, privateKey, numbers, SHA_256, short, systemEntropy)).toThrow(RangeError)
    expect(() => signPkcs1(privateKey, numbers, 'SHA-1', new Uint8Array(20))).toThrow(RangeError)
  })
})

describe('the known answers', () => {
  const provider = { ...bigintRsa, ...nobleHash }

  test('are given', () => {
    expect(passesRsaCast(provider)).toBe(true)
  })

  const flip = (bytes: Uint8Array | undefined): Uint8Array | undefined =>
    bytes?.map((byte, i) => (i === 255 ? byte ^ 1 : byte))
  test.each<readonly [string, Partial<RsaPrimitives & HashPrimitives>]>([
    [
      'the private operation',
      { createRsaPrivateKey: () => ({ compute: (input) => flip(privateKey.compute(input)), zeroize() {} }) },
    ],
    ['the public operation', { createRsaPublicKey: () => ({ compute: (input) => flip(publicKey.compute(input)) }) }],
    ['the hash', { digest: (hash, ...parts) => nobleHash.digest(hash, ...parts).fill(0, 0, 1) }],
  ])('are not given by a fault in %s', (_name, fault) => {
    expect(passesRsaCast({ ...provider, ...fault })).toBe(false)
  })
})

/** RFC 8017 §7.1.1 once more, with bytes changed before masking. */
function encryptOaepBlock(
  block: Uint8Array,
  seed: Uint8Array,
  message: Uint8Array,
  changes: readonly (readonly [number, number])[] = [],
): void {
  block.set(nobleHash.digest(SHA_256), 33)
  block[255 - message.length] = 1
  block.set(message, 256 - message.length)
  for (const [at, value] of changes) block[at] = value
  const data = block.subarray(33)
  data.set(xor(data, mask(seed, data.length)))
  block.set(xor(seed, mask(data, seed.length)), 1)
}

function mask(seed: Uint8Array, length: number): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
    nobleHash.digest(SHA_256, seed, Uint8Array.of(0, 0, 0, i)),
  )
  return Uint8Array.from(blocks.flatMap((block) => [...block])).subarray(0, length)
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, i) => byte ^ (b[i] ?? 0))
}

/** Decrypts what a private operation is said to have given. */
function decryptBlock(block: Uint8Array): Uint8Array | undefined {
  const key = { compute: () => block.slice(), zeroize() {} }
  return decryptOaep(nobleHash, key, numbers, SHA_256, new Uint8Array(256))
}
