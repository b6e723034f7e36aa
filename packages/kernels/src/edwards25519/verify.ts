/**
 * The equation of a signature, with the cofactor: 8 S B = 8 R + 8 k A. All of it is public, and takes as long as it does.
 *
 * @spec FIPS 186-5 §7.7.2, RFC 8032 §5.1.7
 */

import { type Callable, type Expression, type Local, type ModuleBuilder, i32 } from '../assembler.ts'
import type { EncodingFunctions } from './encoding.ts'
import type { FillOdd } from './fixed-base.ts'
import {
  BASE_ODD,
  COMMITMENT,
  DIGITS,
  ENCODED_COMMITMENT,
  FACTOR,
  FOUND,
  KEY,
  KEY_DIGITS,
  KEY_ODD,
  KEY_WINDOW_BITS,
  RESULT,
  SLIDING_DIGITS,
  SUMMAND_BYTES,
} from './layout.ts'
import { type PointFunctions, copyPoint, setNeutral } from './points.ts'

/** 8 is 2 to this power. */
const COFACTOR_DOUBLINGS = 3

/**
 * Whether the public key in `FACTOR` and the commitment in `ENCODED_COMMITMENT` are points, the key is of no small
 * order, and the equation holds with the sliding digits of S and k.
 */
export function defineVerify(
  module: ModuleBuilder,
  points: PointFunctions,
  { decodePoint }: EncodingFunctions,
  fillOdd: FillOdd,
): Callable<readonly [], Expression<'i32'>> {
  return module.function([], 'i32', (f) => {
    const isValid = f.local('i32')
    f.block((end) => {
      f.branchIf(i32.eqz(decodePoint.call(KEY, FACTOR)), end)
      f.branchIf(i32.eqz(decodePoint.call(COMMITMENT, ENCODED_COMMITMENT)), end)
      copyPoint(f, RESULT, KEY)
      f.emit(fillOdd.call(KEY_ODD, 2 ** (KEY_WINDOW_BITS - 2)))
      f.branchIf(points.isNeutral.call(KEY, COFACTOR_DOUBLINGS), end)

      setNeutral(f, RESULT)
      const bit = f.let(i32.const(SLIDING_DIGITS))
      const digit = f.local('i32')
      /** Half of an odd digit, rounded down, is where its multiple stands. */
      const entryOf = (table: number, size: Local<'i32'>) => i32.add(i32.mul(i32.shrU(size, 1), SUMMAND_BYTES), table)
      const apply = (digits: number, table: number, isTaken: boolean): void => {
        f.set(digit, i32.load8S(bit, digits))
        f.if(digit, () => {
          f.if(
            i32.ltS(digit, 0),
            () => {
              f.set(digit, i32.sub(0, digit))
              f.emit(points[isTaken ? 'add' : 'subtract'].call(RESULT, entryOf(table, digit)))
            },
            () => f.emit(points[isTaken ? 'subtract' : 'add'].call(RESULT, entryOf(table, digit))),
          )
        })
      }
      f.loop((start) => {
        f.set(bit, i32.sub(bit, 1))
        f.emit(points.double.call(RESULT))
        apply(DIGITS, BASE_ODD, false)
        apply(KEY_DIGITS, KEY_ODD, true)
        f.branchIf(bit, start)
      })
      f.emit(points.prepare.call(FOUND, COMMITMENT), points.subtract.call(RESULT, FOUND))
      f.set(isValid, points.isNeutral.call(RESULT, COFACTOR_DOUBLINGS))
    })
    return isValid
  })
}
