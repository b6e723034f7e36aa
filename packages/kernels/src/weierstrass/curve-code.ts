/** What is defined once in a curve's module, and called from everywhere in it. */

import { type Callable, type ModuleBuilder, type Statement, i32 } from '../assembler.ts'
import type { CurveParameters } from './curve.ts'
import { FieldCode } from './field-code.ts'
import { type Invert, defineInvert } from './inverse.ts'
import { type Layout, layOut } from './layout.ts'
import { createModulus } from './modulus.ts'
import { type Numbers, defineNumbers } from './numbers.ts'
import { addComplete, addJacobian, doubleJacobian, toHomogeneous, toJacobian } from './point-formulas.ts'
import { type Products, defineProducts } from './products.ts'

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

export function defineCurve(module: ModuleBuilder, parameters: CurveParameters, layout: Layout): Curve {
  const { p, n, limbBits, limbCount } = parameters
  const field = defineProducts(module, createModulus(p, limbBits, limbCount))
  const order = defineProducts(module, createModulus(n, limbBits, limbCount))
  const montgomeryInvert = (products: Products, cube: number): Invert => {
    const invert = defineInvert(module, products.modulus, layout.inverse)
    return module.procedure(['i32', 'i32'], (f, out, x) => {
      f.emit(invert.call(out, x), products.multiply.call(out, out, cube))
    })
  }
  const invert = montgomeryInvert(field, layout.cube)
  return {
    parameters,
    layout,
    field,
    order,
    fieldNumbers: defineNumbers(module, field.modulus),
    orderNumbers: defineNumbers(module, order.modulus),
    invert,
    invertOrder: montgomeryInvert(order, layout.orderCube),
    points: definePointSteps(module, { parameters, layout, field, invert }),
  }
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

export function createLayout(parameters: CurveParameters): Layout {
  const { p, n, limbBits, limbCount } = parameters
  return layOut(parameters, createModulus(p, limbBits, limbCount), createModulus(n, limbBits, limbCount))
}
