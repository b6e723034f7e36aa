/**
 * Welch's t-test on two sets of timings: whether their means differ by more than chance.
 *
 * After Reparaz, Balasch and Verbauwhede, "Dude, is my code constant time?" (2017): the same operation is timed with one
 * fixed secret and with random ones, in random order, and the slowest samples, which tell of the machine and not of the
 * operation, are left out.
 */

export type SecretClass = 'fixed' | 'random'

export interface Sample {
  readonly secret: SecretClass
  /** Nanoseconds, or any other unit. */
  readonly time: number
}

/** From here on the two classes are told apart: 4.5 happens by chance once in 150,000 tests. */
export const SUSPICIOUS = 4.5

/** Shares of the fastest samples that are kept; a leak may show in any part of the distribution. */
const KEPT_SHARES = [0.5, 0.8, 0.95, 1] as const

/** @returns the largest |t| over the parts of the distribution that are looked at */
export function findLeak(samples: readonly Sample[]): number {
  const sorted = samples.toSorted((a, b) => a.time - b.time)
  return Math.max(
    ...KEPT_SHARES.map((share) => {
      const kept = sorted.slice(0, Math.ceil(share * sorted.length))
      return Math.abs(welch(timesOf(kept, 'fixed'), timesOf(kept, 'random')))
    }),
  )
}

/** @returns t, positive where the first mean is the larger; 0 for less than two values a side, or without variance */
export function welch(first: readonly number[], second: readonly number[]): number {
  if (first.length < 2 || second.length < 2) return 0
  const [a, b] = [describe(first), describe(second)]
  const error = Math.sqrt(a.variance / first.length + b.variance / second.length)
  return error === 0 ? 0 : (a.mean - b.mean) / error
}

function describe(values: readonly number[]): { readonly mean: number; readonly variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, variance: squares / (values.length - 1) }
}

function timesOf(samples: readonly Sample[], secret: SecretClass): number[] {
  return samples.filter((sample) => sample.secret === secret).map(({ time }) => time)
}
