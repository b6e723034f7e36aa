/**
 * How many requests there were, how they ended and how long they took, in the text that Prometheus reads.
 *
 * @spec Prometheus text-based exposition format 0.0.4
 */
import type { RequestReport } from './request-report.ts'

/** Upper bounds, in seconds. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const
const NO_OPERATION = 'none'
const SUCCESS = 'OK'

export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** A number that is asked for when it is read, with its labels. */
export interface Gauge {
  readonly name: string
  readonly help: string
  readonly type: 'gauge' | 'counter'
  readonly value: number
  readonly labels?: Readonly<Record<string, string>>
}

export interface Metrics {
  observe(report: RequestReport): void
  /** @param gauges what else there is to tell */
  format(gauges: readonly Gauge[]): string
}

interface Durations {
  /** For each bucket, how many were within its bound and above the one before. */
  readonly counts: number[]
  count: number
  sum: number
}

export function createMetrics(): Metrics {
  const requests = new Map<string, { readonly operation: string; readonly code: string; count: number }>()
  const durations = new Map<string, Durations>()

  return {
    observe({ operation = NO_OPERATION, errorCode = SUCCESS, durationMs }) {
      const name = `${operation} ${errorCode}`
      const counted = requests.get(name)
      if (counted === undefined) requests.set(name, { operation, code: errorCode, count: 1 })
      else counted.count += 1

      const seconds = durationMs / 1000
      let timed = durations.get(operation)
      if (timed === undefined) durations.set(operation, (timed = { counts: BUCKETS.map(() => 0), count: 0, sum: 0 }))
      const bucket = BUCKETS.findIndex((bound) => seconds <= bound)
      if (bucket !== -1) timed.counts[bucket] = (timed.counts[bucket] ?? 0) + 1
      timed.count += 1
      timed.sum += seconds
    },

    format(gauges) {
      const lines = [
        ...head(
          'softkms_requests_total',
          'Requests that were answered, by operation and by how they ended.',
          'counter',
        ),
        ...[...requests.values()].map(({ operation, code, count }) =>
          sample('softkms_requests_total', { operation, code }, count),
        ),
        ...head('softkms_request_duration_seconds', 'From the head of a request to its answer.', 'histogram'),
        ...[...durations].flatMap(([operation, timed]) => formatDurations(operation, timed)),
        ...gauges.flatMap(({ name, help, type, value, labels = {} }) => [
          ...head(name, help, type),
          sample(name, labels, value),
        ]),
      ]
      return `${lines.join('\n')}\n`
    },
  }
}

function formatDurations(operation: string, { counts, count, sum }: Durations): readonly string[] {
  const name = 'softkms_request_duration_seconds'
  let below = 0
  const buckets = BUCKETS.map((bound, index) => {
    below += counts[index] ?? 0
    return sample(`${name}_bucket`, { operation, le: String(bound) }, below)
  })
  return [
    ...buckets,
    sample(`${name}_bucket`, { operation, le: '+Inf' }, count),
    sample(`${name}_sum`, { operation }, sum),
    sample(`${name}_count`, { operation }, count),
  ]
}

function head(name: string, help: string, type: string): readonly string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`]
}

function sample(name: string, labels: Readonly<Record<string, string>>, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`)
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
