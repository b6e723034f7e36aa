/**
 * Montgomery's product on fused multiply-add: two products at a time, one in each lane, of limbs of 44 to 49 bits.
 *
 * Factors become 64-bit floats. A product of two limbs, added to 1.5 * 2^(52 + limbBits) and rounded once, leaves its
 * upper half in the low bits of the float's mantissa; taken away again, so that 1.5 * 2^52 is left, the same product
 * gives its lower half there, which may be negative. Both are added up as 64-bit integers, the constants' bits with them.
 * Those are known, and are what a column begins below zero with.
 *
 * The multiples of the prime are added by shifts: the prime is a sum of a few powers of two, and so is its inverse. All
 * columns are held above zero by a multiple of 2^limbBits, since only unsigned shifts are quick on vectors.
 *
 * @spec Emmart, Zheng, Weems 2018, "Faster Modular Exponentiation Using Double Precision Floating Point Arithmetic on the GPU"
 */

import {
  type Expression,
  type FunctionBuilder,
  type Local,
  type ModuleBuilder,
  f64x2,
  i64x2,
  i8x16,
  v128,
} from '../assembler.ts'
import { LIMB_BYTES, type Modulus } from './modulus.ts'
import { type Products, pick } from './products.ts'

type Vector = Expression<'v128'>
/** The limbs of two numbers, side by side. */
type Limbs = readonly Local<'v128'>[]

const LOWER = 1.5 * 2 ** 52
const LOWER_BITS = bitsOf(LOWER)
/** So far columns are from zero at most, and so much is added to keep them above it. */
const LIFT = 1n << 61n
const LIFT_BITS = 61

export function defineFusedProducts(module: ModuleBuilder, modulus: Modulus): Products {
  const load = (f: FunctionBuilder, first: Local<'i32'>, second: Local<'i32'>) => loadFloats(f, modulus, first, second)
  const multiplyBoth = module.procedure(['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, out1, a1, b1, out2, a2, b2) => {
    const columns = addProducts(f, modulus, [productsOf(load(f, a1, a2), load(f, b1, b2))])
    store(f, reduce(f, modulus, columns), [out1, out2])
  })
  const squareBoth = module.procedure(['i32', 'i32', 'i32', 'i32'], (f, out1, a1, out2, a2) => {
    const columns = addProducts(f, modulus, [squaresOf(f, load(f, a1, a2))])
    store(f, reduce(f, modulus, columns), [out1, out2])
  })
  const multiplySumBoth = module.procedure(
    ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    (f, out1, a1, b1, c1, d1, out2, a2, b2, c2, d2) => {
      const products = [productsOf(load(f, a1, a2), load(f, b1, b2)), productsOf(load(f, c1, c2), load(f, d1, d2))]
      store(f, reduce(f, modulus, addProducts(f, modulus, products)), [out1, out2])
    },
  )
  const multiply = module.procedure(['i32', 'i32', 'i32'], (f, out, a, b) => {
    const columns = addProducts(f, modulus, [productsOf(load(f, a, a), load(f, b, b))])
    store(f, reduce(f, modulus, columns), [out])
  })
  const square = module.procedure(['i32', 'i32'], (f, out, a) => {
    store(f, reduce(f, modulus, addProducts(f, modulus, [squaresOf(f, load(f, a, a))])), [out])
  })
  /** One product in each lane, which are added before they are reduced. */
  const multiplySum = module.procedure(['i32', 'i32', 'i32', 'i32', 'i32'], (f, out, a, b, c, d) => {
    const columns = addProducts(f, modulus, [productsOf(load(f, a, c), load(f, b, d))], true)
    store(f, reduce(f, modulus, columns), [out])
  })
  return {
    modulus,
    room: roomOf(modulus),
    multiply,
    square,
    multiplySum,
    both: { multiply: multiplyBoth, square: squareBoth, multiplySum: multiplySumBoth },
  }
}

/**
 * A factor's limbs stay below 2^51, where they become floats, products of limbs below 2^(51 + limbBits), where their upper
 * halves fit the mantissa, and sums of products so small that a quarter of the modulus is left of them.
 */
function roomOf({ bits, limbBits, limbCount }: Modulus): Products['room'] {
  const quarter = 2 ** (limbBits * limbCount - bits) / (4 * 1.25 ** 2)
  const factor = 2 ** (52 - limbBits) - 1
  // In squares, one factor of most products is doubled.
  const [sum, square] = [2 * factor + 1, factor].map((most) => Math.floor(Math.min(quarter, most))) as [number, number]
  return { factor, sum, square }
}

function loadFloats(f: FunctionBuilder, { limbCount }: Modulus, first: Local<'i32'>, second: Local<'i32'>): Limbs {
  const offset = f.let(constant(LOWER_BITS))
  return Array.from({ length: limbCount }, (_, i) => {
    const lower = v128.load64Zero(first, LIMB_BYTES * i)
    const limb =
      first === second ? v128.load64Splat(first, LIMB_BYTES * i) : v128.load64Lane(1, second, LIMB_BYTES * i, lower)
    return f.let(f64x2.sub(i64x2.add(limb, offset), offset))
  })
}

/** The products of limbs that make a column. */
type ProductsIn = (column: number) => readonly (readonly [Local<'v128'>, Local<'v128'>])[]

function productsOf(as: Limbs, bs: Limbs): ProductsIn {
  return (column) => rowsIn(as.length, column).map((i) => [pick(as, i), pick(bs, column - i)])
}

/** Products of different limbs come twice, and are made once, of one that is doubled. */
function squaresOf(f: FunctionBuilder, as: Limbs): ProductsIn {
  const doubled = as.map((limb) => f.let(f64x2.add(limb, limb)))
  return (column) =>
    rowsIn(as.length, column)
      .filter((i) => 2 * i <= column)
      .map((i) => (2 * i === column ? [pick(as, i), pick(as, i)] : [pick(doubled, i), pick(as, column - i)]))
}

/** Which limbs of a factor have a part in a column. */
function rowsIn(limbCount: number, column: number): number[] {
  return Array.from({ length: limbCount }, (_, i) => i).filter((i) => column - i >= 0 && column - i < limbCount)
}

/**
 * @param areLanesOne whether both lanes are to be the sum of both
 * @returns columns, each lifted
 */
function addProducts(
  f: FunctionBuilder,
  { limbBits, limbCount }: Modulus,
  sums: readonly ProductsIn[],
  areLanesOne = false,
): Local<'v128'>[] {
  const upper = 1.5 * 2 ** (52 + limbBits)
  const [upperConstant, both] = [f.let(constant(bitsOf(upper))), f.let(constant(bitsOf(upper + LOWER)))]
  const lanes = areLanesOne ? 2n : 1n
  const productsIn: ProductsIn = (column) => sums.flatMap((products) => products(column))
  const columns = Array.from({ length: 2 * limbCount }, (_, column) => {
    const [lowers, uppers] = [column, column - 1].map((from) => BigInt(productsIn(from).length) * lanes) as [
      bigint,
      bigint,
    ]
    const known = lowers * LOWER_BITS + uppers * bitsOf(upper)
    // Half of it in each lane that is added to the other.
    return f.let(constant((liftOf(limbBits, limbCount, column) - known) / lanes))
  })
  const half = f.local('v128')
  for (let column = 0; column < 2 * limbCount - 1; column++) {
    const [low, high] = [pick(columns, column), pick(columns, column + 1)]
    for (const [a, b] of productsIn(column)) {
      f.set(half, f64x2.relaxedMadd(a, b, upperConstant))
      f.set(low, i64x2.add(low, f64x2.relaxedMadd(a, b, f64x2.sub(both, half))))
      f.set(high, i64x2.add(high, half))
    }
  }
  if (areLanesOne) for (const column of columns) f.set(column, i64x2.add(column, swapLanes(column)))
  return columns
}

/** What a column is to have beyond what it is for. */
function liftOf(limbBits: number, limbCount: number, column: number): bigint {
  const fromBelow = column === 0 ? 0n : LIFT >> BigInt(limbBits)
  const last = 2 * limbCount - 1
  // The upper half is rounded to balanced digits, and the highest of them is not shifted any more.
  const rounding = column >= limbCount && column < last ? 1n << BigInt(limbBits - 1) : 0n
  return (column < last ? LIFT : 0n) + rounding - fromBelow
}

/** Adds multiples of the prime until the lower half is zero. @returns the limbs of the upper half */
function reduce(f: FunctionBuilder, modulus: Modulus, columns: readonly Local<'v128'>[]): Vector[] {
  const { limbBits, limbCount } = modulus
  const mask = f.let(constant((1n << BigInt(limbBits)) - 1n))
  const addTo = (column: number, vector: Vector, isNegative: boolean): void => {
    const sum = pick(columns, column)
    f.set(sum, isNegative ? i64x2.sub(sum, vector) : i64x2.add(sum, vector))
  }
  const inverse = inverseShift(modulus)
  const powers = sumOfPowers(modulus.value)
  // Where -1 is all that the prime has in its lowest limb, it clears what is shifted out anyway.
  const isLowestOne = powers.every(({ exponent }) => exponent === 0 || exponent >= limbBits)
  for (let column = 0; column < limbCount; column++) {
    const sum = pick(columns, column)
    const multiple = f.let(v128.and(inverse === undefined ? sum : i64x2.add(sum, i64x2.shl(sum, inverse)), mask))
    for (const { exponent, isNegative } of powers) {
      if (exponent === 0) {
        if (!isLowestOne) addTo(column, multiple, isNegative)
        continue
      }
      const [at, shift] = [column + Math.floor(exponent / limbBits), exponent % limbBits]
      if (shift + limbBits < LIFT_BITS) {
        addTo(at, shift === 0 ? multiple : i64x2.shl(multiple, shift), isNegative)
      } else {
        const kept = limbBits - shift
        addTo(at, i64x2.shrU(i64x2.shl(multiple, 64 - kept), 64 - limbBits), isNegative)
        addTo(at + 1, i64x2.shrU(multiple, kept), isNegative)
      }
    }
    addTo(column + 1, i64x2.shrU(sum, limbBits), false)
  }

  const half = f.let(constant(1n << BigInt(limbBits - 1)))
  return columns.slice(limbCount).map((sum, i) => {
    if (i === limbCount - 1) return sum
    addTo(limbCount + i + 1, i64x2.shrU(sum, limbBits), false)
    return i64x2.sub(v128.and(sum, mask), half)
  })
}

function store(f: FunctionBuilder, limbs: readonly Vector[], outs: readonly Local<'i32'>[]): void {
  for (const [i, limb] of limbs.entries()) {
    const vector = f.let(limb)
    for (const [lane, out] of outs.entries()) f.emit(v128.store64Lane(lane, out, LIMB_BYTES * i, vector))
  }
}

/** @returns s where the inverse is 1 + 2^s, or nothing where it is 1. @throws RangeError for any other */
function inverseShift({ inverse }: Modulus): number | undefined {
  if (inverse === 1n) return undefined
  const shift = inverse.toString(2).length - 1
  if (inverse !== 1n + (1n << BigInt(shift))) throw new RangeError('not a prime for shifts')
  return shift
}

/** As few powers of two as make a number, by adding some and taking others away. */
function sumOfPowers(number: bigint): readonly { readonly exponent: number; readonly isNegative: boolean }[] {
  const powers: { exponent: number; isNegative: boolean }[] = []
  for (let [rest, exponent] = [number, 0]; rest > 0n; exponent++) {
    if (rest & 1n) {
      const isNegative = (rest & 3n) === 3n
      powers.push({ exponent, isNegative })
      rest += isNegative ? 1n : -1n
    }
    rest >>= 1n
  }
  return powers
}

function swapLanes(vector: Local<'v128'>): Vector {
  return i8x16.shuffle([8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7], vector, vector)
}

function constant(bits: bigint): Vector {
  const word = BigInt.asIntN(64, bits)
  return v128.const(new Uint8Array(BigInt64Array.of(word, word).buffer))
}

function bitsOf(float: number): bigint {
  return new BigInt64Array(Float64Array.of(float).buffer)[0] ?? 0n
}
