/** The `softkms` command as a process of its own, run from the sources. */
import { type ChildProcess, spawn } from 'node:child_process'

const MAIN = new URL('../../packages/cli/src/main.ts', import.meta.url).pathname

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningCommand {
  readonly process: ChildProcess
  /** What it has printed to stdout so far. */
  readonly stdout: () => string
  /** Waits for a line of stdout that matches, and returns the match. */
  readonly line: (pattern: RegExp) => Promise<RegExpExecArray>
  readonly ended: Promise<Ended>
}

export function startCommand(...args: readonly string[]): RunningCommand {
  return startCommandWith({}, ...args)
}

/** @param env variables besides those of this process */
export function startCommandWith(env: { readonly [name: string]: string }, ...args: readonly string[]): RunningCommand {
  const child = spawn(process.execPath, ['--conditions=source', MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })))
  return {
    process: child,
    ended,
    stdout: () => stdout,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(stdout)
          if (match !== null) resolve(match)
        }
        child.stdout.on('data', look)
        child.on('close', () => reject(new Error(`ended without ${pattern.source}: ${stderr}`)))
        look()
      }),
  }
}
