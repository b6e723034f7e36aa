/** Times one subject with tinybench: its answer is checked first, then medians are taken over many samples. */

import { Bench } from 'tinybench'
import type { Subject } from './row.ts'

export interface Timing {
  readonly opsPerSecond: number
  readonly spread: number
}

const WARMUP_SHARE = 0.25
/** However short the time. */
const MIN_SAMPLES = 8

/**
 * @param timeMs how long to measure
 * @param batch how many operations one sample performs, `inFlight` of them at a time
 */
export async function measure(subject: Subject, timeMs: number, batch = 1, inFlight = 1): Promise<Timing> {
  await subject.check()
  const bench = new Bench({
    time: timeMs,
    iterations: subject.minSamples ?? MIN_SAMPLES,
    // What has few samples was warmed up by its check.
    warmup: subject.minSamples === undefined,
    warmupTime: timeMs * WARMUP_SHARE,
    warmupIterations: 1,
    throws: true,
  })
  bench.add(subject.name, batch === 1 ? subject.run : () => runBatch(subject.run, batch, inFlight))
  const [task] = await bench.run()
  const result = task?.result
  if (result === undefined || !('latency' in result)) throw new Error(`${subject.name} was not measured`)
  const { p50, mad } = result.latency
  return { opsPerSecond: (batch * (subject.operations ?? 1) * 1000) / p50, spread: mad / p50 }
}

async function runBatch(run: () => Promise<unknown>, batch: number, inFlight: number): Promise<void> {
  let left = batch
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await run()
    }
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
}
