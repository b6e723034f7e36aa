/**
 * The assembler: what its modules compute is what the instructions are named for.
 *
 * Every instruction of the tables is held to a model on bigint.
 */

import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import {
  ModuleBuilder,
  type Operand,
  f64x2,
  i16x8,
  i32,
  i32x4,
  i64,
  i64x2,
  i8x16,
  v128,
} from '../../packages/kernels/src/assembler.ts'
import { I32_BINARY, I32_COMPARE, type I64_BINARY, I64_COMPARE } from '../../packages/kernels/src/assembler/integer.ts'
import { encodeSigned, encodeUnsigned } from '../../packages/kernels/src/assembler/leb128.ts'
import {
  I16X8_SHIFT,
  I32X4_BINARY,
  I32X4_SHIFT,
  I64X2_BINARY,
  I64X2_SHIFT,
  I16X8_BINARY,
  I8X16_BINARY,
  I8X16_SHIFT,
  V128_BINARY,
} from '../../packages/kernels/src/assembler/vector.ts'
import { fusesMultiplyAdd } from '../../packages/kernels/src/capability.ts'
import { load, loadFunction } from '../support/assembled.ts'
import { runs } from '../support/runs.ts'

const numRuns = runs(100, 5000)

type Model = (a: bigint, b: bigint, bits: number) => bigint

const signed = (value: bigint, bits: number): bigint => BigInt.asIntN(bits, value)
const unsigned = (value: bigint, bits: number): bigint => BigInt.asUintN(bits, value)
const rotateLeft = (a: bigint, by: bigint, bits: number): bigint =>
  (unsigned(a, bits) << by) | (unsigned(a, bits) >> (BigInt(bits) - by))

/** Shifts count modulo the width. */
const MODELS: Readonly<Record<keyof typeof I32_BINARY | keyof typeof I32_COMPARE, Model>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shl: (a, b, bits) => a << (b % BigInt(bits)),
  shrS: (a, b, bits) => signed(a, bits) >> (b % BigInt(bits)),
  shrU: (a, b, bits) => a >> (b % BigInt(bits)),
  rotl: (a, b, bits) => rotateLeft(a, b % BigInt(bits), bits),
  rotr: (a, b, bits) => rotateLeft(a, BigInt(bits) - (b % BigInt(bits)), bits),
  eq: (a, b) => BigInt(a === b),
  ne: (a, b) => BigInt(a !== b),
  ltS: (a, b, bits) => BigInt(signed(a, bits) < signed(b, bits)),
  ltU: (a, b) => BigInt(a < b),
  gtU: (a, b) => BigInt(a > b),
  leU: (a, b) => BigInt(a <= b),
  geU: (a, b) => BigInt(a >= b),
}

function wordOf(bits: number): fc.Arbitrary<bigint> {
  const most = 2n ** BigInt(bits) - 1n
  return fc.oneof(fc.bigInt({ min: 0n, max: most }), fc.constantFrom(0n, 1n, most, (most + 1n) / 2n, most / 2n))
}

describe.each(Object.keys({ ...I32_BINARY, ...I32_COMPARE }) as (keyof typeof MODELS)[])('i32 and i64 %s', (name) => {
  const short = loadFunction(['i32', 'i32'], 'i32', (_f, a, b) => i32[name](a, b))
  test.prop([wordOf(32), wordOf(32)], { numRuns })('32 bits', (a, b) => {
    const result = BigInt(short['run']?.(Number(signed(a, 32)), Number(signed(b, 32))) ?? -1n)
    expect(unsigned(result, 32)).toBe(unsigned(MODELS[name](a, b, 32), 32))
  })

  const isComparison = name in I64_COMPARE
  const long = isComparison
    ? loadFunction(['i64', 'i64'], 'i32', (_f, a, b) => i64[name as keyof typeof I64_COMPARE](a, b))
    : loadFunction(['i64', 'i64'], 'i64', (_f, a, b) => i64[name as keyof typeof I64_BINARY](a, b))
  test.prop([wordOf(64), wordOf(64)], { numRuns })('64 bits', (a, b) => {
    expect(unsigned(BigInt(long['run']?.(a, b) ?? -1n), 64)).toBe(unsigned(MODELS[name](a, b, 64), 64))
  })
})

test.prop([wordOf(64)], { numRuns })('constants, and moves between the widths', (value) => {
  const low = Number(signed(value, 32))
  const { run } = loadFunction([], 'i64', () => i64.const(value))
  expect(run?.()).toBe(signed(value, 64))
  expect(loadFunction([], 'i32', () => i32.const(Number(unsigned(value, 32))))['run']?.()).toBe(low)
  expect(loadFunction(['i64'], 'i32', (_f, a) => i32.wrap(a))['run']?.(value)).toBe(low)
  expect(loadFunction(['i32'], 'i64', (_f, a) => i64.extendU(a))['run']?.(low)).toBe(unsigned(value, 32))
  expect(loadFunction(['i32'], 'i64', (_f, a) => i64.extendS(a))['run']?.(low)).toBe(signed(value, 32))
  expect(loadFunction(['i32'], 'i32', (_f, a) => i32.eqz(a))['run']?.(low)).toBe(low === 0 ? 1 : 0)
  expect(loadFunction(['i64'], 'i32', (_f, a) => i64.eqz(a))['run']?.(value)).toBe(value === 0n ? 1 : 0)
})

const vectorBytes = fc.oneof(
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
  fc.constantFrom(new Uint8Array(16), new Uint8Array(16).fill(255)),
)
type Binary = (a: Operand<'v128'>, b: Operand<'v128'>) => ReturnType<typeof v128.xor>

/** @returns what a vector instruction makes of two vectors */
function loadBinary(instruction: Binary): (a: Uint8Array, b: Uint8Array) => Uint8Array {
  const module = new ModuleBuilder({ pages: 1 })
  const run = module.procedure([], (f) => f.emit(v128.store(32, 0, instruction(v128.load(0), v128.load(16)))))
  module.export('run', run)
  const exports = load(module)
  const memory = new Uint8Array(exports.memory.buffer)
  return (a, b) => {
    memory.set(a, 0)
    memory.set(b, 16)
    exports['run']?.()
    return memory.slice(32, 48)
  }
}

function lanesOf(bytes: Uint8Array, width: number): bigint[] {
  const lanes = Array.from({ length: 128 / width }, () => 0n)
  for (const [i, byte] of bytes.entries()) {
    const at = Math.floor((8 * i) / width)
    lanes[at] = (lanes[at] ?? 0n) | (BigInt(byte) << BigInt((8 * i) % width))
  }
  return lanes
}

function bytesOf(lanes: readonly bigint[], width: number): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, i) => {
    const lane = lanes[Math.floor((8 * i) / width)] ?? 0n
    return Number((lane >> BigInt((8 * i) % width)) & 0xffn)
  })
}

const LANE_MODELS: Readonly<Record<'add' | 'sub' | 'mul' | 'eq' | 'ltU' | 'gtS' | 'minU' | 'q15mulrSatS', Model>> = {
  ...MODELS,
  eq: (a, b) => -BigInt(a === b),
  ltU: (a, b) => -BigInt(a < b),
  gtS: (a, b, bits) => -BigInt(signed(a, bits) > signed(b, bits)),
  minU: (a, b) => (a < b ? a : b),
  q15mulrSatS(a, b, bits) {
    const product = (signed(a, bits) * signed(b, bits) + 0x4000n) >> 15n
    return product > 0x7fffn ? 0x7fffn : product
  },
}
const LANE_WISE = [
  ...namesOf(8, I8X16_BINARY, i8x16),
  ...namesOf(16, I16X8_BINARY, i16x8),
  ...namesOf(32, I32X4_BINARY, i32x4),
  ...namesOf(64, I64X2_BINARY, i64x2),
].filter(({ operation }) => operation in LANE_MODELS)

function namesOf(width: number, table: object, shape: object) {
  return Object.keys(table).map((operation) => ({
    width,
    operation,
    instruction: (shape as Readonly<Record<string, Binary>>)[operation] as Binary,
  }))
}

describe.each(LANE_WISE)('vector $operation of $width bits', ({ width, operation, instruction }) => {
  const run = loadBinary(instruction)
  test.prop([vectorBytes, vectorBytes], { numRuns })('every lane', (a, b) => {
    const model = LANE_MODELS[operation as keyof typeof LANE_MODELS]
    const right = lanesOf(b, width)
    const lanes = lanesOf(a, width).map((lane, i) => model(lane, right[i] ?? 0n, width))
    expect(run(a, b)).toEqual(bytesOf(lanes, width))
  })
})

const BIT_MODELS: Readonly<Record<keyof typeof V128_BINARY, (a: number, b: number) => number>> = {
  and: (a, b) => a & b,
  andnot: (a, b) => a & ~b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
}
describe.each(Object.keys(V128_BINARY) as (keyof typeof V128_BINARY)[])('v128 %s', (name) => {
  const run = loadBinary(v128[name])
  test.prop([vectorBytes, vectorBytes], { numRuns })('every bit', (a, b) => {
    expect(run(a, b)).toEqual(a.map((byte, i) => BIT_MODELS[name](byte, b[i] ?? 0)))
  })
})

const SHIFTS = [
  ...namesOf(8, I8X16_SHIFT, i8x16),
  ...namesOf(16, I16X8_SHIFT, i16x8),
  ...namesOf(32, I32X4_SHIFT, i32x4),
  ...namesOf(64, I64X2_SHIFT, i64x2),
]
describe.each(SHIFTS)('vector $operation of $width bits', ({ width, operation, instruction }) => {
  const shift = instruction as unknown as typeof i8x16.shl
  const run = loadBinary((a, b) => shift(a, i32x4.extractLane(0, b)))
  test.prop([vectorBytes, fc.nat(255)], { numRuns })('every lane', (a, count) => {
    const model = MODELS[operation as 'shl' | 'shrS' | 'shrU']
    const lanes = lanesOf(a, width).map((lane) => model(lane, BigInt(count), width))
    expect(run(a, bytesOf([BigInt(count)], 32))).toEqual(bytesOf(lanes, width))
  })
})

test.prop([vectorBytes, vectorBytes], { numRuns })('products that are longer than their factors', (a, b) => {
  const [left, right] = [lanesOf(a, 32), lanesOf(b, 32)]
  const products = left.map((lane, i) => lane * (right[i] ?? 0n))
  expect(loadBinary(i64x2.extmulLowU)(a, b)).toEqual(bytesOf(products.slice(0, 2), 64))
  expect(loadBinary(i64x2.extmulHighU)(a, b)).toEqual(bytesOf(products.slice(2), 64))
  const signedProducts = left.map((lane, i) => signed(lane, 32) * signed(right[i] ?? 0n, 32))
  expect(loadBinary(i64x2.extmulLowS)(a, b)).toEqual(bytesOf(signedProducts.slice(0, 2), 64))
  expect(loadBinary(i64x2.extmulHighS)(a, b)).toEqual(bytesOf(signedProducts.slice(2), 64))
  const [short, shortRight] = [lanesOf(a, 16), lanesOf(b, 16)]
  const shortProducts = short.map((lane, i) => signed(lane, 16) * signed(shortRight[i] ?? 0n, 16))
  const sums = [0, 2, 4, 6].map((i) => (shortProducts[i] ?? 0n) + (shortProducts[i + 1] ?? 0n))
  expect(loadBinary(i32x4.dotI16x8S)(a, b)).toEqual(bytesOf(sums, 32))
})

const lanes32 = fc.array(fc.nat(31), { minLength: 16, maxLength: 16 })
test.prop([vectorBytes, vectorBytes, lanes32], { numRuns })('bytes that change places', (a, b, lanes) => {
  const both = [...a, ...b]
  expect(loadBinary((x, y) => i8x16.shuffle(lanes, x, y))(a, b)).toEqual(Uint8Array.from(lanes, (i) => both[i] ?? 0))
  expect(loadBinary(i8x16.swizzle)(a, b)).toEqual(Uint8Array.from(b, (i) => a[i] ?? 0))
  const open = b.map((i) => (i < 128 ? i % 16 : i))
  expect(loadBinary(i8x16.relaxedSwizzle)(a, open)).toEqual(Uint8Array.from(open, (i) => a[i] ?? 0))
  expect(loadBinary((x) => v128.xor(x, v128.const(b)))(a, b)).toEqual(a.map((byte, i) => byte ^ (b[i] ?? 0)))
  expect(loadBinary((x) => v128.not(x))(a, b)).toEqual(a.map((byte) => byte ^ 0xff))
  const isAny = loadBinary((x) => i32x4.splat(v128.anyTrue(x)))
  for (const [vector, answer] of [
    [a, a.some((byte) => byte !== 0)],
    [new Uint8Array(16), false],
  ] as const) {
    expect(lanesOf(isAny(vector, b), 32)[0]).toBe(BigInt(answer))
  }
})

test.prop([vectorBytes, wordOf(64), fc.nat(3)], { numRuns })('lanes in and out', (bytes, value, lane) => {
  const half = lane % 2
  const low = Number(signed(value, 32))
  const replaced64 = loadBinary((x) => i64x2.replaceLane(half, x, value))(bytes, bytes)
  expect(lanesOf(replaced64, 64)).toEqual(lanesOf(bytes, 64).with(half, value))
  const replaced32 = loadBinary((x) => i32x4.replaceLane(lane, x, low))(bytes, bytes)
  expect(lanesOf(replaced32, 32)).toEqual(lanesOf(bytes, 32).with(lane, unsigned(value, 32)))
  const moved = loadBinary((x) => i64x2.splat(i64x2.extractLane(half, x)))(bytes, bytes)
  expect(lanesOf(moved, 64)).toEqual(Array.from({ length: 2 }, () => lanesOf(bytes, 64)[half]))
  const filled = loadBinary(() => i8x16.splat(low))(bytes, bytes)
  expect(filled).toEqual(new Uint8Array(16).fill(low & 0xff))
  expect(loadBinary((x) => i32x4.splat(i32x4.extractLane(lane, x)))(bytes, bytes)).toEqual(
    bytesOf(
      Array.from({ length: 4 }, () => lanesOf(bytes, 32)[lane] ?? 0n),
      32,
    ),
  )
})

const floats = fc.tuple(fc.double({ noNaN: true }), fc.double({ noNaN: true }))
const bytesOfFloats = (lanes: readonly number[]): Uint8Array => new Uint8Array(Float64Array.from(lanes).buffer)
test.prop([floats, floats], { numRuns })('floats', ([a0, a1], [b0, b1]) => {
  fc.pre([a0 + b0, a1 + b1, a0 - b0, a1 - b1].every((value) => !Number.isNaN(value)))
  const [a, b] = [bytesOfFloats([a0, a1]), bytesOfFloats([b0, b1])]
  expect(loadBinary(f64x2.add)(a, b)).toEqual(bytesOfFloats([a0 + b0, a1 + b1]))
  expect(loadBinary(f64x2.sub)(a, b)).toEqual(bytesOfFloats([a0 - b0, a1 - b1]))
  expect(loadBinary(() => v128.load64Splat(8))(a, b)).toEqual(bytesOfFloats([a1, a1]))
})

const small = fc.tuple(fc.integer({ min: -(2 ** 25), max: 2 ** 25 }), fc.integer({ min: -(2 ** 25), max: 2 ** 25 }))
test.prop([small, small], { numRuns })('multiply-add, exact where nothing is to be rounded', ([a0, a1], [b0, b1]) => {
  const run = loadBinary((a, b) => f64x2.relaxedMadd(a, b, b))
  const expected = bytesOfFloats([a0 * b0 + b0, a1 * b1 + b1])
  expect(run(bytesOfFloats([a0, a1]), bytesOfFloats([b0, b1]))).toEqual(expected)
})

test('multiply-add is said to round once where it does', async () => {
  const [factor, rest] = [2 ** 27 + 1, -(2 ** 54 + 2 ** 28)]
  const run = loadBinary((a, b) => f64x2.relaxedMadd(a, a, b))
  const left = new Float64Array(run(bytesOfFloats([factor, factor]), bytesOfFloats([rest, rest])).buffer)
  expect([0, 1]).toContain(left[0])
  expect(await fusesMultiplyAdd()).toBe(left[0] === 1)
})

const sixteen = (byte: number): number[] => Array.from({ length: 16 }, () => byte)

test('a vector of anything but sixteen bytes is refused', () => {
  for (const bytes of [[], new Uint8Array(15), sixteen(256), sixteen(-1), sixteen(0.5)]) {
    expect(() => v128.const(bytes)).toThrow(RangeError)
  }
  expect(() => i8x16.shuffle(sixteen(32), v128.load(0), v128.load(0))).toThrow(RangeError)
})

test('memory: every access at its width, anywhere, and what a module begins with', () => {
  const module = new ModuleBuilder({ pages: 1 })
  module.data(100, [1, 2, 3, 4, 5, 6, 7, 8, 255, 254])
  module.export(
    'run',
    module.procedure(['i32'], (f, at) => {
      f.emit(
        i32.store(200, 0, i32.load(at)),
        i32.store(200, 4, i32.load8U(at, 8)),
        i32.store(200, 8, i32.load16U(at, 8)),
        i32.store(200, 12, i32.load8S(at, 8)),
        i64.store(200, 16, i64.load(at)),
        i64.store(200, 24, i64.load32U(at, 6)),
        i32.store8(201, 31, i32.load(at)),
        i32.store16(201, 33, i32.load(at)),
        i64.store32(201, 35, i64.load(at)),
        i64.store(240, 0, i64.load32S(at, 6)),
        v128.store(256, 0, v128.load64Zero(at, 1)),
        v128.store(272, 0, v128.load64Lane(1, at, 2, v128.load64Splat(at))),
        v128.store64Lane(1, 321, 0, v128.load64Lane(1, at, 2, v128.load64Splat(at))),
        v128.store64Lane(0, 321, 8, v128.load64Lane(0, at, 1, v128.load64Splat(at))),
      )
      f.fill(300, 7, 5)
    }),
  )
  const { memory, run } = load(module)
  run?.(100)
  const bytes = new Uint8Array(memory.buffer)
  expect([...bytes.subarray(200, 216)]).toEqual([1, 2, 3, 4, 255, 0, 0, 0, 255, 254, 0, 0, 255, 255, 255, 255])
  expect([...bytes.subarray(216, 232)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 7, 8, 255, 254, 0, 0, 0, 0])
  expect([...bytes.subarray(232, 240)]).toEqual([1, 0, 1, 2, 1, 2, 3, 4])
  expect([...bytes.subarray(240, 248)]).toEqual([7, 8, 255, 254, 255, 255, 255, 255])
  expect([...bytes.subarray(256, 272)]).toEqual([2, 3, 4, 5, 6, 7, 8, 255, 0, 0, 0, 0, 0, 0, 0, 0])
  expect([...bytes.subarray(272, 288)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 3, 4, 5, 6, 7, 8, 255, 254])
  expect([...bytes.subarray(320, 330)]).toEqual([0, 3, 4, 5, 6, 7, 8, 255, 254, 2])
  expect([...bytes.subarray(299, 306)]).toEqual([0, 7, 7, 7, 7, 7, 0])
  expect(() => memory.grow(1)).toThrow(RangeError)
  expect(() => run?.(65_535)).toThrow(WebAssembly.RuntimeError)
})

test('a memory that is imported is the one that is used', () => {
  const module = new ModuleBuilder({ pages: 1, importedAs: ['host', 'memory'] })
  module.export(
    'run',
    module.procedure([], (f) => f.emit(i32.store8(5, 0, 9))),
  )
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 })
  const exports = load(module, { host: { memory } })
  exports['run']?.()
  expect(exports.memory).toBe(memory)
  expect(new Uint8Array(memory.buffer)[5]).toBe(9)
})

test.prop([fc.nat(1000)], { numRuns })('flow: loops, branches and calls', (n) => {
  const module = new ModuleBuilder({ pages: 1 })
  const square = module.function(['i64'], 'i64', (_f, x) => i64.mul(x, x))
  const count = module.procedure(['i32'], (f, by) => f.emit(i32.store(0, 0, i32.add(i32.load(0), by))))
  module.export(
    'run',
    module.function(['i32'], 'i64', (f, limit) => {
      const [i, sum] = [f.local('i32'), f.local('i64')]
      f.while(i32.ltU(i, limit), () => {
        f.set(i, i32.add(i, 1))
        f.emit(count.call(2))
        f.block((end) => {
          f.branchIf(i32.eqz(i32.and(i, 1)), end)
          f.if(
            i32.eq(i, 3),
            () => f.set(sum, i64.add(sum, 1000n)),
            () => f.set(sum, i64.add(sum, square.call(i64.extendU(i)))),
          )
        })
      })
      f.set(i, i32.add(i, 5))
      f.loop((start) => {
        f.emit(count.call(1))
        f.set(i, i32.sub(i, 1))
        f.branchIf(i32.gtU(i, limit), start)
      })
      return sum
    }),
  )
  const { memory, run } = load(module)
  let expected = 0n
  for (let i = 1n; i <= BigInt(n); i += 2n) expected += i === 3n ? 1000n : i * i
  expect(run?.(n)).toBe(expected)
  expect(new Uint32Array(memory.buffer)[0]).toBe(2 * n + 5)
})

test('integers as WebAssembly writes them', () => {
  expect(encodeUnsigned(624_485)).toEqual([0xe5, 0x8e, 0x26])
  expect(encodeUnsigned(0)).toEqual([0])
  expect(encodeSigned(-123_456n)).toEqual([0xc0, 0xbb, 0x78])
  expect(encodeSigned(64n)).toEqual([0xc0, 0x00])
  expect(encodeSigned(-64n)).toEqual([0x40])
})
