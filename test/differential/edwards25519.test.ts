/**
 * Ed25519's kernel against BigInt, noble and node:crypto: fields, scalars and signatures, and what stands at the edges.
 *
 * @covers RFC 8032 §5.1
 */

import { fc, test } from '@fast-check/vitest'
import { kernelsProvider, nobleProvider } from '@softkms/hsm'
import { createEdwards25519Kernel } from '@softkms/kernels'
import { createHash } from 'node:crypto'
import { describe, expect } from 'vitest'
import { ModuleBuilder } from '../../packages/kernels/src/assembler.ts'
import { defineField } from '../../packages/kernels/src/edwards25519/field.ts'
import { load } from '../support/assembled.ts'
import {
  BASE,
  NEUTRAL,
  ORDER,
  PRIME,
  SMALL_ORDER,
  add,
  encode,
  fromLittleEndian,
  multiply,
  toLittleEndian,
} from '../support/edwards25519.ts'
import { nativeProvider } from '../support/providers.ts'
import { runs } from '../support/runs.ts'

const kernel = await createEdwards25519Kernel()
const numRuns = runs(2000, 100_000)
/** For the slowest in the slow run, on a machine that does other things, too. */
const TIMEOUT = runs(30_000, 3_600_000)

/** Random numbers, and those with long runs of equal bits; which carries go far over. */
function numberBelow(limit: bigint): fc.Arbitrary<bigint> {
  const bits = limit.toString(2).length
  const runsOfBits = fc
    .array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 90 })), { minLength: 1, maxLength: 24 })
    .map((pieces) =>
      pieces
        .map(([bit, count]) => (bit ? '1' : '0').repeat(count))
        .join('')
        .slice(0, bits),
    )
    .map((text) => BigInt(`0b${text}`) % limit)
  const edges = fc.constantFrom(0n, 1n, 2n, 8n, limit >> 1n, limit - 2n, limit - 1n)
  return fc.oneof(fc.bigInt({ min: 0n, max: limit - 1n }), runsOfBits, edges)
}

describe('the field', () => {
  const LIMB_BITS = [26, 25, 26, 25, 26, 25, 26, 25, 26, 25]
  const [A, B, OUT] = [0, 80, 160]
  const module = new ModuleBuilder({ pages: 1 })
  const field = defineField(module)
  module.export('multiply', field.multiply)
  module.export('square', field.square)
  const exports = load(module)
  const limbs = new BigInt64Array(exports.memory.buffer)
  const valueAt = (address: number): bigint => {
    let [value, offset] = [0n, 0]
    for (const [i, bits] of LIMB_BITS.entries()) {
      const limb = limbs[address / 8 + i] ?? 0n
      value += limb << BigInt(offset)
      offset += bits
    }
    return ((value % PRIME) + PRIME) % PRIME
  }
  /** As large as sums of six products, with either sign. */
  const element = fc.tuple(
    ...LIMB_BITS.map((bits) => {
      const most = 6n * ((1n << BigInt(bits - 1)) + (1n << BigInt(bits - 7)))
      return fc.oneof(fc.bigInt({ min: -most, max: most }), fc.constantFrom(0n, 1n, -1n, most, -most))
    }),
  )
  const extreme = fc.constantFrom(1n, -1n).map((sign) => {
    return LIMB_BITS.map((bits) => sign * 6n * ((1n << BigInt(bits - 1)) + (1n << BigInt(bits - 7))))
  })
  const anyElement = fc.oneof({ weight: 9, arbitrary: element }, { weight: 1, arbitrary: extreme })

  test.prop([anyElement, anyElement, fc.integer({ min: 1, max: 5 })], { numRuns })(
    'multiplies and squares as BigInt does, and carries',
    (a, b, times) => {
      limbs.set(a, A / 8)
      limbs.set(b, B / 8)
      const [left, right] = [valueAt(A), valueAt(B)]
      const expectCarried = (): void => {
        for (const [i, bits] of LIMB_BITS.entries()) {
          const limb = limbs[OUT / 8 + i] ?? 0n
          const most = (1n << BigInt(bits - 1)) + (1n << BigInt(bits - 7))
          expect(limb <= most && limb >= -most).toBe(true)
        }
      }
      exports['multiply']?.(OUT, A, B)
      expect(valueAt(OUT)).toBe((left * right) % PRIME)
      expectCarried()
      exports['square']?.(OUT, A, times)
      let expected = left
      for (let i = 0; i < times; i++) expected = (expected * expected) % PRIME
      expect(valueAt(OUT)).toBe(expected)
      expectCarried()
      exports['multiply']?.(A, A, A)
      expect(valueAt(A)).toBe((left * left) % PRIME)
    },
  )
})

describe('scalars', () => {
  test.prop(
    [
      fc.oneof(
        numberBelow(2n ** 512n),
        numberBelow(2n ** 260n).map((n) => n * ORDER),
      ),
    ],
    { numRuns },
  )('are reduced', (number) => {
    const wide = BigInt.asUintN(512, number)
    expect(fromLittleEndian(kernel.reduce(toLittleEndian(wide, 64)))).toBe(wide % ORDER)
  })

  const any = numberBelow(2n ** 256n)
  test.prop([any, any, any], { numRuns })('are multiplied and added', (a, b, c) => {
    const [left, right, addend] = [a, b, c].map((number) => toLittleEndian(number, 32)) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ]
    expect(fromLittleEndian(kernel.multiplyAdd(left, right, addend))).toBe((a * b + c) % ORDER)
  })
})

test.prop([fc.oneof(numberBelow(2n ** 255n), numberBelow(ORDER), fc.constantFrom(ORDER, ORDER + 1n, ORDER - 1n))], {
  numRuns: runs(200, 10_000),
})('multiples of the base point are BigInt’s', (scalar) => {
  expect(kernel.multiplyBase(toLittleEndian(scalar, 32))).toEqual(encode(multiply(scalar, BASE)))
})

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const message = fc.uint8Array({ maxLength: 200 })

const seedBytes = fc.oneof(
  bytes(32),
  fc.constantFrom(0, 0xff, 1, 0x80).map((byte) => new Uint8Array(32).fill(byte)),
)
test.prop([seedBytes, message, fc.boolean(), fc.nat()], { numRuns })(
  'keys and signatures are noble’s and node:crypto’s',
  (seed, text, isPrehashed, position) => {
    const publicKey = kernelsProvider.computeEd25519PublicKey(seed)
    const signature = kernelsProvider.signEd25519(seed, text, isPrehashed)
    expect(publicKey).toEqual(nobleProvider.computeEd25519PublicKey(seed))
    expect(signature).toEqual(nobleProvider.signEd25519(seed, text, isPrehashed))
    expect(kernelsProvider.verifyEd25519(publicKey, text, signature, isPrehashed)).toBe(true)
    const changed = signature.map((byte, i) => (i === position % 64 ? byte ^ (1 << (position % 8)) : byte))
    expect(kernelsProvider.verifyEd25519(publicKey, text, changed, isPrehashed)).toBe(false)
    if (!isPrehashed) {
      expect(nativeProvider.signEd25519(seed, text, false)).toEqual(signature)
      expect(nativeProvider.verifyEd25519(publicKey, text, changed, false)).toBe(false)
    }
  },
  TIMEOUT,
)

describe('what is accepted is what noble accepts', () => {
  const verdicts = (publicKey: Uint8Array, text: Uint8Array, signature: Uint8Array): boolean => {
    const verdict = kernelsProvider.verifyEd25519(publicKey, text, signature, false)
    expect(verdict).toBe(nobleProvider.verifyEd25519(publicKey, text, signature, false))
    return verdict
  }
  const smallOrder = fc.constantFrom(...SMALL_ORDER)
  const secret = numberBelow(ORDER)

  test.prop([secret, secret, smallOrder, smallOrder, message], { numRuns: runs(100, 10_000) })(
    'with key and commitment beside the group: the equation has the cofactor',
    (key, nonce, besideKey, besideCommitment, text) => {
      const publicKey = encode(add(multiply(key, BASE), besideKey))
      const commitment = encode(add(multiply(nonce, BASE), besideCommitment))
      const hash = createHash('sha512').update(commitment).update(publicKey).update(text).digest()
      const challenge = fromLittleEndian(hash) % ORDER
      const signature = new Uint8Array(64)
      signature.set(commitment)
      signature.set(toLittleEndian((nonce + challenge * key) % ORDER, 32), 32)
      // A key of small order is refused, whatever is signed.
      expect(verdicts(publicKey, text, signature)).toBe(key !== 0n)
    },
    TIMEOUT,
  )

  const withSign = (number: bigint): Uint8Array[] => [
    toLittleEndian(number, 32),
    toLittleEndian(number | (1n << 255n), 32),
  ]
  const notReduced = Array.from({ length: 19 }, (_, i) => PRIME + BigInt(i))
  const odd = [
    ...[0n, 1n, 2n, PRIME - 1n, 2n ** 255n - 1n, ...notReduced].flatMap(withSign),
    ...SMALL_ORDER.map(encode),
  ]
  const anyEncoding = fc.oneof(
    fc.constantFrom(...odd),
    bytes(32),
    numberBelow(ORDER).map((scalar) => kernel.multiplyBase(toLittleEndian(scalar, 32))),
  )
  const response = fc.oneof(
    secret,
    fc.constantFrom(0n, 1n, ORDER - 1n, ORDER, ORDER + 1n, 2n ** 253n, 2n ** 255n - 1n, 2n ** 256n - 1n),
  )
  test.prop([anyEncoding, anyEncoding, response, message], { numRuns })(
    'of points that are none, or of small order, and responses of any size',
    (publicKey, commitment, number, text) => {
      const signature = new Uint8Array(64)
      signature.set(commitment)
      signature.set(toLittleEndian(number, 32), 32)
      verdicts(publicKey, text, signature)
    },
  )

  test.prop([secret, message], { numRuns: runs(200, 10_000) })(
    'where points are equal and opposite',
    (number, text) => {
      // R = S B leaves k A, which must not pass; and R = -S B likewise.
      const scalar = toLittleEndian(number, 32)
      const point = kernel.multiplyBase(scalar)
      const opposite = point.slice()
      opposite[31] = (opposite[31] ?? 0) ^ 0x80
      for (const [key, commitment] of [
        [point, point],
        [opposite, point],
        [point, opposite],
      ] as const) {
        const signature = new Uint8Array(64)
        signature.set(commitment)
        signature.set(scalar, 32)
        expect(verdicts(key, text, signature)).toBe(false)
      }
    },
  )
})

test('the neutral point is no key', () => {
  expect(
    kernelsProvider.verifyEd25519(encode(NEUTRAL), new Uint8Array(1), new Uint8Array(64).fill(1, 0, 1), false),
  ).toBe(false)
})
