/** Times one operation for a while: in samples of many requests, so that a median says more than a mean. */

export interface TimingLimits {
  /** For warming up and measuring together, in milliseconds. What has begun is finished. */
  readonly timeMs: number
  /** The most requests, those of warming up among them. */
  readonly most: number
  /** How many are on their way at a time. */
  readonly inFlight: number
  /** Ends it before its time. */
  readonly signal: AbortSignal
}

export interface Timing {
  /** Median of the samples. */
  readonly opsPerSecond: number
  /** Median absolute deviation, as a share of the median. */
  readonly spread: number
}

const WARMUP_SHARE = 0.2
const SAMPLES = 20

/**
 * @param run performs `operations` requests
 * @returns `undefined` when it was ended before anything was measured
 */
export async function timeOperation(
  run: () => Promise<unknown>,
  operations: number,
  { timeMs, most, inFlight, signal }: TimingLimits,
): Promise<Timing | undefined> {
  const start = performance.now()
  const mostRuns = Math.max(1, Math.floor(most / operations))
  const isOver = (share: number): boolean => signal.aborted || performance.now() - start >= timeMs * share

  let runs = 0
  const warmUp = { left: Math.max(1, Math.floor(mostRuns * WARMUP_SHARE)), isOver: () => isOver(WARMUP_SHARE) }
  const warmed = await perform(run, warmUp, inFlight)
  runs += warmed
  const runMs = (performance.now() - start) / warmed
  const sampleRuns = Math.max(inFlight, Math.floor((timeMs * (1 - WARMUP_SHARE)) / SAMPLES / runMs))

  const rates: number[] = []
  while (runs < mostRuns && !isOver(rates.length === 0 ? Number.POSITIVE_INFINITY : 1)) {
    const begin = performance.now()
    const done = await perform(
      run,
      { left: Math.min(sampleRuns, mostRuns - runs), isOver: () => signal.aborted },
      inFlight,
    )
    if (!signal.aborted) rates.push((done * operations * 1000) / (performance.now() - begin))
    runs += done
  }
  return rates.length === 0 ? undefined : summarize(rates)
}

/** @returns how many runs were made: `left`, or fewer when it was over before */
async function perform(
  run: () => Promise<unknown>,
  limits: { readonly left: number; readonly isOver: () => boolean },
  inFlight: number,
): Promise<number> {
  let begun = 0
  const worker = async (): Promise<void> => {
    while (begun < limits.left && (begun === 0 || !limits.isOver())) {
      begun++
      await run()
    }
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
  return begun
}

/** @param values at least one */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

function summarize(rates: readonly number[]): Timing {
  const opsPerSecond = median(rates)
  return { opsPerSecond, spread: median(rates.map((rate) => Math.abs(rate - opsPerSecond))) / opsPerSecond }
}
