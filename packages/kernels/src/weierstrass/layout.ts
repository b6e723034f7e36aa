/** Where things stand in a curve's memory. */

import type { ArithmeticName, CurveParameters } from './curve.ts'
import type { InverseSlots } from './inverse.ts'
import { LIMB_BYTES, type Modulus, encodeTimesR } from './modulus.ts'
import type { AffinePoint, Point, Temporaries } from './point-formulas.ts'

/** A digit of a secret scalar has so many bits, where the base is fixed, and where it is any point. */
export const FIXED_WINDOW_BITS = 6
export const VARIABLE_WINDOW_BITS = 5
/** How wide digits are in verification, whose tables have the odd multiples up to 2^(bits - 1). */
export const BASE_NAF_BITS = 7
export const POINT_NAF_BITS = 5

/** For a number in bytes, from the end of which 64 bits can be read. */
const BUFFER_BYTES = 80
const PAGE_BYTES = 65_536
const VECTOR_BYTES = 16

/** Addresses, unless they say otherwise. */
export interface Layout {
  /** The number one, which takes a product out of Montgomery's form, and one, R² and R³ modulo p, */
  readonly plainOne: number
  readonly one: number
  readonly square: number
  readonly cube: number
  /** and R² and R³ modulo n. */
  readonly orderSquare: number
  readonly orderCube: number
  /** In Montgomery's form modulo p. */
  readonly b: number
  readonly baseX: number
  readonly baseY: number
  readonly order: number
  /** (p + 1) / 4 in bytes. */
  readonly rootExponent: number
  /** Of the base point: for each digit of a scalar a row of its odd multiples, times the power of two of the digit. */
  readonly rows: number

  /** From here on everything depends on what is computed. */
  readonly secrets: number
  /** Numbers that come and go, the least significant byte first. */
  readonly bytes: Named<'scalar' | 'nonce' | 'digest' | 'x' | 'y' | 'r' | 's' | 'odd'>
  /** Its coordinates stand side by side. */
  readonly point: Point
  readonly other: AffinePoint
  readonly affine: AffinePoint
  readonly kept: AffinePoint
  readonly temporaries: Temporaries
  readonly inverse: InverseSlots
  /** By which a number changes from one kind of limbs to the other: as bytes, and as limbs for integers. */
  readonly exchange: number
  readonly exchangeNumber: number
  readonly scalars: Named<'k' | 'd' | 'z' | 'r' | 's'>
  /** What was looked up. */
  readonly selected: number
  /** Of any point: its odd multiples as a table, */
  readonly multiples: number
  /** and on the way there, homogeneous, with the products of their z coordinates. */
  readonly points: number
  readonly prefixes: number
  /** A digit for each bit of the two scalars of a verification, and one more. */
  readonly baseDigits: number
  readonly pointDigits: number
  readonly end: number

  /** Not addresses, but lengths, */
  readonly slotBytes: number
  /** Where the limbs of integers have half of their bytes in tables, */
  readonly entryLimbBytes: number
  readonly entryBytes: number
  readonly rowBytes: number
  readonly pages: number
  /** numbers of digits, */
  readonly fixedWindows: number
  readonly variableWindows: number
  /** and what memory begins with. */
  readonly data: readonly { readonly offset: number; readonly bytes: Uint8Array }[]
}

type Named<Name extends string> = Readonly<Record<Name, number>>

/** As many odd multiples as digits of so many bits have, without their sign. */
export function oddMultiples(bits: number): number {
  return 2 ** (bits - 1)
}

export function layOut(curve: CurveParameters, arithmetic: ArithmeticName, field: Modulus, order: Modulus): Layout {
  const slotBytes = LIMB_BYTES * Math.max(field.limbCount, order.limbCount)
  const entryLimbBytes = arithmetic === 'fused' ? LIMB_BYTES : LIMB_BYTES / 2
  const entryBytes = roundUp(2 * entryLimbBytes * field.limbCount, VECTOR_BYTES)
  const rowBytes = entryBytes * oddMultiples(FIXED_WINDOW_BITS)
  const fixedWindows = Math.ceil(order.bits / FIXED_WINDOW_BITS)
  const variableWindows = Math.ceil(order.bits / VARIABLE_WINDOW_BITS)

  let end = 0
  const data: { readonly offset: number; readonly bytes: Uint8Array }[] = []
  const take = (bytes: number): number => {
    const at = end
    end = roundUp(end + bytes, VECTOR_BYTES)
    return at
  }
  const constant = (bytes: Uint8Array): number => {
    const offset = take(Math.max(slotBytes, bytes.length))
    data.push({ offset, bytes })
    return offset
  }
  const slot = (): number => take(slotBytes)
  const named = <Name extends string>(bytes: number, ...names: readonly Name[]) =>
    Object.fromEntries(names.map((name) => [name, take(bytes)])) as Named<Name>

  const constants = {
    plainOne: constant(encodeTimesR(field, 1n, 0)),
    one: constant(encodeTimesR(field, 1n, 1)),
    square: constant(encodeTimesR(field, 1n, 2)),
    cube: constant(encodeTimesR(field, 1n, 3)),
    orderSquare: constant(encodeTimesR(order, 1n, 2)),
    orderCube: constant(encodeTimesR(order, 1n, 3)),
    b: constant(encodeTimesR(field, curve.b, 1)),
    baseX: constant(encodeTimesR(field, curve.x, 1)),
    baseY: constant(encodeTimesR(field, curve.y, 1)),
    order: constant(encodeTimesR(field, curve.n, 1)),
    rootExponent: constant(encodeBytes((curve.p + 1n) / 4n)),
    rows: take(fixedWindows * rowBytes),
  }
  const secrets = end
  const point = take(3 * slotBytes)
  const workspace = {
    bytes: named(BUFFER_BYTES, 'scalar', 'nonce', 'digest', 'x', 'y', 'r', 's', 'odd'),
    point: { x: point, y: point + slotBytes, z: point + 2 * slotBytes },
    other: named(slotBytes, 'x', 'y'),
    affine: named(slotBytes, 'x', 'y'),
    kept: named(slotBytes, 'x', 'y'),
    temporaries: [slot(), slot(), slot(), slot(), slot(), slot(), slot(), slot()] as const,
    inverse: named(slotBytes, 'f', 'g', 'd', 'e'),
    exchange: take(BUFFER_BYTES),
    exchangeNumber: slot(),
    scalars: named(slotBytes, 'k', 'd', 'z', 'r', 's'),
    selected: take(entryBytes),
    multiples: take(entryBytes * oddMultiples(VARIABLE_WINDOW_BITS)),
    points: take(3 * slotBytes * oddMultiples(FIXED_WINDOW_BITS)),
    prefixes: take(slotBytes * oddMultiples(FIXED_WINDOW_BITS)),
    baseDigits: take(order.bits + 1),
    pointDigits: take(order.bits + 1),
  }
  const lengths = { slotBytes, entryLimbBytes, entryBytes, rowBytes, pages: Math.ceil(end / PAGE_BYTES) }
  return { ...constants, secrets, ...workspace, end, ...lengths, fixedWindows, variableWindows, data }
}

/** The least significant byte first. */
function encodeBytes(number: bigint): Uint8Array {
  const bytes = new Uint8Array(BUFFER_BYTES)
  for (let i = 0; i < BUFFER_BYTES; i++) bytes[i] = Number((number >> BigInt(8 * i)) & 0xffn)
  return bytes
}

function roundUp(bytes: number, multiple: number): number {
  return Math.ceil(bytes / multiple) * multiple
}
