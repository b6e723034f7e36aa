/**
 * Inverses by divsteps: as many steps for any number, each of the same instructions.
 *
 * As many steps as a limb has bits are taken on the low bits alone, which gives a matrix; that is applied to f and g, the
 * modulus and the number at first, and to d and e, which tell them as multiples of the number. The division by
 * 2^limbBits that comes with it is exact for f and g, and Montgomery's modulo the modulus for d and e. In the end g is
 * zero, f is 1 or -1, and d or its negative is the inverse.
 *
 * @spec Bernstein, Yang 2019, "Fast constant-time gcd computation and modular inversion", theorem 11.2
 * @spec Wuille 2021, "Bounds on divsteps iterations in safegcd" (590 for 256 bits)
 */

import {
  type Callable,
  type FunctionBuilder,
  type Local,
  type ModuleBuilder,
  type Statement,
  i32,
  i64,
} from '../assembler.ts'
import { LIMB_BYTES, type Modulus } from './modulus.ts'
import { loadLimbs, pick, settle, storeLimbs } from './products.ts'

export type Invert = Callable<readonly ['i32', 'i32'], Statement>

/** Where the inversion keeps its numbers, each as long as the modulus. */
export interface InverseSlots {
  readonly f: number
  readonly g: number
  readonly d: number
  readonly e: number
}

/** Below these bits of u, or q, stand in one word those of v, or r. */
const PACKED = 32n

/** out = the inverse of x, from 0 to the modulus less 1, or 0 for 0. Neither is in Montgomery's form. */
export function defineInvert(module: ModuleBuilder, modulus: Modulus, slots: InverseSlots): Invert {
  const { limbBits, limbCount, bits } = modulus
  const isHalf = bits <= HALF_DELTA.bits
  const batches = Math.ceil((isHalf ? HALF_DELTA.steps : countDivsteps(bits)) / limbBits)
  const applyToNumbers = defineApply(module, modulus, slots.f, slots.g, false)
  const applyToMultiples = defineApply(module, modulus, slots.d, slots.e, true)

  return module.procedure(['i32', 'i32'], (f, out, x) => {
    for (let i = 0; i < limbCount; i++) {
      const offset = LIMB_BYTES * i
      f.emit(
        i64.store(slots.f, offset, pick(modulus.digits, i)),
        i64.store(slots.g, offset, i64.load(x, offset)),
        i64.store(slots.d, offset, 0n),
        i64.store(slots.e, offset, i === 0 ? 1n : 0n),
      )
    }
    const [zeta, batch] = [f.let(i64.const(-1n)), f.local('i32')]
    f.while(i32.ltU(batch, batches), () => {
      const [upper, lower] = stepsOnLowBits(f, modulus, slots, zeta, isHalf)
      const v = f.let(i64.shrS(i64.shl(upper, PACKED), PACKED))
      const r = f.let(i64.shrS(i64.shl(lower, PACKED), PACKED))
      const u = f.let(i64.shrS(i64.sub(upper, v), PACKED))
      const q = f.let(i64.shrS(i64.sub(lower, r), PACKED))
      f.emit(applyToNumbers.call(u, v, q, r), applyToMultiples.call(u, v, q, r))
      f.set(batch, i32.add(batch, 1))
    })
    // Of f, all limbs but the highest are positive.
    const sign = f.let(i64.shrS(i64.load(slots.f, LIMB_BYTES * (limbCount - 1)), 63n))
    const limbs = loadLimbs(f, modulus, f.let(i32.const(slots.d)))
    const signed = limbs.map((limb) => f.let(i64.sub(i64.xor(limb, sign), sign)))
    storeLimbs(f, out, settle(f, modulus, signed))
  })
}

/** A delta that begins at a half needs fewer steps than one that begins at one. */
const HALF_DELTA = { bits: 256, steps: 590 }

/** @param bits of the modulus, at least 46; the number is no longer */
function countDivsteps(bits: number): number {
  return Math.floor((49 * bits + 57) / 17)
}

/**
 * @param zeta the negative of delta, less a half where that has halves: so it is negative where delta is positive
 * @returns the matrix's rows, each as one word: u 2^32 + v, which makes f, and q 2^32 + r, which makes g
 */
function stepsOnLowBits(
  f: FunctionBuilder,
  { limbBits }: Modulus,
  slots: InverseSlots,
  zeta: Local<'i64'>,
  isHalf: boolean,
) {
  const lowBits = (slot: number) => i64.add(i64.load(slot), i64.shl(i64.load(slot, LIMB_BYTES), BigInt(limbBits)))
  const [low, other] = [f.let(lowBits(slots.f)), f.let(lowBits(slots.g))]
  const [upper, lower] = [f.let(i64.const(1n << PACKED)), f.let(i64.const(1n))]
  const [step, odd, swap] = [f.local('i32'), f.local('i64'), f.local('i64')]
  f.set(step, 0)
  f.while(i32.ltU(step, limbBits), () => {
    // Of an odd g, f is taken away where delta is positive, and added elsewhere; in the first case g becomes f.
    f.set(odd, i64.sub(0n, i64.and(other, 1n)))
    f.set(swap, i64.shrS(zeta, 63n))
    const signed = (word: typeof low) => i64.and(i64.sub(i64.xor(word, swap), swap), odd)
    f.set(other, i64.add(other, signed(low)))
    f.set(lower, i64.add(lower, signed(upper)))
    f.set(swap, i64.and(swap, odd))
    f.set(low, i64.add(low, i64.and(other, swap)))
    f.set(upper, i64.shl(i64.add(upper, i64.and(lower, swap)), 1n))
    f.set(other, i64.shrS(other, 1n))
    // Delta becomes one more than it was, or than its negative was.
    const less = isHalf ? -1n : i64.xor(swap, -1n)
    f.set(zeta, i64.add(i64.xor(zeta, swap), less))
    f.set(step, i32.add(step, 1))
  })
  return [upper, lower] as const
}

/** (a, b) = (u a + v b, q a + r b) / 2^limbBits, either exactly or modulo the modulus. */
function defineApply(
  module: ModuleBuilder,
  modulus: Modulus,
  a: number,
  b: number,
  isModular: boolean,
): Callable<readonly ['i64', 'i64', 'i64', 'i64'], Statement> {
  const { limbBits, limbCount, digits, inverse } = modulus
  const [width, mask] = [BigInt(limbBits), (1n << BigInt(limbBits)) - 1n]
  return module.procedure(['i64', 'i64', 'i64', 'i64'], (f, u, v, q, r) => {
    const rows = [
      { slot: a, x: u, y: v, carry: f.local('i64'), multiple: f.local('i64') },
      { slot: b, x: q, y: r, carry: f.local('i64'), multiple: f.local('i64') },
    ]
    for (let i = 0; i < limbCount; i++) {
      const [as, bs] = [f.let(i64.load(a, LIMB_BYTES * i)), f.let(i64.load(b, LIMB_BYTES * i))]
      for (const { slot, x, y, carry, multiple } of rows) {
        const sum = f.let(i64.add(i64.add(i64.mul(x, as), i64.mul(y, bs)), carry))
        if (isModular) {
          if (i === 0) f.set(multiple, i64.and(i64.mul(sum, inverse), mask))
          f.set(sum, i64.add(sum, i64.mul(multiple, pick(digits, i))))
        }
        if (i > 0) f.emit(i64.store(slot, LIMB_BYTES * (i - 1), i64.and(sum, mask)))
        f.set(carry, i64.shrS(sum, width))
      }
    }
    for (const { slot, carry } of rows) f.emit(i64.store(slot, LIMB_BYTES * (limbCount - 1), carry))
  })
}
