/** Tables of a point's odd multiples, affine: how they are made, and how an entry is read when nobody may know which. */

import {
  type Callable,
  type Expression,
  type FunctionBuilder,
  type Local,
  type ModuleBuilder,
  type Statement,
  i32,
  i32x4,
  i64,
  v128,
} from '../assembler.ts'
import type { Curve } from './curve-code.ts'
import { FieldCode } from './field-code.ts'
import { LIMB_BYTES } from './modulus.ts'

const VECTOR_BYTES = 16

export interface Tables {
  /** Writes as many odd multiples of `affine` to `table`: `table`, `count`. */
  readonly build: Callable<readonly ['i32', 'i32'], Statement>
  /**
   * Takes what a digit of a secret means into `other`: `table`, `digit`. Every entry is read.
   *
   * @see multiplication.ts for digits
   */
  readonly selectFixed: Select
  readonly selectVariable: Select
  /** Takes an odd multiple that anyone may know into `other`: `table`, `times`. */
  readonly take: Callable<readonly ['i32', 'i32'], Statement>
}

export type Select = Callable<readonly ['i32', 'i32'], Statement>

export function defineTables(module: ModuleBuilder, curve: Curve, fixedBits: number, variableBits: number): Tables {
  return {
    build: defineBuild(module, curve),
    selectFixed: defineSelect(module, curve, fixedBits),
    selectVariable: defineSelect(module, curve, variableBits),
    take: defineTake(module, curve),
  }
}

/**
 * Multiples up to 63 of a point are neither equal, opposite nor infinite, so that Jacobian additions serve whatever it is.
 * They are made on the curve on which twice the point is affine, whose z is one where here it is that of twice the point.
 */
function defineBuild(module: ModuleBuilder, curve: Curve): Tables['build'] {
  const { layout, field, points } = curve
  const { point, other, affine, kept, slotBytes, entryBytes, entryLimbBytes } = layout
  const storeLimb = entryLimbBytes === LIMB_BYTES ? i64.store : i64.store32
  const [yOffset, zOffset] = [slotBytes, 2 * slotBytes]
  const [power, scaled, inverse, running] = layout.temporaries
  const doubledZ = kept.x
  const pointBytes = 3 * slotBytes

  /** Takes the point, and its z as it is here, among the points. */
  const keep = module.procedure(['i32'], (f, at) => {
    f.emit(...copy(at, i32.const(point.x), 2 * slotBytes))
    f.emit(field.multiply.call(i32.add(at, zOffset), point.z, doubledZ))
  })
  const begin = module.procedure([], (f) => {
    f.emit(points.begin.call(), points.doubleJacobian.call())
    const code = new FieldCode(f, field)
    code.combine(other.x, [1, point.x])
    code.combine(other.y, [1, point.y])
    code.combine(doubledZ, [1, point.z])
    code.square(power, doubledZ)
    code.multiplyBoth([point.x, affine.x, power], [scaled, power, doubledZ])
    code.multiply(point.y, affine.y, scaled)
    code.combine(point.z, [1, layout.one])
  })
  const normalize = module.procedure(['i32', 'i32'], (f, at, entry) => {
    f.emit(field.square.call(power, running))
    for (const [i, offset] of [0, yOffset].entries()) {
      if (i === 1) f.emit(field.multiply.call(power, power, running))
      f.emit(field.multiply.call(scaled, i32.add(at, offset), power))
      for (let limb = 0; limb < field.modulus.limbCount; limb++) {
        const place = entryLimbBytes * (i * field.modulus.limbCount + limb)
        f.emit(storeLimb(entry, place, i64.load(i32.const(scaled), LIMB_BYTES * limb)))
      }
    }
  })

  return module.procedure(['i32', 'i32'], (f, table, count) => {
    const [at, prefix] = [f.let(i32.const(layout.points)), f.let(i32.const(layout.prefixes))]
    const last = f.let(i32.add(at, i32.mul(i32.sub(count, 1), pointBytes)))
    f.emit(begin.call(), keep.call(at), ...copy(prefix, i32.add(at, zOffset), slotBytes))
    f.while(i32.ltU(at, last), () => {
      f.set(at, i32.add(at, pointBytes))
      f.emit(points.addJacobian.call(), keep.call(at))
      f.emit(field.multiply.call(i32.add(prefix, slotBytes), prefix, i32.add(at, zOffset)))
      f.set(prefix, i32.add(prefix, slotBytes))
    })

    // One inversion for all: the inverse of the product of all z, from which each is taken away in turn.
    f.emit(curve.invert.call(inverse, prefix))
    const entry = f.let(i32.add(table, i32.mul(i32.sub(count, 1), entryBytes)))
    f.while(i32.gtU(at, layout.points), () => {
      f.set(prefix, i32.sub(prefix, slotBytes))
      f.emit(field.multiply.call(running, inverse, prefix), normalize.call(at, entry))
      f.emit(field.multiply.call(inverse, inverse, i32.add(at, zOffset)))
      f.set(at, i32.sub(at, pointBytes))
      f.set(entry, i32.sub(entry, entryBytes))
    })
    f.emit(...copy(i32.const(running), i32.const(inverse), slotBytes), normalize.call(at, entry))
  })
}

function defineSelect(module: ModuleBuilder, curve: Curve, bits: number): Select {
  const { layout } = curve
  const vectors = layout.entryBytes / VECTOR_BYTES
  const count = 2 ** (bits - 1)
  return module.procedure(['i32', 'i32'], (f, table, digit) => {
    // The upper half of the digits is positive, the lower half mirrors it.
    const negative = f.let(i32.sub(i32.shrU(digit, bits - 1), 1))
    const wanted = f.let(i32x4.splat(i32.and(i32.xor(digit, negative), count - 1)))
    const [index, mask, one] = [f.local('v128'), f.local('v128'), f.let(i32x4.splat(1))]
    const found = f.locals('v128', vectors)
    const [at, end] = [f.let(table), f.let(i32.add(table, count * layout.entryBytes))]
    f.while(i32.ltU(at, end), () => {
      f.set(mask, i32x4.eq(index, wanted))
      for (const [i, vector] of found.entries()) {
        f.set(vector, v128.or(vector, v128.and(v128.load(at, VECTOR_BYTES * i), mask)))
      }
      f.set(index, i32x4.add(index, one))
      f.set(at, i32.add(at, layout.entryBytes))
    })
    for (const [i, vector] of found.entries()) f.emit(v128.store(layout.selected, VECTOR_BYTES * i, vector))
    takeEntry(f, curve, i32.const(layout.selected), f.let(i64.extendS(negative)))
  })
}

function defineTake(module: ModuleBuilder, curve: Curve): Tables['take'] {
  return module.procedure(['i32', 'i32'], (f, table, times) => {
    const negative = f.let(i32.shrS(times, 31))
    const size = i32.sub(i32.xor(times, negative), negative)
    const entry = f.let(i32.add(table, i32.mul(i32.shrU(size, 1), curve.layout.entryBytes)))
    takeEntry(f, curve, entry, f.let(i64.extendS(negative)))
  })
}

/** @param negative -1 for the point's opposite, or 0 */
function takeEntry(
  f: FunctionBuilder,
  { layout, field }: Curve,
  entry: Expression<'i32'>,
  negative: Local<'i64'>,
): void {
  const { limbCount } = field.modulus
  const loadLimb = layout.entryLimbBytes === LIMB_BYTES ? i64.load : i64.load32S
  for (let i = 0; i < limbCount; i++) {
    const [x, y] = [i, limbCount + i].map((limb) => loadLimb(entry, layout.entryLimbBytes * limb))
    if (x === undefined || y === undefined) return
    f.emit(i64.store(layout.other.x, LIMB_BYTES * i, x))
    f.emit(i64.store(layout.other.y, LIMB_BYTES * i, i64.sub(i64.xor(y, negative), negative)))
  }
}

function copy(to: Expression<'i32'>, from: Expression<'i32'>, bytes: number): Statement[] {
  return Array.from({ length: bytes / LIMB_BYTES }, (_, i) =>
    i64.store(to, LIMB_BYTES * i, i64.load(from, LIMB_BYTES * i)),
  )
}
