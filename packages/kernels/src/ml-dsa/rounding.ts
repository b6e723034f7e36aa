/** Splitting coefficients into high and low parts, and the hints that carry over what was lost. @spec FIPS 204 §7.4 */

import { type Callable, type Expression, type ModuleBuilder, type Statement, i32, i32x4, v128 } from '../assembler.ts'
import { MODULUS, type Vector, splat } from './modular.ts'
import { forVectors } from './polynomials.ts'

/** By which divisor, γ2, low parts are bounded: ML-DSA-44 has the one, the others the other. */
export type Rounding = 'coarse' | 'fine'

export const GAMMA2: Readonly<Record<Rounding, number>> = { coarse: (MODULUS - 1) / 32, fine: (MODULUS - 1) / 88 }
/** How many high parts there are. */
const HIGH_PARTS: Readonly<Record<Rounding, number>> = { coarse: 16, fine: 44 }
/** Bits that are dropped of t. */
export const DROPPED_BITS = 13

export interface RoundingFunctions {
  /** high, low, and in, whose coefficients are between 0 and q. */
  readonly decompose: Callable<readonly ['i32', 'i32', 'i32'], Statement>
  /** Puts a 1 into `low` where high part and low make another high part, and 0 elsewhere: high, low. Returns how many. */
  readonly makeHint: Callable<readonly ['i32', 'i32'], Expression<'i32'>>
  /** Corrects high parts by low parts where there is a hint: high, low, hints. */
  readonly useHint: Callable<readonly ['i32', 'i32', 'i32'], Statement>
}

/** Splits t, between 0 and q, into what is published and what is dropped: high, low, in. */
export function definePower2Round(module: ModuleBuilder): Callable<readonly ['i32', 'i32', 'i32'], Statement> {
  return module.procedure(['i32', 'i32', 'i32'], (f, high, low, from) => {
    forVectors(f, (at) => {
      const value = f.let(v128.load(i32.add(from, at)))
      const part = f.let(i32x4.shrS(i32x4.add(value, splat(2 ** (DROPPED_BITS - 1) - 1)), DROPPED_BITS))
      f.emit(
        v128.store(i32.add(high, at), 0, part),
        v128.store(i32.add(low, at), 0, i32x4.sub(value, i32x4.shl(part, DROPPED_BITS))),
      )
    })
  })
}

export function defineRounding(module: ModuleBuilder, rounding: Rounding): RoundingFunctions {
  const gamma2 = GAMMA2[rounding]
  const parts = HIGH_PARTS[rounding]
  const lowest = splat(-gamma2)

  /** A division by 2 γ2 as a multiplication, exact for all that is below q. The last part is the first again. */
  const highPart = (value: Vector): Vector => {
    const shifted = i32x4.shrS(i32x4.add(value, splat(127)), 7)
    if (rounding === 'coarse') {
      const part = i32x4.shrS(i32x4.add(i32x4.mul(shifted, splat(1025)), splat(2 ** 21)), 22)
      return v128.and(part, splat(parts - 1))
    }
    const part = i32x4.shrS(i32x4.add(i32x4.mul(shifted, splat(11_275)), splat(2 ** 23)), 24)
    return v128.andnot(part, i32x4.gtS(part, splat(parts - 1)))
  }

  return {
    decompose: module.procedure(['i32', 'i32', 'i32'], (f, high, low, from) => {
      forVectors(f, (at) => {
        const value = f.let(v128.load(i32.add(from, at)))
        const part = f.let(highPart(value))
        const rest = f.let(i32x4.sub(value, i32x4.mul(part, splat(2 * gamma2))))
        const wrapped = v128.and(i32x4.gtS(rest, splat((MODULUS - 1) / 2)), splat(MODULUS))
        f.emit(v128.store(i32.add(high, at), 0, part), v128.store(i32.add(low, at), 0, i32x4.sub(rest, wrapped)))
      })
    }),

    makeHint: module.function(['i32', 'i32'], 'i32', (f, high, low) => {
      const sums = f.local('v128')
      forVectors(f, (at) => {
        const [part, rest] = [f.let(v128.load(i32.add(high, at))), f.let(v128.load(i32.add(low, at)))]
        const outside = v128.or(i32x4.gtS(rest, splat(gamma2)), i32x4.gtS(lowest, rest))
        const atEdge = v128.andnot(i32x4.eq(rest, lowest), i32x4.eq(part, splat(0)))
        const hint = f.let(v128.and(v128.or(outside, atEdge), splat(1)))
        f.emit(v128.store(i32.add(low, at), 0, hint))
        f.set(sums, i32x4.add(sums, hint))
      })
      return [1, 2, 3].reduce<Expression<'i32'>>(
        (sum, lane) => i32.add(sum, i32x4.extractLane(lane, sums)),
        i32x4.extractLane(0, sums),
      )
    }),

    useHint: module.procedure(['i32', 'i32', 'i32'], (f, high, low, hints) => {
      forVectors(f, (at) => {
        const [part, rest] = [f.let(v128.load(i32.add(high, at))), f.let(v128.load(i32.add(low, at)))]
        // One up where the low part is positive, else one down, in a circle.
        const step = i32x4.sub(v128.and(i32x4.gtS(rest, splat(0)), splat(2)), splat(1))
        const moved = f.let(i32x4.add(part, i32x4.mul(step, v128.load(i32.add(hints, at)))))
        const below = v128.and(i32x4.shrS(moved, 31), splat(parts))
        const above = v128.and(i32x4.gtS(moved, splat(parts - 1)), splat(parts))
        f.emit(v128.store(i32.add(high, at), 0, i32x4.sub(i32x4.add(moved, below), above)))
      })
    }),
  }
}
