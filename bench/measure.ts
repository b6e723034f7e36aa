/**
 * Times one operation under all who perform it, with tinybench.
 *
 * Whatever else the machine does must not decide who is faster: everybody is prepared and checked first, and then they
 * take turns, in rounds.
 */

import { Bench } from 'tinybench'
import { median } from '../packages/cli/src/bench/time-operation.ts'
import type { LevelTask } from './level.ts'
import type { Entry, Level, Row, Run } from './row.ts'

export interface Pace {
  /** How long to measure a row, in milliseconds. */
  readonly rowMs: number
  /** The fewest samples of a row, however long they take; a third of them for what is slow. */
  readonly minSamples: number
  /** Whether RSA keys of more than 2048 bits, which take seconds to make, are left out. */
  readonly isQuick: boolean
}

const ROUNDS = 3
const WARMUP_SHARE = 0.2
/** A sample lasts at least so long, so that the clock tells something. */
const SAMPLE_MS = 0.1

type Timed = Entry & { readonly run: Run; readonly isSync: boolean; readonly batch: number; readonly samples: number[] }

/** @returns a row for each entry, in their order; all entries perform the same operation */
export async function measureTogether(level: Level, entries: readonly Entry[], pace: Pace): Promise<readonly Row[]> {
  const timed: Timed[] = []
  for (const entry of entries) timed.push(await warmUp(entry, pace))
  const isSlow = entries.some(({ subject }) => subject.isSlow === true)
  const minSamples = Math.ceil(pace.minSamples / (isSlow ? 3 : 1))
  const rounds = Math.min(ROUNDS, minSamples)
  for (let round = 0; round < rounds; round++) {
    for (const one of timed)
      one.samples.push(...(await sample(one, pace.rowMs / rounds, Math.ceil(minSamples / rounds))))
  }
  return timed.map((one) => summarize(level, one))
}

/** Measures every operation under all who have it, in the order in which the operations first come. */
export async function measureAll(level: Level, entries: readonly Entry[], task: LevelTask): Promise<void> {
  const groups = groupByName(entries.filter(({ subject }) => subject.name.includes(task.only)))
  for (const [i, group] of groups.entries()) {
    task.progress(`${level}: ${group[0]?.subject.name}, ${i + 1} of ${groups.length}`)
    task.report(await measureTogether(level, group, task.pace))
  }
}

export function groupByName(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  return [...Map.groupBy(entries, ({ subject }) => subject.name).values()]
}

async function warmUp(entry: Entry, { rowMs }: Pace): Promise<Timed> {
  const { subject } = entry
  const run = await subject.prepare()
  const timed = { ...entry, run, samples: [] }
  // What is slow has been warmed up by its check.
  if (subject.isSlow === true) return { ...timed, isSync: false, batch: 1 }
  const start = performance.now()
  let runs = 0
  let isSync: boolean
  let elapsed: number
  do {
    const answer = run()
    isSync = !(answer instanceof Promise)
    if (!isSync) await answer
    runs++
    elapsed = performance.now() - start
  } while (elapsed < rowMs * WARMUP_SHARE)
  return { ...timed, isSync, batch: Math.max(1, Math.ceil((SAMPLE_MS * runs) / elapsed)) }
}

/** @returns milliseconds for one operation, as each sample saw them */
async function sample(
  { subject, run, isSync, batch }: Timed,
  timeMs: number,
  iterations: number,
): Promise<readonly number[]> {
  const bench = new Bench({ time: timeMs, iterations, warmup: false, throws: true, retainSamples: true })
  bench.add(subject.name, isSync ? batchSync(run, batch) : batchAsync(run, batch))
  const [task] = await bench.run()
  const result = task?.result
  if (result === undefined || !('latency' in result)) throw new Error(`${subject.name} was not measured`)
  const operations = batch * (subject.operations ?? 1)
  return (result.latency.samples ?? []).map((ms) => ms / operations)
}

function batchSync(run: Run, batch: number): () => void {
  return () => {
    for (let i = 0; i < batch; i++) run()
  }
}

function batchAsync(run: Run, batch: number): () => Promise<void> {
  return async () => {
    for (let i = 0; i < batch; i++) await run()
  }
}

function summarize(level: Level, { provider, subject, samples }: Timed): Row {
  const { name, documentedRate, quota } = subject
  const p50 = median(samples)
  return {
    level,
    name,
    provider,
    opsPerSecond: 1000 / p50,
    spread: median(samples.map((ms) => Math.abs(ms - p50))) / p50,
    ...(documentedRate === undefined ? {} : { documentedRate }),
    ...(quota === undefined ? {} : { quota }),
  }
}
