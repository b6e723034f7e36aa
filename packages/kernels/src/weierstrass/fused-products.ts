/**
 * Montgomery's product on fused multiply-add: two products at a time, one in each lane, of limbs of 44 to 49 bits.
 *
 * Factors become 64-bit floats. A product of two limbs, added to 1.5 * 2^(52 + limbBits) and rounded once, leaves its
 * upper half in the low bits of the float's mantissa; taken away again, so that 1.5 * 2^52 is left, the same product
 * gives its lower half there, which may be negative. Both are added up as 64-bit integers, the constants' bits with them.
 * Those are known, and are what a column begins below zero with.
 *
 * Columns are held above zero by a multiple of 2^limbBits, since only unsigned shifts are quick on vectors.
 *
 * @spec Emmart, Zheng, Weems 2018, "Faster Modular Exponentiation Using Double Precision Floating Point Arithmetic on the GPU"
 */

import { type FunctionBuilder, type Local, type ModuleBuilder, f64x2, i64x2, v128 } from '../assembler.ts'
import { createFoldingReduction } from './folding-reduction.ts'
import {
  LOWER_BITS,
  type Reduction,
  type Vector,
  bitsOf,
  constant,
  productAdder,
  swapLanes,
  upperOf,
} from './fused-vectors.ts'
import { LIMB_BYTES, type Modulus } from './modulus.ts'
import { type Products, pick } from './products.ts'
import { createShiftReduction } from './shift-reduction.ts'

/** The limbs of two numbers, side by side. */
type Limbs = readonly Local<'v128'>[]

export function defineFusedProducts(module: ModuleBuilder, modulus: Modulus): Products {
  const { liftOf, reduce } = modulus.isFolded ? createFoldingReduction(modulus) : createShiftReduction(modulus)
  const load = (f: FunctionBuilder, first: Local<'i32'>, second: Local<'i32'>) => loadFloats(f, modulus, first, second)
  const multiplyBoth = module.procedure(['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, out1, a1, b1, out2, a2, b2) => {
    const columns = addProducts(f, modulus, liftOf, [productsOf(load(f, a1, a2), load(f, b1, b2))])
    store(f, reduce(f, columns), [out1, out2])
  })
  const squareBoth = module.procedure(['i32', 'i32', 'i32', 'i32'], (f, out1, a1, out2, a2) => {
    const columns = addProducts(f, modulus, liftOf, [squaresOf(f, load(f, a1, a2))])
    store(f, reduce(f, columns), [out1, out2])
  })
  const multiplySumBoth = module.procedure(
    ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    (f, out1, a1, b1, c1, d1, out2, a2, b2, c2, d2) => {
      const products = [productsOf(load(f, a1, a2), load(f, b1, b2)), productsOf(load(f, c1, c2), load(f, d1, d2))]
      store(f, reduce(f, addProducts(f, modulus, liftOf, products)), [out1, out2])
    },
  )
  const multiply = module.procedure(['i32', 'i32', 'i32'], (f, out, a, b) => {
    const columns = addProducts(f, modulus, liftOf, [productsOf(load(f, a, a), load(f, b, b))])
    store(f, reduce(f, columns), [out])
  })
  const square = module.procedure(['i32', 'i32'], (f, out, a) => {
    store(f, reduce(f, addProducts(f, modulus, liftOf, [squaresOf(f, load(f, a, a))])), [out])
  })
  /** One product in each lane, which are added before they are reduced. */
  const multiplySum = module.procedure(['i32', 'i32', 'i32', 'i32', 'i32'], (f, out, a, b, c, d) => {
    const columns = addProducts(f, modulus, liftOf, [productsOf(load(f, a, c), load(f, b, d))], true)
    store(f, reduce(f, columns), [out])
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
  liftOf: Reduction['liftOf'],
  sums: readonly ProductsIn[],
  areLanesOne = false,
): Local<'v128'>[] {
  const addProduct = productAdder(f, limbBits)
  const lanes = areLanesOne ? 2n : 1n
  const productsIn: ProductsIn = (column) => sums.flatMap((products) => products(column))
  const columns = Array.from({ length: 2 * limbCount }, (_, column) => {
    const [lowers, uppers] = [column, column - 1].map((from) => BigInt(productsIn(from).length) * lanes) as [
      bigint,
      bigint,
    ]
    const known = lowers * LOWER_BITS + uppers * bitsOf(upperOf(limbBits))
    // Half of it in each lane that is added to the other.
    return f.let(constant((liftOf(column) - known) / lanes))
  })
  for (let column = 0; column < 2 * limbCount - 1; column++) {
    for (const [a, b] of productsIn(column)) addProduct(a, b, pick(columns, column), pick(columns, column + 1))
  }
  if (areLanesOne) for (const column of columns) f.set(column, i64x2.add(column, swapLanes(column)))
  return columns
}

function store(f: FunctionBuilder, limbs: readonly Vector[], outs: readonly Local<'i32'>[]): void {
  for (const [i, limb] of limbs.entries()) {
    const vector = f.let(limb)
    for (const [lane, out] of outs.entries()) f.emit(v128.store64Lane(lane, out, LIMB_BYTES * i, vector))
  }
}
