/** What is defined once in a curve's module, and called from everywhere in it. */

import { type Callable, type ModuleBuilder, type Statement, i32 } from '../assembler.ts'
import type { ArithmeticName, CurveParameters } from './curve.ts'
import { FieldCode } from './field-code.ts'
import { defineFusedProducts } from './fused-products.ts'
import { type Invert, defineInvert } from './inverse.ts'
import { type Layout, layOut } from './layout.ts'
import { type Modulus, createModulus } from './modulus.ts'
import { type Numbers, defineNumbers } from './numbers.ts'
import { addComplete, addJacobian, doubleJacobian, toHomogeneous, toJacobian } from './point-formulas.ts'
import { defineIntegerProducts } from './integer-products.ts'
import type { Products } from './products.ts'

type Step = Callable<readonly [], Statement>

/** On `point` of the layout. */
export interface PointSteps {
  /** point = affine */
  readonly begin: Step
  /** point = other */
  readonly beginWithOther: Step
  /** point += other, homogeneous, whatever they are */
  readonly addComplete: Step
  /** point += other, Jacobian, unless they are equal, opposite or infinite */
  readonly addJacobian: Step
  readonly doubleJacobian: Step
  readonly toHomogeneous: Step
  readonly toJacobian: Step
  /** affine = point, homogeneous; (0, 0) for infinity */
  readonly toAffine: Step
}

export interface Curve {
  readonly parameters: CurveParameters
  readonly layout: Layout
  /** Modulo p, and modulo n. */
  readonly field: Products
  readonly order: Products
  readonly fieldNumbers: Numbers
  readonly orderNumbers: Numbers
  /** Of numbers in Montgomery's form. */
  readonly invert: Invert
  readonly invertOrder: Invert
  readonly points: PointSteps
}

export function defineCurve(
  module: ModuleBuilder,
  parameters: CurveParameters,
  arithmetic: ArithmeticName,
  layout: Layout,
): Curve {
  const { field: fieldModulus, order: orderModulus } = createModuli(parameters, arithmetic)
  const field = (arithmetic === 'fused' ? defineFusedProducts : defineIntegerProducts)(module, fieldModulus)
  const order = defineIntegerProducts(module, orderModulus)
  const fieldNumbers = defineNumbers(module, fieldModulus)
  const orderNumbers = defineNumbers(module, orderModulus)
  const { limbBits, limbCount } = parameters.limbs.integer
  const defineMontgomeryInvert = (products: Products, numbers: Numbers, cube: number): Invert =>
    defineExchangeInvert(
      module,
      layout,
      products,
      numbers,
      createModulus(products.modulus.value, limbBits, limbCount),
      cube,
    )
  const invert = defineMontgomeryInvert(field, fieldNumbers, layout.cube)
  return {
    parameters,
    layout,
    field,
    order,
    fieldNumbers,
    orderNumbers,
    invert,
    invertOrder: defineMontgomeryInvert(order, orderNumbers, layout.orderCube),
    points: definePointSteps(module, { parameters, layout, field, invert }),
  }
}

/** The inverse itself is computed on limbs for integers, to which the number goes by way of bytes. */
function defineExchangeInvert(
  module: ModuleBuilder,
  layout: Layout,
  products: Products,
  own: Numbers,
  modulus: Modulus,
  cube: number,
): Invert {
  const exchanged = defineNumbers(module, modulus)
  const invert = defineInvert(module, modulus, layout.inverse)
  const { exchange, exchangeNumber } = layout
  return module.procedure(['i32', 'i32'], (f, out, x) => {
    f.emit(own.write.call(exchange, x), exchanged.read.call(exchangeNumber, exchange))
    f.emit(invert.call(exchangeNumber, exchangeNumber), exchanged.write.call(exchange, exchangeNumber))
    f.emit(own.read.call(out, exchange), products.multiply.call(out, out, cube))
  })
}

function definePointSteps(
  module: ModuleBuilder,
  { parameters, layout, field, invert }: Pick<Curve, 'parameters' | 'layout' | 'field' | 'invert'>,
): PointSteps {
  const { point, other, affine, temporaries } = layout
  const step = (write: (code: FieldCode) => void): Step => module.procedure([], (f) => write(new FieldCode(f, field)))
  const beginWith = (from: typeof other): Step =>
    step((code) => {
      code.combine(point.x, [1, from.x])
      code.combine(point.y, [1, from.y])
      code.combine(point.z, [1, layout.one])
    })
  const inverse = temporaries[0]
  return {
    begin: beginWith(affine),
    beginWithOther: beginWith(other),
    addComplete: step((code) => addComplete(code, parameters, point, other, layout.b, temporaries)),
    addJacobian: step((code) => addJacobian(code, point, other, temporaries)),
    doubleJacobian: step((code) => doubleJacobian(code, parameters, point, temporaries)),
    toHomogeneous: step((code) => toHomogeneous(code, point, temporaries)),
    toJacobian: step((code) => toJacobian(code, point, temporaries)),
    toAffine: module.procedure([], (f) => {
      f.emit(
        invert.call(inverse, i32.const(point.z)),
        field.multiply.call(affine.x, point.x, inverse),
        field.multiply.call(affine.y, point.y, inverse),
      )
    }),
  }
}

export function createLayout(parameters: CurveParameters, arithmetic: ArithmeticName): Layout {
  const { field, order } = createModuli(parameters, arithmetic)
  return layOut(parameters, arithmetic, field, order)
}

/** Whatever the field's arithmetic, numbers modulo n are few, and their digits dense: integers serve them. */
function createModuli(
  { p, n, limbs }: CurveParameters,
  arithmetic: ArithmeticName,
): Record<'field' | 'order', Modulus> {
  const { integer, [arithmetic]: own = integer } = limbs
  return {
    field: createModulus(p, own.limbBits, own.limbCount),
    order: createModulus(n, integer.limbBits, integer.limbCount),
  }
}
