/** The `softkms` command as a process of its own, run from the sources. */
import { type ChildProcess, spawn } from 'node:child_process'

const MAIN = new URL('../../packages/cli/src/main.ts', import.meta.url).pathname

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CommandOptions {
  /** Instead of the test's own environment. */
  readonly env?: NodeJS.ProcessEnv
  /** Keeps the standard input open, to be written to. */
  readonly hasInput?: boolean
  /** Flags of Node itself. */
  readonly nodeFlags?: readonly string[]
}

export interface RunningCommand {
  readonly process: ChildProcess
  /** What it has printed to stdout so far. */
  readonly stdout: () => string
  /** What it has printed to stderr so far. */
  readonly stderr: () => string
  /** Waits for a line of stdout that matches, and returns the match. */
  readonly line: (pattern: RegExp) => Promise<RegExpExecArray>
  readonly ended: Promise<Ended>
}

export function startCommand(...args: readonly string[]): RunningCommand {
  return startCommandAs({}, ...args)
}

/** @param env variables besides those of this process */
export function startCommandWith(env: { readonly [name: string]: string }, ...args: readonly string[]): RunningCommand {
  return startCommandAs({ env: { ...process.env, ...env } }, ...args)
}

export function startCommandAs(options: CommandOptions, ...args: readonly string[]): RunningCommand {
  const { env = process.env, hasInput = false, nodeFlags = [] } = options
  const stdio: ['pipe' | 'ignore', 'pipe', 'pipe'] = [hasInput ? 'pipe' : 'ignore', 'pipe', 'pipe']
  const child = spawn(process.execPath, ['--conditions=source', ...nodeFlags, MAIN, ...args], { env, stdio })
  // A command that has ended reads no more; what it says of that is in its code.
  child.stdin?.on('error', () => {})
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })))
  return {
    process: child,
    ended,
    stdout: () => stdout,
    stderr: () => stderr,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(stdout)
          if (match !== null) resolve(match)
        }
        child.stdout?.on('data', look)
        child.on('close', () => reject(new Error(`ended without ${pattern.source}: ${stderr}`)))
        look()
      }),
  }
}
