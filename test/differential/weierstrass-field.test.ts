/** The numbers of the curves' kernels, limb by limb as badly as they may come, against BigInt. */

import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { ModuleBuilder, type Statement } from '../../packages/kernels/src/assembler.ts'
import { CURVES, type WeierstrassCurve } from '../../packages/kernels/src/weierstrass/curve.ts'
import { FieldCode } from '../../packages/kernels/src/weierstrass/field-code.ts'
import { defineInvert } from '../../packages/kernels/src/weierstrass/inverse.ts'
import { type Modulus, createModulus } from '../../packages/kernels/src/weierstrass/modulus.ts'
import { defineNumbers } from '../../packages/kernels/src/weierstrass/numbers.ts'
import { defineProducts } from '../../packages/kernels/src/weierstrass/products.ts'
import { runs } from '../support/runs.ts'

const numRuns = runs(500, 100_000)
const AT = { a: 0, b: 256, c: 512, d: 768, out: 1024, bytes: 1280 }
const INVERSE = { f: 2048, g: 2304, d: 2560, e: 2816 }

type Run = 'multiply' | 'square' | 'multiplySum' | 'settle' | 'invert' | 'read' | 'write'
type Exports = Readonly<Record<Run, () => void>> & {
  readonly memory: WebAssembly.Memory
  isZero(): number
  isReduced(): number
}

async function instantiateField(modulus: Modulus): Promise<Exports> {
  const module = new ModuleBuilder({ pages: 1 })
  const products = defineProducts(module, modulus)
  const numbers = defineNumbers(module, modulus)
  const statements: Readonly<Record<Exclude<Run, 'settle'>, Statement>> = {
    multiply: products.multiply.call(AT.out, AT.a, AT.b),
    square: products.square.call(AT.out, AT.a),
    multiplySum: products.multiplySum.call(AT.out, AT.a, AT.b, AT.c, AT.d),
    invert: defineInvert(module, modulus, INVERSE).call(AT.out, AT.a),
    read: numbers.read.call(AT.out, AT.bytes),
    write: numbers.write.call(AT.bytes, AT.a),
  }
  for (const [name, statement] of Object.entries(statements)) {
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
  return instance.exports as unknown as Exports
}

/** The limbs of a settled number: a digit each, and what half a modulus has left for the highest. */
function settledLimbs({ bits, limbBits, limbCount }: Modulus): fc.Arbitrary<bigint[]> {
  const digit = (half: bigint) =>
    fc.oneof(fc.constantFrom(-half, half - 1n, 0n, 1n, -1n), fc.bigInt({ min: -half, max: half - 1n }))
  const low = digit(1n << BigInt(limbBits - 1))
  const mixed = fc.array(low, { minLength: limbCount - 1, maxLength: limbCount - 1 })
  const alike = low.map((limb) => Array.from({ length: limbCount - 1 }, () => limb))
  const top = digit(1n << BigInt(bits - limbBits * (limbCount - 1) - 1))
  return fc.tuple(fc.oneof(mixed, alike), top).map(([limbs, last]) => [...limbs, last])
}

const FIELDS = (Object.keys(CURVES) as WeierstrassCurve[]).flatMap((curve) => [
  { name: `modulo p of ${curve}`, curve, value: CURVES[curve].p },
  { name: `modulo n of ${curve}`, curve, value: CURVES[curve].n },
])

describe.each(FIELDS)('$name', async ({ curve, value }) => {
  const { limbBits, limbCount, bytes: length } = CURVES[curve]
  const modulus = createModulus(value, limbBits, limbCount)
  const field = await instantiateField(modulus)
  const words = new BigInt64Array(field.memory.buffer)
  const bytes = new Uint8Array(field.memory.buffer)

  const put = (at: number, limbs: readonly bigint[], times = 1n): bigint => {
    for (const [i, limb] of limbs.entries()) words[at / 8 + i] = times * limb
    return times * numberOf(limbs)
  }
  const numberOf = (limbs: readonly bigint[]): bigint =>
    limbs.reduceRight((number, limb) => (number << BigInt(limbBits)) + limb, 0n)
  const remainder = (number: bigint): bigint => ((number % value) + value) % value
  /** What stands in `out`, which must be settled. */
  const settledOut = (): bigint => {
    const limbs = [...words.subarray(AT.out / 8, AT.out / 8 + limbCount)]
    const half = 1n << BigInt(limbBits - 1)
    expect(limbs.every((limb) => limb >= -half && limb <= half)).toBe(true)
    const number = numberOf(limbs)
    expect(100n * (number < 0n ? -number : number) <= 51n * value).toBe(true)
    return remainder(number)
  }
  const timesR = (number: bigint): bigint => remainder(number << BigInt(limbBits * limbCount))
  const limbs = settledLimbs(modulus)
  const sign = fc.constantFrom(1n, -1n)

  test.prop([limbs, limbs, limbs, limbs, sign], { numRuns })(
    'products, with all the room there is',
    (w, x, y, z, s) => {
      const grown = s * BigInt(modulus.room)
      const [a, b] = [put(AT.a, w, grown), put(AT.b, x)]
      field.multiply()
      expect(timesR(settledOut())).toBe(remainder(a * b))

      const [c, d] = [put(AT.c, y), put(AT.d, z)]
      const less = put(AT.a, w, s * BigInt(modulus.room - 1))
      field.multiplySum()
      expect(timesR(settledOut())).toBe(remainder(less * b + c * d))

      const root = put(AT.a, w, s * BigInt(Math.floor(Math.sqrt(modulus.room))))
      field.square()
      expect(timesR(settledOut())).toBe(remainder(root * root))
    },
  )

  test.prop([limbs, limbs], { numRuns })('sums that are settled', (x, y) => {
    const [a, b] = [put(AT.a, x), put(AT.b, y)]
    field.settle()
    expect(settledOut()).toBe(remainder(3n * a - 21n * b))
  })

  const edges = fc.constantFrom(0n, 1n, 2n, value - 1n, value - 2n, value >> 1n, (value >> 1n) + 1n)
  const number = fc.oneof(
    { weight: 3, arbitrary: limbs.map((all) => remainder(numberOf(all))) },
    { weight: 1, arbitrary: edges },
    { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 0xffffn }) },
  )
  test.prop([number], { numRuns: runs(500, 20_000) })('inverses', (x) => {
    const settled = 2n * x > value ? x - value : x
    put(AT.a, limbsOf(settled))
    field.invert()
    expect(remainder(settledOut() * x)).toBe(x === 0n ? 0n : 1n)
  })

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
