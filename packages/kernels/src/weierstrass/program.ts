/** A curve's module. Its functions take their numbers from the layout's bytes, and leave theirs there. */

import { ModuleBuilder, i32 } from '../assembler.ts'
import type { ArithmeticName, CurveParameters } from './curve.ts'
import { defineCurve } from './curve-code.ts'
import { defineIsScalar, defineSign, defineVerify } from './ecdsa.ts'
import { defineEquation } from './equation.ts'
import { FieldCode } from './field-code.ts'
import { FIXED_WINDOW_BITS, type Layout, VARIABLE_WINDOW_BITS } from './layout.ts'
import { defineMultiplication } from './multiplication.ts'
import { defineTables } from './tables.ts'
import { defineAddMultiples } from './verification.ts'

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
