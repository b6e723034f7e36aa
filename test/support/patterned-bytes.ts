/** Bytes that a few numbers describe: random ones, and those at which carries and masks go wrong. */

import * as fc from 'fast-check'

export interface Pattern {
  readonly kind: 'random' | 'zeros' | 'ones' | 'words'
  readonly seed: number
}

export const pattern: fc.Arbitrary<Pattern> = fc.record({
  kind: fc.constantFrom('random', 'random', 'zeros', 'ones', 'words'),
  seed: fc.integer({ min: 1, max: 0x7fff_ffff }),
})

/** `words` are of 32 bits, each all ones or all zeros. */
export function patternedBytes({ kind, seed }: Pattern, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  if (kind === 'zeros') return bytes
  if (kind === 'ones') return bytes.fill(0xff)
  let state = seed
  const next = (): number => {
    // Marsaglia's xorshift.
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state
  }
  if (kind === 'random') return bytes.map(() => next() >>> 11)
  for (let at = 0; at < length; at += 4) bytes.fill((next() >> 9) & 1 ? 0xff : 0, at, at + 4)
  return bytes
}

/** Lengths on both sides of multiples of these numbers, small ones more often. */
export function lengthsAround(borders: readonly number[], most: number): fc.Arbitrary<number> {
  const near = fc
    .tuple(fc.constantFrom(...borders), fc.integer({ min: 0, max: 6 }), fc.integer({ min: -2, max: 2 }))
    .map(([border, times, off]) => Math.min(most, Math.max(0, border * times + off)))
  return fc.oneof({ weight: 4, arbitrary: near }, { weight: 1, arbitrary: fc.nat(most) })
}
