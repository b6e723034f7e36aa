/** What a server tells of itself beside its requests: the HSM and the process. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Hsm } from '@softkms/hsm'
import { systemClock } from '@softkms/kms'
import type { Gauge } from '@softkms/server'

export interface ServerGauges {
  read(): Promise<readonly Gauge[]>
  stop(): void
}

const NANOSECONDS = 1e9
const MICROSECONDS = 1e6

export function createServerGauges(hsm: Pick<Hsm, 'status'>): ServerGauges {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  const startedAt = systemClock.now() / 1000 - process.uptime()
  return {
    async read() {
      const { state, provider, loadedKeys, domainKeys } = await hsm.status()
      const { user, system } = process.cpuUsage()
      const { rss, heapUsed } = process.memoryUsage()
      const slowest = delay.percentile(99) / NANOSECONDS
      delay.reset()
      return [
        {
          name: 'softkms_hsm_ready',
          help: 'Whether the HSM passed its self-tests and serves.',
          type: 'gauge',
          value: state === 'ready' ? 1 : 0,
          labels: { provider },
        },
        { name: 'softkms_hsm_loaded_keys', help: 'Keys that are unwrapped.', type: 'gauge', value: loadedKeys },
        { name: 'softkms_hsm_domain_keys', help: 'Domain keys, one of them active.', type: 'gauge', value: domainKeys },
        {
          name: 'process_cpu_seconds_total',
          help: 'CPU time of the process.',
          type: 'counter',
          value: (user + system) / MICROSECONDS,
        },
        { name: 'process_resident_memory_bytes', help: 'Memory of the process.', type: 'gauge', value: rss },
        { name: 'process_start_time_seconds', help: 'When it began, since 1970.', type: 'gauge', value: startedAt },
        { name: 'nodejs_heap_size_used_bytes', help: 'Memory of JavaScript objects.', type: 'gauge', value: heapUsed },
        {
          name: 'nodejs_eventloop_lag_p99_seconds',
          help: 'How late the event loop was, 99th percentile since it was last asked.',
          type: 'gauge',
          value: Number.isFinite(slowest) ? slowest : 0,
        },
      ]
    },
    stop: () => delay.disable(),
  }
}
