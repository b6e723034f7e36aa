/**
 * Montgomery's reduction by shifts: the prime is a sum of a few powers of two, and so is its inverse.
 */

import { type FunctionBuilder, type Local, i64x2, v128 } from '../assembler.ts'
import { LIFT, LIFT_BITS, type Reduction, type Vector, constant } from './fused-vectors.ts'
import type { Modulus } from './modulus.ts'
import { pick } from './products.ts'

export function createShiftReduction(modulus: Modulus): Reduction {
  return {
    liftOf: (column) => liftOf(modulus, column),
    reduce: (f, columns) => reduce(f, modulus, columns),
  }
}

function liftOf({ limbBits, limbCount }: Modulus, column: number): bigint {
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
