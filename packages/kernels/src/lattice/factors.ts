/** The roots of unity that a transform multiplies by, as its passes take them. */

export const FACTOR_BYTES = 32
const VECTOR_BYTES = 16
const UNITS_IN_VECTOR = 4

export interface Field {
  readonly modulus: bigint
  /** A root of unity, of twice as many powers as the transform has levels' worth of units. */
  readonly root: bigint
  /** A unit, 32 bits, of a factor, and one of what its multiplication takes beside it. */
  readonly encodeFactor: (value: bigint) => readonly [factor: number, companion: number]
}

export interface FactorTable {
  readonly bytes: readonly number[]
  /** Where the factors of each level begin. */
  readonly levels: readonly number[]
}

/** @returns a vector and its companions for each factor, and for four of them in the last two levels */
export function factorTable(field: Field, levels: number, isInverse: boolean): FactorTable {
  const bytes: number[] = []
  const starts: number[] = []
  for (let level = 0; level < levels; level++) {
    starts.push(bytes.length)
    const zetas = Array.from({ length: 2 ** level }, (_, i) => zetaOf(field, 2 ** level + i, levels, isInverse))
    for (const units of unitsOf(levels - level, zetas)) bytes.push(...encodeUnits(field, units))
  }
  return { bytes, levels: starts }
}

/** @returns a vector of four factors, and its companions */
export function encodeUnits({ encodeFactor }: Field, units: readonly bigint[]): number[] {
  const factors = units.map(encodeFactor)
  return ([0, 1] as const).flatMap((part) => [...new Uint8Array(Int32Array.from(factors, (pair) => pair[part]).buffer)])
}

/** @param rest how many levels there are from this one on */
function unitsOf(rest: number, zetas: readonly bigint[]): bigint[][] {
  const at = (i: number): bigint => zetas[i] ?? 0n
  if (rest > 2) return zetas.map((zeta) => Array.from({ length: UNITS_IN_VECTOR }, () => zeta))
  if (rest === 2) {
    return Array.from({ length: zetas.length / 2 }, (_, i) => [at(2 * i), at(2 * i), at(2 * i + 1), at(2 * i + 1)])
  }
  // As the transform's last regrouping has them.
  return Array.from({ length: zetas.length / 4 }, (_, i) => [at(4 * i), at(4 * i + 2), at(4 * i + 1), at(4 * i + 3)])
}

/** The root to the power of k's bits, turned around; inverted for the way back. */
function zetaOf({ modulus, root }: Field, k: number, levels: number, isInverse: boolean): bigint {
  const reversed = reverseBits(k, levels)
  return power(root, isInverse ? 2 ** (levels + 1) - reversed : reversed, modulus)
}

export function reverseBits(value: number, bits: number): number {
  let reversed = 0
  for (let bit = 0; bit < bits; bit++) if ((value >> bit) & 1) reversed |= 1 << (bits - 1 - bit)
  return reversed
}

export function power(base: bigint, exponent: number, modulus: bigint): bigint {
  let [result, square] = [1n, base]
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

/** The half of `FACTOR_BYTES` where companions are. */
export const COMPANION_OFFSET: number = VECTOR_BYTES
