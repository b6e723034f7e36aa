/** A curve's module. Its functions take their numbers from the layout's bytes, and leave theirs there. */

import { type Callable, type Expression, ModuleBuilder, type Statement, i32 } from '../assembler.ts'
import type { ArithmeticName, CurveParameters } from './curve.ts'
import { type Curve, defineCurve } from './curve-code.ts'
import { defineEquation } from './equation.ts'
import { FieldCode } from './field-code.ts'
import { FIXED_WINDOW_BITS, type Layout, VARIABLE_WINDOW_BITS } from './layout.ts'
import { type Multiplication, defineMultiplication } from './multiplication.ts'
import { defineIsBelow } from './numbers.ts'
import { defineTables } from './tables.ts'
import { type AddMultiples, defineAddMultiples } from './verification.ts'

/** What the module exports. Functions return 1 for yes and 0 for no. */
export interface WeierstrassExports {
  readonly memory: { readonly buffer: ArrayBuffer }
  /** Makes the table of the base point's multiples, which all that follow need. */
  buildRows(): void
  /** Whether the scalar is one. */
  isScalar(): number
  /** digest = digest modulo n */
  reduceDigest(): void
  /** x, y = scalar G. @returns whether the scalar is one */
  computePoint(): number
  /** Whether x, y are a point. */
  isPoint(): number
  /** x, y = the point of x whose y is odd, or even. @returns whether there is one */
  decompress(isOdd: number): number
  /** x = that of scalar (x, y). @returns whether both are what they should be */
  agree(): number
  /** r, s = a signature by scalar and nonce. @returns whether the scalar is one, and the nonce serves */
  sign(): number
  /** Whether r, s are a signature under x, y. */
  verify(): number
  /** Overwrites all but the table and what never changes. */
  zeroize(): void
}

export function assembleWeierstrass(
  parameters: CurveParameters,
  arithmetic: ArithmeticName,
  layout: Layout,
): Uint8Array {
  const module = new ModuleBuilder({ pages: layout.pages })
  for (const { offset, bytes } of layout.data) module.data(offset, bytes)
  const curve = defineCurve(module, parameters, arithmetic, layout)
  const tables = defineTables(module, curve, FIXED_WINDOW_BITS, VARIABLE_WINDOW_BITS)
  const multiplication = defineMultiplication(module, curve, tables)
  const addMultiples = defineAddMultiples(module, curve, tables, multiplication)
  const { bytes, affine, temporaries } = layout
  const { isPoint, decompress } = defineEquation(module, curve)

  const isScalar = defineIsScalar(module, curve)
  const give = module.procedure(['i32', 'i32'], (f, into, coordinate) => {
    f.emit(curve.field.multiply.call(temporaries[0], coordinate, layout.plainOne))
    f.emit(curve.fieldNumbers.write.call(into, temporaries[0]))
  })

  module.export('buildRows', multiplication.buildRows)
  module.export('isPoint', isPoint)
  module.export(
    'isScalar',
    module.function([], 'i32', () => isScalar.call(bytes.scalar)),
  )
  module.export(
    'reduceDigest',
    module.procedure([], (f) => {
      const { order, orderNumbers } = curve
      const number = layout.scalars.z
      f.emit(orderNumbers.read.call(number, bytes.digest), order.multiply.call(number, number, layout.orderSquare))
      f.emit(order.multiply.call(number, number, layout.plainOne), orderNumbers.write.call(bytes.digest, number))
    }),
  )
  module.export(
    'decompress',
    module.function(['i32'], 'i32', (f, isOdd) => {
      const isRoot = f.let(decompress.call())
      f.emit(give.call(bytes.y, affine.y))
      f.if(i32.ne(i32.and(i32.load8U(bytes.y), 1), isOdd), () => {
        new FieldCode(f, curve.field).combine(affine.y, [-1, affine.y])
        f.emit(give.call(bytes.y, affine.y))
      })
      return isRoot
    }),
  )
  module.export(
    'computePoint',
    module.function([], 'i32', (f) => {
      const isRight = f.let(isScalar.call(bytes.scalar))
      f.if(isRight, () => {
        f.emit(multiplication.multiplyBase.call(bytes.scalar))
        f.emit(give.call(bytes.x, affine.x), give.call(bytes.y, affine.y))
      })
      return isRight
    }),
  )
  module.export(
    'agree',
    module.function([], 'i32', (f) => {
      const isRight = f.let(i32.and(isScalar.call(bytes.scalar), isPoint.call()))
      f.if(isRight, () => {
        f.emit(multiplication.multiplyPoint.call(bytes.scalar), give.call(bytes.x, affine.x))
      })
      return isRight
    }),
  )
  module.export('sign', defineSign(module, curve, multiplication, isScalar, give))
  module.export('verify', defineVerify(module, curve, addMultiples, isScalar, isPoint))
  module.export(
    'zeroize',
    module.procedure([], (f) => f.fill(layout.secrets, 0, layout.end - layout.secrets)),
  )
  return module.encode()
}

type IsScalar = Callable<readonly ['i32'], Expression<'i32'>>

/** Whether bytes are a number from 1 to n - 1. */
function defineIsScalar(module: ModuleBuilder, { layout, orderNumbers }: Curve): IsScalar {
  const number = layout.scalars.k
  return module.function(['i32'], 'i32', (f, bytes) => {
    f.emit(orderNumbers.read.call(number, bytes))
    const isReduced = f.let(orderNumbers.isReduced.call(number))
    return i32.and(isReduced, i32.eqz(orderNumbers.isZero.call(number)))
  })
}

/** @spec FIPS 186-5 §6.4.1 */
function defineSign(
  module: ModuleBuilder,
  { layout, order, orderNumbers, invertOrder }: Curve,
  { multiplyBase }: Multiplication,
  isScalar: IsScalar,
  give: Callable<readonly ['i32', 'i32'], Statement>,
): { readonly index: number } {
  const { bytes, scalars, orderSquare, plainOne } = layout
  return module.function([], 'i32', (f) => {
    const isRight = f.let(i32.and(isScalar.call(bytes.scalar), isScalar.call(bytes.nonce)))
    f.if(isRight, () => {
      const code = new FieldCode(f, order)
      const take = (into: number, from: number): void => {
        f.emit(orderNumbers.read.call(into, from), order.multiply.call(into, into, orderSquare))
      }
      f.emit(multiplyBase.call(bytes.nonce), give.call(bytes.r, layout.affine.x))
      take(scalars.r, bytes.r)
      take(scalars.d, bytes.scalar)
      take(scalars.z, bytes.digest)
      take(scalars.k, bytes.nonce)
      code.multiply(scalars.s, scalars.r, scalars.d)
      code.combine(scalars.s, [1, scalars.s], [1, scalars.z])
      f.emit(invertOrder.call(scalars.k, scalars.k))
      code.multiply(scalars.s, scalars.s, scalars.k)
      for (const [into, from] of [
        [bytes.r, scalars.r],
        [bytes.s, scalars.s],
      ] as const) {
        code.multiply(from, from, plainOne)
        f.emit(orderNumbers.write.call(into, from))
        f.set(isRight, i32.and(isRight, i32.eqz(orderNumbers.isZero.call(from))))
      }
    })
    return isRight
  })
}

/** @spec FIPS 186-5 §6.4.2 */
function defineVerify(
  module: ModuleBuilder,
  { parameters, layout, field, fieldNumbers, order, orderNumbers, invertOrder }: Curve,
  addMultiples: AddMultiples,
  isScalar: IsScalar,
  isPoint: Callable<readonly [], Expression<'i32'>>,
): { readonly index: number } {
  const { bytes, scalars, point, temporaries } = layout
  const [x, zz, difference] = temporaries
  const isSmall = defineIsBelow(module, order.modulus, parameters.p - parameters.n)
  return module.function([], 'i32', (f) => {
    const isRight = f.let(i32.and(i32.and(isScalar.call(bytes.r), isScalar.call(bytes.s)), isPoint.call()))
    f.if(isRight, () => {
      const modN = new FieldCode(f, order)
      const take = (into: number, from: number): void => {
        f.emit(orderNumbers.read.call(into, from), order.multiply.call(into, into, layout.orderSquare))
      }
      take(scalars.s, bytes.s)
      f.emit(invertOrder.call(scalars.s, scalars.s))
      // A product of a number in Montgomery's form and one that is not has left it.
      f.emit(orderNumbers.read.call(scalars.z, bytes.digest), orderNumbers.read.call(scalars.r, bytes.r))
      modN.multiply(scalars.z, scalars.z, scalars.s)
      modN.multiply(scalars.d, scalars.r, scalars.s)
      f.emit(orderNumbers.write.call(bytes.nonce, scalars.z), orderNumbers.write.call(bytes.scalar, scalars.d))

      // x/z, or x/z², is r modulo n: with no inverse, r or r + n times z, or z², is x.
      const isJacobian = f.let(addMultiples.call(bytes.nonce, bytes.scalar))
      f.set(isRight, 0)
      f.if(i32.eqz(fieldNumbers.isZero.call(point.z)), () => {
        const modP = new FieldCode(f, field)
        f.if(
          isJacobian,
          () => modP.square(zz, point.z),
          () => modP.multiply(zz, point.z, layout.one),
        )
        f.emit(fieldNumbers.read.call(x, bytes.r), field.multiply.call(x, x, layout.square))
        const compare = (): void => {
          modP.multiply(difference, x, zz)
          modP.combineSettled(difference, [1, difference], [-1, point.x])
          f.set(isRight, i32.or(isRight, fieldNumbers.isZero.call(difference)))
        }
        compare()
        f.emit(orderNumbers.read.call(scalars.r, bytes.r))
        f.if(isSmall.call(scalars.r), () => {
          modP.combineSettled(x, [1, x], [1, layout.order])
          compare()
        })
      })
    })
    return isRight
  })
}
