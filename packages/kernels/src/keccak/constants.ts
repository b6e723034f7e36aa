/** The constants of Keccak-f[1600], by the rules that make them. @spec FIPS 202 §3.2 */

export const LANES = 25
const WIDTH = 5
const ROUNDS = 24

/** @returns the 24 constants that ι adds to the first lane. @spec FIPS 202 §3.2.5 */
export function roundConstants(): bigint[] {
  const bits = feedbackBits(7 * ROUNDS)
  return Array.from({ length: ROUNDS }, (_, round) => {
    let constant = 0n
    for (let j = 0; j <= 6; j++) if (bits[7 * round + j] === 1) constant |= 1n << BigInt(2 ** j - 1)
    return constant
  })
}

/** The first bits of a register of eight, whose polynomial is x^8 + x^6 + x^5 + x^4 + 1. */
function feedbackBits(count: number): number[] {
  let register = 1
  return Array.from({ length: count }, () => {
    const bit = register & 1
    register <<= 1
    if (register & 0x100) register ^= 0x171
    return bit
  })
}

/** @returns how far ρ turns each lane, and where π puts it. Lane (x, y) is number x + 5 y. @spec FIPS 202 §3.2.2, §3.2.3 */
export function laneMoves(): readonly { readonly distance: number; readonly to: number }[] {
  const distances = Array.from({ length: LANES }, () => 0)
  let [x, y] = [1, 0]
  for (let t = 0; t < LANES - 1; t++) {
    distances[x + WIDTH * y] = (((t + 1) * (t + 2)) / 2) % 64
    ;[x, y] = [y, (2 * x + 3 * y) % WIDTH]
  }
  return distances.map((distance, lane) => {
    const [column, row] = [lane % WIDTH, Math.floor(lane / WIDTH)]
    return { distance, to: row + WIDTH * ((2 * column + 3 * row) % WIDTH) }
  })
}
