/**
 * The same operations over HTTP: `softkms serve` in one process, the client in another, keep-alive connections.
 *
 * This process only starts the two and reads the client's rows, so that neither side pays for the other.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createInterface } from 'node:readline'
import type { BenchOptions } from '../options.ts'
import type { ProviderName } from '../providers.ts'
import type { Row } from '../row.ts'

const SERVER = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url))
const CLIENT = fileURLToPath(new URL('http-client.ts', import.meta.url))

/** Time for both processes to start, and more rows than there are: whatever takes longer has come to a halt. */
const START_MS = 60_000
const MOST_ROWS = 20

/** Measures each operation for `rowMs` under each provider and reports it as it is done. Leaves no process behind. */
export async function benchHttp({ rowMs, providers }: BenchOptions, report: (row: Row) => void): Promise<void> {
  for (const provider of providers) await benchServer(provider, rowMs, report)
}

async function benchServer(provider: ProviderName, timeMs: number, report: (row: Row) => void): Promise<void> {
  const limitMs = START_MS + MOST_ROWS * timeMs
  const server = start(limitMs, SERVER, 'serve', '--port', '0', '--provider', provider)
  try {
    const client = start(limitMs, CLIENT, await readEndpoint(server), String(timeMs), provider)
    for await (const line of linesOf(client)) report(JSON.parse(line) as Row)
    if ((await exitOf(client)) !== 0) throw new Error('the HTTP client failed')
  } finally {
    server.kill('SIGTERM')
  }
}

function start(limitMs: number, program: string, ...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, ['--conditions=source', program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
  })
  process.once('exit', () => child.kill('SIGKILL'))
  return child
}

async function readEndpoint(server: ChildProcess): Promise<string> {
  for await (const line of linesOf(server)) {
    const endpoint = /^AWS_ENDPOINT_URL_KMS=(\S+)$/.exec(line)?.[1]
    if (endpoint !== undefined) return endpoint
  }
  throw new Error('softkms serve did not say where it listens')
}

function linesOf(child: ChildProcess): AsyncIterable<string> {
  if (child.stdout === null) throw new TypeError('the process has no output')
  return createInterface({ input: child.stdout })
}

function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode)
  return new Promise((resolve) => child.once('exit', resolve))
}
