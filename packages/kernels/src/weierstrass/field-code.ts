/**
 * Writes formulas over numbers that stand at fixed addresses, and watches that no sum of products can overflow.
 *
 * Sums and differences are made limb by limb and carry nothing. How large limbs may have grown is known here, as a
 * multiple of a balanced digit, for each number; where a product would not have room, a factor is settled first.
 */

import { type FunctionBuilder, i32, i64 } from '../assembler.ts'
import { LIMB_BYTES } from './modulus.ts'
import { type Products, pick, settle, storeLimbs } from './products.ts'

/** The address of a number. */
export type Slot = number
/** A number, and how often it is taken. */
type Term = readonly [times: number, slot: Slot]

type Product = readonly [out: Slot, a: Slot, b: Slot]
type ProductSum = readonly [out: Slot, a: Slot, b: Slot, c: Slot, d: Slot]

export class FieldCode {
  readonly #f: FunctionBuilder
  readonly #products: Products
  /** What is not here is settled. */
  readonly #growth = new Map<Slot, number>()

  constructor(f: FunctionBuilder, products: Products) {
    this.#f = f
    this.#products = products
  }

  multiply(out: Slot, a: Slot, b: Slot): void {
    if (a === b) return this.square(out, a)
    this.#makeRoom([[a, b]])
    this.#f.emit(this.#products.multiply.call(out, a, b))
    this.#growth.delete(out)
  }

  square(out: Slot, a: Slot): void {
    this.#makeRoom([[a, a]], this.#products.room.square)
    this.#f.emit(this.#products.square.call(out, a))
    this.#growth.delete(out)
  }

  /** out = a b + c d */
  multiplySum(out: Slot, a: Slot, b: Slot, c: Slot, d: Slot): void {
    this.#makeRoom([
      [a, b],
      [c, d],
    ])
    this.#f.emit(this.#products.multiplySum.call(out, a, b, c, d))
    this.#growth.delete(out)
  }

  /** Two products, of which neither is a factor of the other. */
  multiplyBoth(first: Product, second: Product): void {
    const { both } = this.#products
    if (both === undefined) {
      assertApart(first[0], second.slice(1))
      this.multiply(...first)
      this.multiply(...second)
      return
    }
    const areSquares = first[1] === first[2] && second[1] === second[2]
    for (const [, a, b] of [first, second])
      this.#makeRoom([[a, b]], areSquares ? this.#products.room.square : undefined)
    this.#f.emit(
      areSquares ? both.square.call(first[0], first[1], second[0], second[1]) : both.multiply.call(...first, ...second),
    )
    for (const [out] of [first, second]) this.#growth.delete(out)
  }

  /** Two sums of products, of which neither is a factor of the other. */
  multiplySumBoth(first: ProductSum, second: ProductSum): void {
    const { both } = this.#products
    if (both === undefined) {
      assertApart(first[0], second.slice(1))
      this.multiplySum(...first)
      this.multiplySum(...second)
      return
    }
    for (const [, a, b, c, d] of [first, second]) {
      this.#makeRoom([
        [a, b],
        [c, d],
      ])
    }
    this.#f.emit(both.multiplySum.call(...first, ...second))
    for (const [out] of [first, second]) this.#growth.delete(out)
  }

  /** out = the sum of the terms, limb by limb */
  combine(out: Slot, ...terms: readonly Term[]): void {
    const { limbCount } = this.#products.modulus
    for (let i = 0; i < limbCount; i++) this.#f.emit(i64.store(i32.const(out), LIMB_BYTES * i, sumOf(terms, i)))
    this.#growth.set(out, this.#growthOf(terms))
  }

  /** out = the sum of the terms, settled */
  combineSettled(out: Slot, ...terms: readonly Term[]): void {
    const { modulus } = this.#products
    const limbs = Array.from({ length: modulus.limbCount }, (_, i) => this.#f.let(sumOf(terms, i)))
    storeLimbs(this.#f, i32.const(out), settle(this.#f, modulus, limbs))
    this.#growth.delete(out)
  }

  /** @throws RangeError when a number that others are to read as settled is not */
  expectSettled(...slots: readonly Slot[]): void {
    if (slots.some((slot) => this.#growth.has(slot))) throw new RangeError('a number is not settled')
  }

  #makeRoom(products: readonly (readonly [Slot, Slot])[], room = this.#products.room.sum): void {
    const needed = () => products.reduce((sum, [a, b]) => sum + this.#of(a) * this.#of(b), 0)
    const { factor } = this.#products.room
    for (const slot of products.flat()) if (this.#of(slot) > factor) this.combineSettled(slot, [1, slot])
    while (needed() > room) {
      const largest = products.flat().reduce((most, slot) => (this.#of(slot) > this.#of(most) ? slot : most))
      this.combineSettled(largest, [1, largest])
    }
  }

  #of(slot: Slot): number {
    return this.#growth.get(slot) ?? 1
  }

  #growthOf(terms: readonly Term[]): number {
    return terms.reduce((sum, [times, slot]) => sum + Math.abs(times) * this.#of(slot), 0)
  }
}

function assertApart(out: Slot, factors: readonly Slot[]): void {
  if (factors.includes(out)) throw new RangeError('the second product would see the first')
}

function sumOf(terms: readonly Term[], limb: number) {
  const load = (slot: Slot) => i64.load(i32.const(slot), LIMB_BYTES * limb)
  const scaled = ([times, slot]: Term) => {
    const size = Math.abs(times)
    if (size === 1) return load(slot)
    const shift = Math.log2(size)
    return Number.isInteger(shift) ? i64.shl(load(slot), BigInt(shift)) : i64.mul(load(slot), BigInt(size))
  }
  // A positive term to begin with, so that the others are added to it or taken away.
  const sorted = terms.toSorted(([a], [b]) => b - a)
  const first = pick(sorted, 0)
  const begin = first[0] < 0 ? i64.sub(0n, scaled(first)) : scaled(first)
  return sorted
    .slice(1)
    .reduce((sum, term) => (term[0] < 0 ? i64.sub(sum, scaled(term)) : i64.add(sum, scaled(term))), begin)
}
