/**
 * Points in two forms, and the formulas that take one to the next.
 *
 * Where anything is secret, points are added in homogeneous coordinates by formulas that are complete: they give the sum
 * of any two points, equal, opposite or infinite, by the same steps. Jacobian coordinates make doubling cheaper, and on
 * curves of odd order that has no exceptions either, but for infinity's homogeneous form. The Jacobian addition has them,
 * and serves public points alone: once it has met a case that it cannot do, z is zero and stays it.
 *
 * Homogeneous (x : y : z) is the point (x/z, y/z), Jacobian (x, y, z) the point (x/z², y/z³).
 *
 * @spec Renes, Costello, Batina 2016, "Complete addition formulas for prime order elliptic curves", algorithms 5 and 8
 * @spec Explicit-Formulas Database, dbl-2001-b, madd
 */

import type { CurveParameters } from './curve.ts'
import type { FieldCode, Slot } from './field-code.ts'

export interface Point {
  readonly x: Slot
  readonly y: Slot
  readonly z: Slot
}
export type AffinePoint = Pick<Point, 'x' | 'y'>
export type Temporaries = readonly [Slot, Slot, Slot, Slot, Slot, Slot, Slot, Slot]

/** Homogeneous: point += other, which is not infinite. @param b where the curve's b stands */
export function addComplete(
  code: FieldCode,
  { a, b: bValue }: CurveParameters,
  point: Point,
  other: AffinePoint,
  b: Slot,
  [xx, yy, sum, xy, yz, xz, e, g]: Temporaries,
): void {
  code.combine(sum, [1, point.x], [1, point.y])
  code.combine(xy, [1, other.x], [1, other.y])
  code.multiplyBoth([xx, point.x, other.x], [yy, point.y, other.y])
  code.multiplyBoth([yz, other.y, point.z], [xz, other.x, point.z])
  code.combine(yz, [1, yz], [1, point.y])
  code.combine(xz, [1, xz], [1, point.x])
  if (a === 0n) code.multiply(xy, sum, xy)
  else code.multiplyBoth([xy, sum, xy], [e, point.z, b])
  code.combine(xy, [1, xy], [-1, xx], [-1, yy])
  if (a === 0n) {
    const tripled = 3 * Number(bValue)
    code.combineSettled(e, [-tripled, point.z])
    code.combineSettled(g, [tripled, xz])
    code.combineSettled(xx, [3, xx])
  } else {
    code.multiply(g, xz, b)
    code.combineSettled(e, [3, xz], [-3, e])
    code.combineSettled(g, [3, g], [-9, point.z], [-3, xx])
    code.combineSettled(xx, [3, xx], [-3, point.z])
  }
  const [below, above, negative] = [sum, yy, point.z]
  code.combine(below, [1, yy], [-1, e])
  code.combine(above, [1, yy], [1, e])
  code.combine(negative, [-1, g])
  code.multiplySum(point.y, above, below, xx, g)
  code.multiplySumBoth([point.x, xy, above, yz, negative], [point.z, yz, below, xy, xx])
  code.expectSettled(point.x, point.y, point.z)
}

/** Jacobian: point = 2 point */
export function doubleJacobian(
  code: FieldCode,
  { a }: CurveParameters,
  point: Point,
  [slope, yy, xyy, t, u, zz]: Temporaries,
): void {
  if (a === 0n) {
    code.multiplyBoth([slope, point.x, point.x], [yy, point.y, point.y])
    code.multiply(xyy, point.x, yy)
    code.combine(slope, [3, slope])
    code.multiplyBoth([point.z, point.y, point.z], [t, slope, slope])
    code.combineSettled(point.z, [2, point.z])
  } else {
    code.multiplyBoth([zz, point.z, point.z], [yy, point.y, point.y])
    code.combine(t, [1, point.x], [-1, zz])
    code.combine(u, [1, point.x], [1, zz])
    code.multiplyBoth([slope, t, u], [xyy, point.x, yy])
    code.combine(slope, [3, slope])
    code.combine(point.z, [1, point.z], [1, point.y])
    code.multiplyBoth([point.z, point.z, point.z], [t, slope, slope])
    code.combineSettled(point.z, [1, point.z], [-1, zz], [-1, yy])
  }
  code.combineSettled(point.x, [1, t], [-8, xyy])
  code.combine(t, [4, xyy], [-1, point.x])
  code.combine(u, [-8, yy])
  code.multiplySum(point.y, slope, t, u, yy)
  code.expectSettled(point.x, point.y, point.z)
}

/** Jacobian: point += other, if neither is infinite, nor are they equal or opposite: then z becomes zero. */
export function addJacobian(
  code: FieldCode,
  point: Point,
  other: AffinePoint,
  [zz, dx, dy, t, u, v]: Temporaries,
): void {
  code.square(zz, point.z)
  code.multiplyBoth([dx, other.x, zz], [t, zz, point.z])
  code.combine(dx, [1, dx], [-1, point.x])
  code.multiplyBoth([dy, other.y, t], [point.z, point.z, dx])
  code.combine(dy, [1, dy], [-1, point.y])
  code.multiplyBoth([u, dx, dx], [t, dy, dy])
  code.multiplyBoth([v, u, point.x], [u, u, dx])
  code.combineSettled(point.x, [1, t], [-1, u], [-2, v])
  code.combine(v, [1, v], [-1, point.x])
  code.combine(u, [-1, u])
  code.multiplySum(point.y, dy, v, u, point.y)
  code.expectSettled(point.x, point.y, point.z)
}

export function toHomogeneous(code: FieldCode, point: Point, [zz]: Temporaries): void {
  code.square(zz, point.z)
  code.multiplyBoth([point.x, point.x, point.z], [point.z, point.z, zz])
}

export function toJacobian(code: FieldCode, point: Point, [zz]: Temporaries): void {
  code.square(zz, point.z)
  code.multiplyBoth([point.x, point.x, point.z], [point.y, point.y, zz])
}
