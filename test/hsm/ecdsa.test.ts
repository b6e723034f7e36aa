/**
 * ECDSA: hedged nonces as RFC 6979 has them, no preference for low s, and the lengths that are checked.
 *
 * @covers FIPS 186-5 §6.4, RFC 6979 §3.2, §3.6
 */

import { createECDH, createHash, createHmac } from 'node:crypto'
import { type Curve, nobleProvider } from '@softkms/hsm'
import { describe, expect, test } from 'vitest'
import { passesEcdsaCast } from '../../packages/hsm/src/algorithms/ecdsa/cast.ts'
import {
  ecdsaSignatureLength,
  signEcdsaDigest,
  signEcdsaMessage,
  verifyEcdsaDigest,
  verifyEcdsaMessage,
} from '../../packages/hsm/src/algorithms/ecdsa/ecdsa.ts'
import { SCALAR_LENGTHS } from '../../packages/hsm/src/algorithms/elliptic-curve.ts'
import type { Entropy } from '../../packages/hsm/src/entropy.ts'
import { testingOnlyEntropy } from '../../packages/hsm/src/testing.ts'
import { fromHex, toHex } from '../support/vectors.ts'

interface Row {
  readonly curve: Curve
  readonly node: string
  readonly hash: string
  readonly order: bigint
}

/** @spec SP 800-186 §3.2.1, SEC 2 §2.4.1 */
const ROWS: readonly Row[] = [
  {
    curve: 'P-256',
    node: 'prime256v1',
    hash: 'sha256',
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
  {
    curve: 'P-384',
    node: 'secp384r1',
    hash: 'sha384',
    order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
  {
    curve: 'P-521',
    node: 'secp521r1',
    hash: 'sha512',
    order:
      0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  },
  {
    curve: 'secp256k1',
    node: 'secp256k1',
    hash: 'sha256',
    order: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
  },
]

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes)}`)
}

function toBytes(number: bigint, length: number): Uint8Array {
  return fromHex(number.toString(16).padStart(2 * length, '0'))
}

function invert(number: bigint, modulus: bigint): bigint {
  let [result, base, exponent] = [1n, number % modulus, modulus - 2n]
  for (; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % modulus
    base = (base * base) % modulus
  }
  return result
}

/** RFC 6979 §3.2 with §3.6 written once more, over OpenSSL's HMAC and point multiplication. */
function signIndependently(
  { curve, node, hash, order }: Row,
  scalar: Uint8Array,
  digest: Uint8Array,
  extra: Uint8Array,
) {
  const length = SCALAR_LENGTHS[curve]
  const orderBits = order.toString(2).length
  const bitsToNumber = (bytes: Uint8Array) => {
    const excess = BigInt(Math.max(0, bytes.length * 8 - orderBits))
    return toNumber(bytes) >> excess
  }
  const e = bitsToNumber(digest) % order
  const mac = (key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array => {
    const state = createHmac(hash, key)
    for (const part of parts) state.update(part)
    return Uint8Array.from(state.digest())
  }
  const hashLength = createHash(hash).digest().length
  let v: Uint8Array = new Uint8Array(hashLength).fill(1)
  let k: Uint8Array = new Uint8Array(hashLength)
  for (const marker of [0, 1]) {
    k = mac(k, v, Uint8Array.of(marker), scalar, toBytes(e, length), extra)
    v = mac(k, v)
  }
  for (;;) {
    const drawn: number[] = []
    while (drawn.length < length) {
      v = mac(k, v)
      drawn.push(...v)
    }
    const nonce = bitsToNumber(Uint8Array.from(drawn.slice(0, length)))
    if (nonce > 0n && nonce < order) {
      const pair = createECDH(node)
      pair.setPrivateKey(toBytes(nonce, length))
      const r = toNumber(pair.getPublicKey().subarray(1, 1 + length)) % order
      const s = (invert(nonce, order) * (e + r * toNumber(scalar))) % order
      return toHex(toBytes(r, length)) + toHex(toBytes(s, length))
    }
    k = mac(k, v, Uint8Array.of(0))
    v = mac(k, v)
  }
}

function fixed(byte: number): Entropy {
  return { fill: (bytes) => bytes.fill(byte) }
}

test('the independent signer gives what RFC 6979 prints', () => {
  const [row] = ROWS
  const scalar = fromHex('c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721')
  const digest = createHash('sha256').update('sample').digest()
  expect(row && signIndependently(row, scalar, digest, new Uint8Array(0))).toBe(
    'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716' +
      'f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8',
  )
})

describe.each(ROWS)('$curve', (row) => {
  const { curve, hash, order } = row
  const length = SCALAR_LENGTHS[curve]
  const scalar = nobleProvider.generateScalar(curve, testingOnlyEntropy(Uint8Array.of(1)))
  const point = nobleProvider.computePoint(curve, scalar) ?? new Uint8Array(0)
  const digest = Uint8Array.from(createHash(hash).update('a message').digest())

  test('draws its nonce from key, digest and fresh bytes, as RFC 6979 §3.6 has it', () => {
    for (const byte of [0, 1, 0xff]) {
      const signature = signEcdsaDigest(nobleProvider, curve, scalar, digest, fixed(byte))
      const extra = new Uint8Array(length).fill(byte)
      expect(toHex(signature)).toBe(signIndependently(row, scalar, digest, extra))
    }
  })

  test('signs digests of other lengths, longer than the order and shorter', () => {
    for (const size of [28, 32, 48, 64]) {
      const other = new Uint8Array(size).fill(0xc3)
      const signature = signEcdsaDigest(nobleProvider, curve, scalar, other, fixed(3))
      expect(toHex(signature)).toBe(signIndependently(row, scalar, other, new Uint8Array(length).fill(3)))
      expect(verifyEcdsaDigest(nobleProvider, curve, point, other, signature)).toBe(true)
    }
  })

  test('makes and takes high s as well as low', () => {
    const half = order / 2n
    const isHigh = (signature: Uint8Array) => toNumber(signature.subarray(length)) > half
    const signatures = Array.from({ length: 12 }, (_, i) =>
      signEcdsaDigest(nobleProvider, curve, scalar, digest, fixed(i)),
    )
    expect(new Set(signatures.map(isHigh))).toEqual(new Set([true, false]))
    const [signature] = signatures
    if (signature === undefined) return
    const other = Uint8Array.from(signature)
    other.set(toBytes(order - toNumber(signature.subarray(length)), length), length)
    expect(verifyEcdsaDigest(nobleProvider, curve, point, digest, signature)).toBe(true)
    expect(verifyEcdsaDigest(nobleProvider, curve, point, digest, other)).toBe(true)
  })

  test('refuses r and s of zero, of n and above, and every other length', () => {
    const signature = signEcdsaDigest(nobleProvider, curve, scalar, digest, fixed(0))
    for (const at of [0, length]) {
      for (const number of [0n, order, order + 1n]) {
        const bad = Uint8Array.from(signature)
        bad.set(toBytes(number, length), at)
        expect(verifyEcdsaDigest(nobleProvider, curve, point, digest, bad)).toBe(false)
      }
    }
    expect(ecdsaSignatureLength(curve)).toBe(signature.length)
    for (const bad of [signature.subarray(1), new Uint8Array(0), Uint8Array.of(0, ...signature)]) {
      expect(verifyEcdsaDigest(nobleProvider, curve, point, digest, bad)).toBe(false)
    }
    for (const bad of [point.subarray(1), point.subarray(0, length + 1), new Uint8Array(0)]) {
      expect(verifyEcdsaDigest(nobleProvider, curve, bad, digest, signature)).toBe(false)
    }
  })

  test('throws for scalars and digests of lengths that none has', () => {
    const signature = new Uint8Array(2 * length)
    for (const bad of [0, 27, 65]) {
      const digestOfLength = new Uint8Array(bad)
      expect(() => signEcdsaDigest(nobleProvider, curve, scalar, digestOfLength, fixed(0))).toThrow(RangeError)
      expect(() => verifyEcdsaDigest(nobleProvider, curve, point, digestOfLength, signature)).toThrow(RangeError)
    }
    for (const bad of [scalar.subarray(1), Uint8Array.of(0, ...scalar)]) {
      expect(() => signEcdsaDigest(nobleProvider, curve, bad, digest, fixed(0))).toThrow(RangeError)
      expect(() => signEcdsaMessage(nobleProvider, curve, 'SHA-256', bad, digest, fixed(0))).toThrow(RangeError)
    }
  })

  test('takes a message by its digest', () => {
    const message = Uint8Array.of(1, 2, 3)
    const signature = signEcdsaMessage(nobleProvider, curve, 'SHA-384', scalar, message, fixed(0))
    expect(verifyEcdsaMessage(nobleProvider, curve, 'SHA-384', point, message, signature)).toBe(true)
    expect(verifyEcdsaMessage(nobleProvider, curve, 'SHA-256', point, message, signature)).toBe(false)
    const hashed = nobleProvider.digest('SHA-384', message)
    expect(verifyEcdsaDigest(nobleProvider, curve, point, hashed, signature)).toBe(true)
  })
})

test('fails its self-test with a provider that verifies anything, or insists on low s', () => {
  expect(passesEcdsaCast({ ...nobleProvider, verifyEcdsa: () => true })).toBe(false)
  const isLow = (signature: Uint8Array) => (signature[32] ?? 0) < 0x80
  const strict = {
    ...nobleProvider,
    verifyEcdsa: (...args: Parameters<typeof nobleProvider.verifyEcdsa>) =>
      isLow(args[3]) && nobleProvider.verifyEcdsa(...args),
  }
  expect(passesEcdsaCast(strict)).toBe(false)
})
