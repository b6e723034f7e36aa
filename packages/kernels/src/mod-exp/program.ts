/** The kernel's module, for one arithmetic. */

import { type Callable, ModuleBuilder, type Statement, i32, i32x4, i64, v128 } from '../assembler.ts'
import {
  BYTES,
  BYTES_LENGTH,
  FACTOR,
  INVERSE,
  LIMBS_LENGTH,
  MODULUS,
  MOST_WINDOWS,
  ONE,
  PAGES,
  POWERS,
  RESULT,
  SECRETS_END,
  SLOT_BYTES,
  SQUARE,
  TABLE,
  WINDOWS,
  WINDOW_BITS,
} from './layout.ts'
import { type Arithmetic, type OnNumber, defineLimbFunctions, lanesOf } from './limbs.ts'

/** What the module exports. Each lane has its own of everything. */
export interface ModExpExports {
  readonly memory: { readonly buffer: ArrayBuffer }
  /** Takes the moduli out of `BYTES`. @param limbsLength in bytes */
  takeModuli(limbsLength: number): void
  /**
   * Computes `SQUARE` from a power of two in `BYTES`, below the modulus.
   *
   * @param doublings as many as make R of that power @param bits how many R has
   */
  computeSquare(doublings: number, bits: number): void
  /** Raises `BYTES` to the power of as many `WINDOWS`. */
  power(windows: number): void
  /** Raises `BYTES` to a power that anyone may know. @param exponent odd, above 1, unsigned */
  powerPublic(exponent: bigint): void
  /** Overwrites all but the number one. */
  zeroize(): void
}

const VECTOR_BYTES = 16
const VECTORS_IN_GROUP = 4
/** Each step doubles how many low bits of the inverse are right, from three on. */
const NEWTON_STEPS = 5
/** R has at most so many bits, as a number. */
const MOST_BITS_OF_BITS = 13

export function assembleModExp(arithmetic: Arithmetic): Uint8Array {
  const module = new ModuleBuilder({ pages: PAGES })
  module.data(ONE, arithmetic.encodeOne())
  const lanes = lanesOf(arithmetic)
  const { multiply, square, narrow, prepareMultiple } = arithmetic.defineProducts(module)
  const { reduce, double, unpack, pack } = defineLimbFunctions(module, arithmetic)
  const select = defineSelect(module)
  const windowsOfUpperHalf = WINDOWS + (lanes.length - 1) * MOST_WINDOWS
  const inLanes = (operation: OnNumber, number: number): Statement[] =>
    lanes.map((lane) => operation.call(number, lane))

  const finish = module.procedure([], (f) => {
    f.fill(BYTES, 0, SECRETS_END - BYTES)
    f.emit(...inLanes(reduce, RESULT), ...inLanes(pack, RESULT))
  })

  module.export(
    'takeModuli',
    module.procedure(['i32'], (f, limbsLength) => {
      f.emit(i32.store(LIMBS_LENGTH, 0, limbsLength), ...inLanes(unpack, MODULUS))
      for (const [i, lane] of lanes.entries()) {
        const low = f.let(i64.load(BYTES + i * BYTES_LENGTH))
        // An odd number is its own inverse modulo 8.
        const inverse = f.let(low)
        for (let k = 0; k < NEWTON_STEPS; k++) f.set(inverse, i64.mul(inverse, i64.sub(2n, i64.mul(low, inverse))))
        f.emit(arithmetic.storeInverse(INVERSE + lane, i64.sub(0n, inverse)))
      }
      if (prepareMultiple !== undefined) f.emit(prepareMultiple)
    }),
  )
  // R modulo the modulus by doubling, and 2 to the power of R's bits in Montgomery form by squaring and doubling: no
  // division, whose time would tell of the modulus.
  module.export(
    'computeSquare',
    module.procedure(['i32', 'i32'], (f, doublings, bits) => {
      f.emit(...inLanes(unpack, SQUARE))
      f.while(doublings, () => {
        f.emit(...inLanes(double, SQUARE))
        f.set(doublings, i32.sub(doublings, 1))
      })
      const bit = f.let(i32.const(1 << (MOST_BITS_OF_BITS - 1)))
      f.while(bit, () => {
        f.emit(narrow.call(SQUARE, SQUARE, SQUARE), ...inLanes(reduce, SQUARE))
        f.if(i32.and(bits, bit), () => f.emit(...inLanes(double, SQUARE)))
        f.set(bit, i32.shrU(bit, 1))
      })
    }),
  )
  module.export(
    'power',
    module.procedure(['i32'], (f, windows) => {
      f.emit(
        ...inLanes(unpack, RESULT),
        multiply.call(TABLE + SLOT_BYTES, RESULT, SQUARE),
        multiply.call(TABLE, ONE, SQUARE),
        multiply.call(RESULT, ONE, SQUARE),
      )
      const entry = f.let(i32.const(TABLE + 2 * SLOT_BYTES))
      f.while(i32.ltU(entry, TABLE + POWERS * SLOT_BYTES), () => {
        f.emit(multiply.call(entry, i32.sub(entry, SLOT_BYTES), TABLE + SLOT_BYTES))
        f.set(entry, i32.add(entry, SLOT_BYTES))
      })
      const i = f.local('i32')
      f.while(i32.ltU(i, windows), () => {
        for (let k = 0; k < WINDOW_BITS; k++) f.emit(square.call(RESULT, RESULT))
        f.emit(
          select.call(i32.load8U(i, WINDOWS), i32.load8U(i, windowsOfUpperHalf)),
          multiply.call(RESULT, RESULT, FACTOR),
        )
        f.set(i, i32.add(i, 1))
      })
      f.emit(narrow.call(RESULT, RESULT, ONE), finish.call())
    }),
  )
  module.export(
    'powerPublic',
    module.procedure(['i64'], (f, exponent) => {
      f.emit(...inLanes(unpack, FACTOR), multiply.call(TABLE, FACTOR, SQUARE), multiply.call(RESULT, FACTOR, SQUARE))
      const bit = f.let(i64.const(1n << 63n))
      f.while(i64.eqz(i64.and(exponent, bit)), () => f.set(bit, i64.shrU(bit, 1n)))
      f.set(bit, i64.shrU(bit, 1n))
      f.while(i64.gtU(bit, 1n), () => {
        f.emit(square.call(RESULT, RESULT))
        f.if(i32.eqz(i64.eqz(i64.and(exponent, bit))), () => f.emit(multiply.call(RESULT, RESULT, TABLE)))
        f.set(bit, i64.shrU(bit, 1n))
      })
      // The lowest bit is set. By the base as it came, instead of its Montgomery form, the result leaves that form.
      f.emit(square.call(RESULT, RESULT), narrow.call(RESULT, RESULT, FACTOR), finish.call())
    }),
  )
  module.export(
    'zeroize',
    module.procedure([], (f) => f.fill(MODULUS, 0, SECRETS_END - MODULUS)),
  )
  return module.encode()
}

/** Copies a power, for either half of the vectors, out of the table to `FACTOR`. Every entry is read, whichever is wanted. */
function defineSelect(module: ModuleBuilder): Callable<readonly ['i32', 'i32'], Statement> {
  return module.procedure(['i32', 'i32'], (f, window, ofUpperHalf) => {
    const wanted = f.let(i32x4.splat(window))
    for (const i of [2, 3]) f.set(wanted, i32x4.replaceLane(i, wanted, ofUpperHalf))
    const end = f.let(i32.load(LIMBS_LENGTH))
    const at = f.local('i32')
    const [index, mask] = [f.local('v128'), f.local('v128')]
    const one = f.let(i32x4.splat(1))
    const found = f.locals('v128', VECTORS_IN_GROUP)
    f.while(i32.ltU(at, end), () => {
      f.set(index, v128.const(new Uint8Array(VECTOR_BYTES)))
      for (const vector of found) f.set(vector, v128.const(new Uint8Array(VECTOR_BYTES)))
      for (let power = 0; power < POWERS; power++) {
        f.set(mask, i32x4.eq(index, wanted))
        for (const [i, vector] of found.entries()) {
          const entry = v128.load(at, TABLE + power * SLOT_BYTES + i * VECTOR_BYTES)
          f.set(vector, v128.or(vector, v128.and(entry, mask)))
        }
        f.set(index, i32x4.add(index, one))
      }
      for (const [i, vector] of found.entries()) f.emit(v128.store(at, FACTOR + i * VECTOR_BYTES, vector))
      f.set(at, i32.add(at, VECTORS_IN_GROUP * VECTOR_BYTES))
    })
  })
}
