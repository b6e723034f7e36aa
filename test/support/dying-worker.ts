/** A worker of the fleet that ends in the middle of commands which say so. */
import { parentPort } from 'node:worker_threads'

interface Deadly {
  readonly argument?: { readonly deaths?: Int32Array }
}

// Heard before the real worker hears it.
parentPort?.on('message', ({ argument }: Deadly) => {
  const deaths = argument?.deaths
  if (deaths !== undefined && Atomics.sub(deaths, 0, 1) > 0) process.exit(1)
})

await import('../../packages/hsm/src/fleet/worker.ts')
