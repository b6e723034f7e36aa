/** Field elements as 32 bytes, and points as a coordinate and a sign. @spec RFC 8032 §5.1.2, §5.1.3 */

import { type Callable, type Expression, type ModuleBuilder, type Statement, i32, i64 } from '../assembler.ts'
import { type FieldFunctions, add, encodeElement, limbBits, limbOffset, load, pick, store, subtract } from './field.ts'
import { D, ENCODED, LIMBS, ONE, POINT, ROOT_OF_MINUS_ONE, TEMPORARY } from './layout.ts'
import type { PowerFunctions } from './powers.ts'

const SIGN = 1n << 63n
const WORDS = 4
const WORD_BITS = 64

export interface EncodingFunctions {
  /** Whether an element is zero. */
  readonly isZero: Callable<readonly ['i32'], Expression<'i32'>>
  /** Writes a point, at the first address, in 32 bytes at the second. */
  readonly encodePoint: Callable<readonly ['i32', 'i32'], Statement>
  /**
   * Reads a point, to the first address, from 32 bytes at the second: whether they are one. In variable time.
   *
   * A y that is not reduced is none, nor is a zero x with a sign.
   */
  readonly decodePoint: Callable<readonly ['i32', 'i32'], Expression<'i32'>>
}

export function defineEncoding(
  module: ModuleBuilder,
  { multiply, square }: FieldFunctions,
  { invert, raise }: PowerFunctions,
): EncodingFunctions {
  const [t0, t1, t2, t3] = TEMPORARY as readonly [number, number, number, number]

  /** Out: 32 bytes. The element has the limbs of a product, or of the difference of two. */
  const pack = module.procedure(['i32', 'i32'], (f, out, a) => {
    const element = load(f, a)
    // How often the prime goes into it, which rounds down to -1, 0 or 1.
    const times = f.let(i64.shrS(i64.add(i64.mul(pick(element, LIMBS - 1), 19n), 1n << 24n), 25n))
    for (const [i, value] of element.entries()) f.set(times, i64.shrS(i64.add(value, times), limbBits(i)))
    f.set(pick(element, 0), i64.add(pick(element, 0), i64.mul(times, 19n)))
    for (const [i, value] of element.entries()) {
      const over = f.let(i64.shrS(value, limbBits(i)))
      f.set(value, i64.sub(value, i64.shl(over, limbBits(i))))
      // What the last one carries is 2^255 times what was taken away.
      if (i + 1 < LIMBS) f.set(pick(element, i + 1), i64.add(pick(element, i + 1), over))
    }
    for (let word = 0; word < WORDS; word++) {
      const parts = element.flatMap((value, i) => {
        const shift = limbOffset(i) - WORD_BITS * word
        if (shift >= WORD_BITS || shift <= -26) return []
        return [shift >= 0 ? i64.shl(value, BigInt(shift)) : i64.shrU(value, BigInt(-shift))]
      })
      f.emit(
        i64.store(
          out,
          8 * word,
          parts.reduce((whole, part) => i64.or(whole, part)),
        ),
      )
    }
  })

  const unpack = module.procedure(['i32', 'i32'], (f, out, bytes) => {
    for (let i = 0; i < LIMBS; i++) {
      const offset = limbOffset(i)
      const shifted = i64.shrU(i64.load(bytes, Math.floor(offset / 8)), BigInt(offset % 8))
      f.emit(i64.store(out, 8 * i, i64.and(shifted, (1n << limbBits(i)) - 1n)))
    }
  })

  const isZero = module.function(['i32'], 'i32', (f, a) => {
    f.emit(pack.call(ENCODED, a))
    const words = Array.from({ length: WORDS }, (_, word) => i64.load(ENCODED, 8 * word))
    return i64.eqz(words.reduce((all, word) => i64.or(all, word)))
  })

  const encodePoint = module.procedure(['i32', 'i32'], (f, point, out) => {
    f.emit(
      invert.call(t3, i32.add(point, POINT.z)),
      multiply.call(t2, i32.add(point, POINT.x), t3),
      pack.call(ENCODED, t2),
    )
    const sign = f.let(i64.shl(i64.load(ENCODED), 63n))
    f.emit(
      multiply.call(t2, i32.add(point, POINT.y), t3),
      pack.call(out, t2),
      i64.store(out, 24, i64.or(i64.load(out, 24), sign)),
    )
  })

  const decodePoint = module.function(['i32', 'i32'], 'i32', (f, point, bytes) => {
    const [x, y] = [f.let(i32.add(point, POINT.x)), f.let(i32.add(point, POINT.y))]
    const sign = f.let(i64.and(i64.load(bytes, 24), SIGN))
    const isPoint = f.let(i32.const(1))
    f.emit(unpack.call(y, bytes), pack.call(ENCODED, y))
    for (let word = 0; word < WORDS; word++) {
      const given = word === WORDS - 1 ? i64.xor(i64.load(bytes, 24), sign) : i64.load(bytes, 8 * word)
      f.set(isPoint, i32.and(isPoint, i64.eq(i64.load(ENCODED, 8 * word), given)))
    }
    // x^2 = u/v with u = y^2 - 1 and v = d y^2 + 1; the root is u v^3 (u v^7)^((p - 5)/8), or that times a root of -1.
    f.emit(square.call(t0, y, 1), multiply.call(t1, t0, D))
    subtract(f, t0, t0, ONE)
    add(f, t1, t1, ONE)
    f.emit(
      square.call(t2, t1, 1),
      multiply.call(t2, t2, t1),
      square.call(x, t2, 1),
      multiply.call(x, x, t1),
      multiply.call(x, x, t0),
      raise.call(x, x),
      multiply.call(x, x, t2),
      multiply.call(x, x, t0),
      square.call(t2, x, 1),
      multiply.call(t2, t2, t1),
    )
    subtract(f, t3, t2, t0)
    f.if(i32.eqz(isZero.call(t3)), () => {
      add(f, t3, t2, t0)
      f.if(
        isZero.call(t3),
        () => f.emit(multiply.call(x, x, ROOT_OF_MINUS_ONE)),
        () => f.set(isPoint, 0),
      )
    })
    f.if(
      isZero.call(x),
      () => f.set(isPoint, i32.and(isPoint, i64.eqz(sign))),
      () => {
        // `isZero` left x as bytes.
        f.if(i64.ne(i64.shl(i64.load(ENCODED), 63n), sign), () => {
          for (let i = 0; i < LIMBS; i++) f.emit(i64.store(x, 8 * i, i64.sub(0n, i64.load(x, 8 * i))))
        })
      },
    )
    store(f, i32.add(point, POINT.z), load(f, ONE))
    store(f, i32.add(point, POINT.e), load(f, x))
    store(f, i32.add(point, POINT.h), load(f, y))
    return isPoint
  })
  return { isZero, encodePoint, decodePoint }
}

export const MODULUS: bigint = 2n ** 255n - 19n
/** The curve's constant, -121665/121666. */
export const CURVE_D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n
export const BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202n
export const BASE_Y = 46316835694926478169428394003475163141307993866256225615783033603165251855960n

/** @returns the bytes of an affine point in memory */
export function encodeAffine(x: bigint, y: bigint): number[] {
  return [x, y, 1n, x, y].flatMap(encodeElement)
}
