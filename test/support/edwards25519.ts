/** The curve of Ed25519 on BigInt, by the complete formula of RFC 8032 §5.1.4 over one denominator: short enough to be believed. */

export const PRIME: bigint = 2n ** 255n - 19n
export const ORDER: bigint = 2n ** 252n + 27742317777372353535851937790883648493n
const D = modulo(-121665n * invert(121666n))

export interface AffinePoint {
  readonly x: bigint
  readonly y: bigint
}

export const NEUTRAL: AffinePoint = { x: 0n, y: 1n }
export const BASE: AffinePoint = {
  x: 15112221349535400772501151409588531511454012693041857206046113283949847762202n,
  y: modulo(4n * invert(5n)),
}
/** Of order eight: its multiples are all points of small order. */
const TORSION = decode('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05')

export const SMALL_ORDER: readonly AffinePoint[] = Array.from({ length: 8 }, (_, i) => multiply(BigInt(i), TORSION))

export function add(a: AffinePoint, b: AffinePoint): AffinePoint {
  return toAffine(addFractions({ ...a, z: 1n }, { ...b, z: 1n }))
}

export function multiply(scalar: bigint, point: AffinePoint): AffinePoint {
  let [sum, doubled]: [Fraction, Fraction] = [
    { ...NEUTRAL, z: 1n },
    { ...point, z: 1n },
  ]
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    if (rest & 1n) sum = addFractions(sum, doubled)
    doubled = addFractions(doubled, doubled)
  }
  return toAffine(sum)
}

/** The point x/z, y/z. */
interface Fraction extends AffinePoint {
  readonly z: bigint
}

function addFractions(a: Fraction, b: Fraction): Fraction {
  const z = modulo(a.z * b.z)
  const square = modulo(z * z)
  const product = modulo(modulo(D * a.x * b.x) * modulo(a.y * b.y))
  const [less, more] = [square - product, square + product]
  return {
    x: modulo(modulo(z * less) * (a.x * b.y + a.y * b.x)),
    y: modulo(modulo(z * more) * (a.y * b.y + a.x * b.x)),
    z: modulo(less * more),
  }
}

function toAffine({ x, y, z }: Fraction): AffinePoint {
  const inverse = invert(z)
  return { x: modulo(x * inverse), y: modulo(y * inverse) }
}

export function encode({ x, y }: AffinePoint): Uint8Array {
  return toLittleEndian(y | ((x & 1n) << 255n), 32)
}

export function toLittleEndian(number: bigint, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => Number(BigInt.asUintN(8, number >> BigInt(8 * i))))
}

export function fromLittleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n)
}

/** Of a point whose x is even. */
function decode(hex: string): AffinePoint {
  const y = fromLittleEndian(Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)))
  const square = modulo((y * y - 1n) * invert(D * y * y + 1n))
  let x = power(square, (PRIME + 3n) / 8n)
  if (modulo(x * x) !== square) x = modulo(x * power(2n, (PRIME - 1n) / 4n))
  return { x: x & 1n ? PRIME - x : x, y }
}

function invert(number: bigint): bigint {
  return power(modulo(number), PRIME - 2n)
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, base]
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = modulo(result * square)
    square = modulo(square * square)
  }
  return result
}

function modulo(number: bigint): bigint {
  const remainder = number % PRIME
  return remainder < 0n ? remainder + PRIME : remainder
}
