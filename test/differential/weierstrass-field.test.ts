/** The numbers of the curves' kernels, limb by limb as badly as they may come, against BigInt. */

import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { ModuleBuilder, type Statement } from '../../packages/kernels/src/assembler.ts'
import { fusesMultiplyAdd } from '../../packages/kernels/src/capability.ts'
import { type ArithmeticName, CURVES, type WeierstrassCurve } from '../../packages/kernels/src/weierstrass/curve.ts'
import { FieldCode } from '../../packages/kernels/src/weierstrass/field-code.ts'
import { defineInvert } from '../../packages/kernels/src/weierstrass/inverse.ts'
import { type Modulus, createModulus } from '../../packages/kernels/src/weierstrass/modulus.ts'
import { defineNumbers } from '../../packages/kernels/src/weierstrass/numbers.ts'
import { defineFusedProducts } from '../../packages/kernels/src/weierstrass/fused-products.ts'
import { defineIntegerProducts } from '../../packages/kernels/src/weierstrass/integer-products.ts'
import type { Products } from '../../packages/kernels/src/weierstrass/products.ts'
import { runs } from '../support/runs.ts'

const numRuns = runs(500, 100_000)
const AT = { a: 0, b: 256, c: 512, d: 768, out: 1024, other: 1280, bytes: 1536 }
const INVERSE = { f: 2048, g: 2304, d: 2560, e: 2816 }

type Run =
  | 'multiply'
  | 'square'
  | 'multiplySum'
  | 'multiplyBoth'
  | 'squareBoth'
  | 'multiplySumBoth'
  | 'settle'
  | 'invert'
  | 'read'
  | 'write'
type Exports = Readonly<Record<Run, () => void>> & {
  readonly memory: WebAssembly.Memory
  isZero(): number
  isReduced(): number
}

interface Field {
  readonly exports: Exports
  readonly room: Products['room']
}

async function instantiateField(modulus: Modulus, arithmetic: ArithmeticName): Promise<Field> {
  const module = new ModuleBuilder({ pages: 1 })
  const products = (arithmetic === 'fused' ? defineFusedProducts : defineIntegerProducts)(module, modulus)
  const numbers = defineNumbers(module, modulus)
  const statements: Readonly<Partial<Record<Run, Statement>>> = {
    multiply: products.multiply.call(AT.out, AT.a, AT.b),
    square: products.square.call(AT.out, AT.a),
    multiplySum: products.multiplySum.call(AT.out, AT.a, AT.b, AT.c, AT.d),
    ...(products.both && {
      multiplyBoth: products.both.multiply.call(AT.out, AT.a, AT.b, AT.other, AT.c, AT.d),
      squareBoth: products.both.square.call(AT.out, AT.a, AT.other, AT.c),
      multiplySumBoth: products.both.multiplySum.call(
        ...[AT.out, AT.a, AT.b, AT.c, AT.d],
        ...[AT.other, AT.c, AT.b, AT.a, AT.d],
      ),
    }),
    ...(arithmetic === 'integer' && { invert: defineInvert(module, modulus, INVERSE).call(AT.out, AT.a) }),
    read: numbers.read.call(AT.out, AT.bytes),
    write: numbers.write.call(AT.bytes, AT.a),
  }
  for (const [name, statement] of Object.entries(statements)) {
    if (statement === undefined) continue
    module.export(
      name,
      module.procedure([], (f) => f.emit(statement)),
    )
  }
  module.export(
    'settle',
    module.procedure([], (f) => new FieldCode(f, products).combineSettled(AT.out, [3, AT.a], [-21, AT.b])),
  )
  for (const name of ['isZero', 'isReduced'] as const) {
    module.export(
      name,
      module.function([], 'i32', () => numbers[name].call(AT.a)),
    )
  }
  const { instance } = await WebAssembly.instantiate(Uint8Array.from(module.encode()))
  return { exports: instance.exports as unknown as Exports, room: products.room }
}

/** The limbs of a settled number: a digit each, and for the highest what one and a quarter of the modulus have left. */
function settledLimbs({ bits, limbBits, limbCount }: Modulus): fc.Arbitrary<bigint[]> {
  const between = (min: bigint, max: bigint) =>
    fc.oneof(fc.constantFrom(min, max, 0n, 1n, -1n), fc.bigInt({ min, max }))
  const half = 1n << BigInt(limbBits - 1)
  const low = between(-half, half - 1n)
  const mixed = fc.array(low, { minLength: limbCount - 1, maxLength: limbCount - 1 })
  const alike = low.map((limb) => Array.from({ length: limbCount - 1 }, () => limb))
  const quarter = 1n << BigInt(bits - limbBits * (limbCount - 1) - 2)
  return fc.tuple(fc.oneof(mixed, alike), between(-quarter, 5n * quarter)).map(([limbs, top]) => [...limbs, top])
}

/** Of each curve both fields, and modulo p both arithmetics. Where multiply-add rounds twice, one of them is never chosen. */
const FIELDS = fieldsOf((await fusesMultiplyAdd()) ? ['integer', 'fused'] : ['integer'])

function fieldsOf(arithmetics: readonly ArithmeticName[]) {
  return (Object.keys(CURVES) as WeierstrassCurve[]).flatMap((curve) => {
    const { p, n, limbs, bytes: length } = CURVES[curve]
    const ofP = arithmetics.flatMap((arithmetic) => {
      const own = limbs[arithmetic]
      return own === undefined
        ? []
        : [{ name: `${curve}, modulo p on ${arithmetic}`, value: p, arithmetic, own, length }]
    })
    const ofN = { name: `${curve}, modulo n`, value: n, arithmetic: 'integer', own: limbs.integer, length } as const
    return [...ofP, ofN]
  })
}

describe.each(FIELDS)('$name', async ({ value, arithmetic, own: { limbBits, limbCount }, length }) => {
  const modulus = createModulus(value, limbBits, limbCount)
  const { exports: field, room } = await instantiateField(modulus, arithmetic)
  const words = new BigInt64Array(field.memory.buffer)
  const bytes = new Uint8Array(field.memory.buffer)

  const put = (at: number, limbs: readonly bigint[], times = 1n): bigint => {
    for (const [i, limb] of limbs.entries()) words[at / 8 + i] = times * limb
    return times * numberOf(limbs)
  }
  const numberOf = (limbs: readonly bigint[]): bigint =>
    limbs.reduceRight((number, limb) => (number << BigInt(limbBits)) + limb, 0n)
  const remainder = (number: bigint): bigint => ((number % value) + value) % value
  /** What stands there, which must be settled. */
  const settledAt = (at: number): bigint => {
    const limbs = [...words.subarray(at / 8, at / 8 + limbCount)]
    const half = 1n << BigInt(limbBits - 1)
    expect(limbs.every((limb) => limb >= -half && limb <= half)).toBe(true)
    const number = numberOf(limbs)
    expect(4n * number <= 5n * value && 4n * number >= -5n * value).toBe(true)
    return remainder(number)
  }
  const timesR = (number: bigint): bigint => remainder(number << BigInt(limbBits * limbCount))
  const limbs = settledLimbs(modulus)
  const sign = fc.constantFrom(1n, -1n)

  test.prop([limbs, limbs, limbs, limbs, sign], { numRuns })(
    'products, with all the room there is',
    (w, x, y, z, s) => {
      const growth = Math.min(room.factor, room.sum)
      const other = Math.floor(room.sum / growth)
      const [a, b] = [put(AT.a, w, s * BigInt(growth)), put(AT.b, x, BigInt(other))]
      field.multiply()
      expect(timesR(settledAt(AT.out))).toBe(remainder(a * b))

      const less = put(AT.a, w, s * BigInt(Math.min(growth, room.sum - 1)))
      const [sole, c, d] = [put(AT.b, x), put(AT.c, y), put(AT.d, z)]
      field.multiplySum()
      expect(timesR(settledAt(AT.out))).toBe(remainder(less * sole + c * d))
      if (arithmetic === 'fused') {
        field.multiplyBoth()
        expect([AT.out, AT.other].map((at) => timesR(settledAt(at)))).toEqual([
          remainder(less * sole),
          remainder(c * d),
        ])
        field.multiplySumBoth()
        const sums = [remainder(less * sole + c * d), remainder(c * sole + less * d)]
        expect([AT.out, AT.other].map((at) => timesR(settledAt(at)))).toEqual(sums)
      }

      const root = put(AT.a, w, s * BigInt(Math.floor(Math.sqrt(room.square))))
      field.square()
      expect(timesR(settledAt(AT.out))).toBe(remainder(root * root))
      if (arithmetic === 'fused') {
        field.squareBoth()
        expect([AT.out, AT.other].map((at) => timesR(settledAt(at)))).toEqual([
          remainder(root * root),
          remainder(c * c),
        ])
      }
    },
  )

  test.prop([limbs, limbs], { numRuns })('sums that are settled', (x, y) => {
    const [a, b] = [put(AT.a, x), put(AT.b, y)]
    field.settle()
    expect(settledAt(AT.out)).toBe(remainder(3n * a - 21n * b))
  })

  const edges = fc.constantFrom(0n, 1n, 2n, value - 1n, value - 2n, value >> 1n, (value >> 1n) + 1n)
  const number = fc.oneof(
    { weight: 3, arbitrary: limbs.map((all) => remainder(numberOf(all))) },
    { weight: 1, arbitrary: edges },
    { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 0xffffn }) },
  )
  if (arithmetic === 'integer') {
    test.prop([number], { numRuns: runs(500, 20_000) })('inverses', (x) => {
      put(AT.a, limbsOf(2n * x > value ? x - value : x))
      field.invert()
      expect(remainder(settledAt(AT.out) * x)).toBe(x === 0n ? 0n : 1n)
    })
  }

  test.prop([number, fc.boolean()], { numRuns })('bytes', (x, isNegative) => {
    put(AT.a, limbsOf(isNegative && x > 0n ? x - value : x))
    bytes.fill(0, AT.bytes, AT.bytes + 80)
    field.write()
    const written = bytes.slice(AT.bytes, AT.bytes + length)
    expect(BigInt(`0x${Buffer.from(written.toReversed()).toString('hex')}`)).toBe(x)
    expect(field.isZero() === 1).toBe(x === 0n)

    field.read()
    const read = [...words.subarray(AT.out / 8, AT.out / 8 + limbCount)]
    expect(numberOf(read)).toBe(x)
    put(AT.a, read)
    expect(field.isReduced()).toBe(1)
    // The same and the modulus, as far as the bits go.
    const beyond = x + value
    put(
      AT.a,
      Array.from({ length: limbCount }, (_, i) => BigInt.asUintN(limbBits, beyond >> BigInt(limbBits * i))),
    )
    expect(field.isReduced()).toBe(0)
  })

  function limbsOf(x: bigint): bigint[] {
    let rest = x
    const all = Array.from({ length: limbCount - 1 }, () => {
      const digit = BigInt.asIntN(limbBits, rest)
      rest = (rest - digit) >> BigInt(limbBits)
      return digit
    })
    return [...all, rest]
  }
})
