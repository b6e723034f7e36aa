/**
 * The curves' kernels against noble and node:crypto: any scalars and points, and those at which formulas have exceptions.
 *
 * @covers FIPS 186-5 §6.4; RFC 6979 §3.2, §3.6; SP 800-56A rev. 3 §5.7.1.2; SEC 1 §2.3
 */

import { fc, test } from '@fast-check/vitest'
import { kernelsProvider, nobleProvider } from '@softkms/hsm'
import type { WeierstrassCurve } from '@softkms/kernels'
import { createHash } from 'node:crypto'
import { describe, expect } from 'vitest'
import { testingOnlyEntropy } from '../../packages/hsm/src/testing.ts'
import { fusesMultiplyAdd } from '../../packages/kernels/src/capability.ts'
import { type ArithmeticName, CURVES } from '../../packages/kernels/src/weierstrass/curve.ts'
import { instantiateWeierstrass } from '../../packages/kernels/src/weierstrass/weierstrass.ts'
import { nativeProvider } from '../support/providers.ts'
import { runs } from '../support/runs.ts'

const noble = nobleProvider
const native = nativeProvider
const HASHES = { 'P-256': 'SHA-256', 'P-384': 'SHA-384', 'P-521': 'SHA-512', secp256k1: 'SHA-256' } as const
/** node:crypto takes a millisecond for some of it on the longer curves. */
const NODE_RUNS = {
  'P-256': runs(800, 35_000),
  'P-384': runs(120, 6000),
  'P-521': runs(60, 4000),
  secp256k1: runs(300, 15_000),
}

const NAMES = Object.keys(CURVES) as WeierstrassCurve[]
// Where multiply-add rounds twice the fused kernels would compute wrongly, and are never chosen.
const ARITHMETICS: readonly ArithmeticName[] = (await fusesMultiplyAdd()) ? ['integer', 'fused'] : ['integer']
const KERNELS = NAMES.flatMap((curve) =>
  ARITHMETICS.filter((arithmetic) => CURVES[curve].limbs[arithmetic] !== undefined).map(
    (arithmetic) => [curve, arithmetic] as const,
  ),
)

describe.each(KERNELS)('%s on %s', async (curve, arithmetic) => {
  const kernel = await instantiateWeierstrass(curve, arithmetic)
  const { p, n, x: baseX, y: baseY, bytes: length } = CURVES[curve]
  const hash = HASHES[curve]

  const encode = (number: bigint): Uint8Array =>
    Uint8Array.from(Buffer.from(number.toString(16).padStart(2 * length, '0'), 'hex'))
  const decode = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  const modN = (number: bigint): bigint => ((number % n) + n) % n
  const encodePoint = (x: bigint, y: bigint): Uint8Array => Uint8Array.of(4, ...encode(x), ...encode(y))
  const pointOf = (scalar: bigint): Uint8Array => kernel.computePoint(encode(scalar)) ?? expect.fail()
  /** Runs of ones and zeros: what digits, carries and limbs have at their edges. */
  const blocks = fc
    .array(fc.tuple(fc.constantFrom(0x00, 0xff, 0x80, 0x01, 0x7f, 0xfe), fc.integer({ min: 1, max: 12 })), {
      minLength: 1,
    })
    .map((pieces) => {
      const all = pieces.flatMap(([byte, count]) => Array.from({ length: count }, () => byte))
      return decode(Uint8Array.from({ length }, (_, i) => all[i % all.length] ?? 0))
    })
  const edges = [1n, 2n, 3n, 4n, 31n, 32n, 33n, 63n, 64n, n - 1n, n - 2n, n - 3n, n >> 1n, (n >> 1n) + 1n, n - 64n]
  const scalar = fc
    .oneof(
      { weight: 4, arbitrary: fc.bigInt({ min: 1n, max: n - 1n }) },
      { weight: 2, arbitrary: blocks },
      { weight: 1, arbitrary: fc.constantFrom(...edges) },
      { weight: 1, arbitrary: fc.bigInt({ min: 1n, max: 1n << 40n }) },
    )
    .map((any) => modN(any) || 1n)
  const message = fc.uint8Array({ maxLength: 80 })
  const digestOf = (text: Uint8Array): Uint8Array =>
    Uint8Array.from(createHash(hash.replace('-', '')).update(text).digest())

  test.prop([scalar, scalar, message, fc.nat()], { numRuns: NODE_RUNS[curve] })(
    'against node:crypto',
    (d, e, text, at) => {
      const [own, other] = [encode(d), encode(e)]
      const [point, peer] = [native.computePoint(curve, own), native.computePoint(curve, other)]
      if (point === undefined || peer === undefined) throw new Error('a scalar without a point')
      expect(kernel.computePoint(own)).toEqual(point)
      expect(kernel.isPoint(point)).toBe(true)
      const compressed = Uint8Array.of(2 + ((point.at(-1) ?? 0) & 1), ...point.subarray(1, 1 + length))
      expect(kernel.decompressPoint(compressed)).toEqual(point)
      const shared = native.deriveEcdh(curve, own, peer)
      expect(kernel.multiplyPoint(own, peer)).toEqual(shared)
      expect(kernel.multiplyPoint(other, point)).toEqual(shared)

      const digest = digestOf(text)
      const signature = kernel.sign(own, digest, bitsOf(e)) ?? expect.fail()
      expect(native.verifyEcdsaMessage?.(curve, point, hash, text, signature)).toBe(true)
      const theirs = native.signEcdsaMessage?.(curve, own, hash, text) ?? expect.fail()
      expect(kernel.verify(point, digest, theirs)).toBe(true)
      const byte = at % theirs.length
      theirs[byte] = (theirs[byte] ?? 0) ^ (1 << (at % 8))
      expect(kernel.verify(point, digest, theirs)).toBe(false)
      expect(kernel.verify(peer, digest, signature)).toBe(d === e)
    },
  )

  /** A signature that fits u G + v Q, whatever the digest then is. */
  const signatureOf = (u: bigint, v: bigint, sum: Uint8Array) => {
    const r = modN(decode(sum.subarray(1, 1 + length)))
    const s = modN(r * invert(v, n))
    return { digest: bitsOf(modN(u * s)), signature: Uint8Array.of(...encode(r), ...encode(s)) }
  }
  /** Of P-521, a digest as long as a number has seven bits too many, of which the leftmost count. */
  const bitsOf = (number: bigint): Uint8Array => encode(number << BigInt(8 * length - n.toString(2).length))

  const small = fc.bigInt({ min: 1n, max: 40n })
  const times = fc.tuple(fc.oneof(small, scalar), fc.boolean()).map(([x, isNegative]) => (isNegative ? n - x : x))
  test.prop([fc.oneof(times, fc.constant(0n)), times, fc.oneof(small, times)], { numRuns: runs(500, 20_000) })(
    'sums of multiples that meet themselves, their opposites and infinity on the way',
    (u, v, d) => {
      const [point, total] = [pointOf(modN(d)), modN(u + v * d)]
      // Infinity has no x; any signature would have to be refused, such as one by another sum.
      const { digest, signature } = signatureOf(u, v, pointOf(total === 0n ? 1n : total))
      expect(kernel.verify(point, digest, signature)).toBe(total !== 0n)
    },
  )

  test('an x that is not below n is compared modulo n, and one that only seems so is not', () => {
    const xs = Array.from({ length: 40 }, (_, i) => n + 1n + BigInt(i)).filter((x) => x < p)
    const points = xs.flatMap((x) => kernel.decompressPoint(Uint8Array.of(2, ...encode(x))) ?? [])
    expect(points.length).toBeGreaterThan(0)
    for (const point of points) {
      const { signature } = signatureOf(0n, 1n, point)
      expect(kernel.verify(point, bitsOf(0n), signature)).toBe(true)
      expect(noble.verifyEcdsa(curve, point, bitsOf(0n), signature)).toBe(true)
    }
    // r + n is this x modulo p, but not x.
    for (let x = 0n; x < 40n; x++) {
      const point = kernel.decompressPoint(Uint8Array.of(3, ...encode(x)))
      if (point === undefined) continue
      const r = x + p - n
      const signature = Uint8Array.of(...encode(r), ...encode(r))
      expect(kernel.verify(point, bitsOf(0n), signature)).toBe(false)
    }
  })

  test('multiples of the base point in a row', () => {
    let [x, y] = [baseX, baseY]
    for (let k = 1n; k <= 300n; k++) {
      expect(pointOf(k)).toEqual(encodePoint(x, y))
      expect(pointOf(n - k)).toEqual(encodePoint(x, p - y))
      const slope =
        x === baseX
          ? (3n * x * x + CURVES[curve].a) * invert(2n * y, p)
          : (y - baseY) * invert((((x - baseX) % p) + p) % p, p)
      const next = (((slope * slope - x - baseX) % p) + p) % p
      ;[x, y] = [next, (((slope * (baseX - next) - baseY) % p) + p) % p]
    }
  })

  test('what is no scalar and no point', () => {
    const base = encodePoint(baseX, baseY)
    for (const none of [0n, n, n + 1n, (1n << BigInt(8 * length)) - 1n]) {
      expect(kernel.isScalar(encode(none))).toBe(false)
      expect(kernel.computePoint(encode(none))).toBeUndefined()
      expect(kernel.multiplyPoint(encode(none), base)).toBeUndefined()
      expect(kernel.sign(encode(none), bitsOf(1n), bitsOf(1n))).toBeUndefined()
      for (const signature of [
        [none, 1n],
        [1n, none],
      ]) {
        expect(kernel.verify(base, bitsOf(1n), Uint8Array.from(signature.flatMap((x) => [...encode(x)])))).toBe(false)
      }
      for (const provider of [kernelsProvider, noble]) {
        const refusal = /scalar must be|invalid/
        expect(() => provider.signEcdsa(curve, encode(none), bitsOf(1n), testingOnlyEntropy(base))).toThrow(refusal)
        expect(() => provider.deriveEcdh(curve, encode(none), base)).toThrow(refusal)
      }
    }
    // With y = 0 there is no point on any of them; a coordinate that is not below p is none.
    const points = [encodePoint(0n, 0n), encodePoint(baseX, p - baseY - 1n), encodePoint(baseX, 0n)]
    const shifted = encode((baseX + p) % (1n << BigInt(8 * length)))
    for (const none of [
      ...points,
      Uint8Array.of(4, ...shifted, ...encode(baseY)),
      base.subarray(1),
      Uint8Array.of(0),
    ]) {
      expect(kernel.isPoint(none)).toBe(noble.isPoint(curve, none))
      expect(kernel.isPoint(none)).toBe(false)
      expect(kernel.multiplyPoint(encode(1n), none)).toBeUndefined()
      expect(kernel.verify(none, bitsOf(1n), new Uint8Array(2 * length).fill(1))).toBe(false)
    }
    for (const none of [base, Uint8Array.of(4, ...encode(baseX)), Uint8Array.of(2, ...encode(p)), Uint8Array.of(2)]) {
      expect(kernel.decompressPoint(none)).toBeUndefined()
    }
    expect(() => kernel.computePoint(new Uint8Array(length - 1))).toThrow(RangeError)
    expect(() => kernel.sign(new Uint8Array(length + 1), bitsOf(1n), bitsOf(1n))).toThrow(RangeError)
  })

  test('an x without a point has no compressed form', () => {
    for (let x = 0n; x < 60n; x++) {
      for (const form of [2, 3]) {
        const compressed = Uint8Array.of(form, ...encode(x))
        expect(kernel.decompressPoint(compressed)).toEqual(noble.decompressPoint(curve, compressed))
      }
    }
  })
})

describe.each(NAMES)('%s', (curve) => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
  const digest = fc.oneof(
    fc.integer({ min: 20, max: 70 }).chain(bytes),
    fc.constantFrom(0, 0xff).map((byte) => new Uint8Array(66).fill(byte)),
  )
  test.prop([bytes(8), digest, bytes(8)], { numRuns: runs(20, 1000) })(
    'the same fresh bytes make the signature that noble makes, of any digest',
    (key, text, seed) => {
      const scalar = noble.generateScalar(curve, testingOnlyEntropy(key))
      const signature = kernelsProvider.signEcdsa(curve, scalar, text, testingOnlyEntropy(seed))
      expect(signature).toEqual(noble.signEcdsa(curve, scalar, text, testingOnlyEntropy(seed)))
      const point = kernelsProvider.computePoint(curve, scalar) ?? expect.fail()
      expect(kernelsProvider.verifyEcdsa(curve, point, text, signature)).toBe(true)
      expect(noble.verifyEcdsa(curve, point, text, signature)).toBe(true)
    },
  )
})

/** By Fermat. */
function invert(x: bigint, prime: bigint): bigint {
  let [power, result] = [x % prime, 1n]
  for (let exponent = prime - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * power) % prime
    power = (power * power) % prime
  }
  return result
}
