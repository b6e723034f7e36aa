/** Starting the processes of the HTTP level, and leaving none behind. */

import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'

/** @param limitMs whatever takes longer has come to a halt */
export function start(
  limitMs: number,
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ChildProcess {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
    env: { ...process.env, ...environment },
  })
  // What a server says of each request is of no use here, but must not fill the pipe.
  child.stderr?.resume()
  process.once('exit', () => child.kill('SIGKILL'))
  return child
}

/** Starts a TypeScript file of ours, whose troubles are shown. */
export function startScript(limitMs: number, file: string, ...args: readonly string[]): ChildProcess {
  const child = start(limitMs, process.execPath, ['--conditions=source', file, ...args])
  child.stderr?.pipe(process.stderr)
  return child
}

export function linesOf(child: ChildProcess): AsyncIterable<string> {
  if (child.stdout === null) throw new TypeError('the process has no output')
  return createInterface({ input: child.stdout })
}

/** @returns the first URL that it prints, at the end of a line */
export async function readEndpoint(child: ChildProcess): Promise<string> {
  for await (const line of linesOf(child)) {
    const endpoint = /(http:\/\/127\.0\.0\.1:\d+)$/.exec(line)?.[1]
    if (endpoint === undefined) continue
    child.stdout?.resume()
    return endpoint
  }
  throw new Error('the server did not say where it listens')
}

export function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode)
  return new Promise((resolve) => child.once('exit', resolve))
}

/** For servers that cannot choose a port themselves. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

/** @returns whether something answers there before the time is over */
export async function answers(endpoint: string, limitMs: number): Promise<boolean> {
  const end = performance.now() + limitMs
  while (performance.now() < end) {
    const response = await fetch(endpoint, { signal: AbortSignal.timeout(1000) }).catch(() => undefined)
    if (response !== undefined) {
      await response.arrayBuffer()
      return true
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return false
}
