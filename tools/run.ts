/** Runs a program to its end and keeps what it printed. */
import { spawn } from 'node:child_process'
import { ROOT } from './tree.ts'

export interface Run {
  /** True when it ended by itself with exit code 0. */
  readonly isSuccess: boolean
  /** Standard output and standard error in the order in which they arrived. */
  readonly output: string
  /** Standard output alone. */
  readonly stdout: string
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: { readonly [name: string]: string }
  /** The program is killed when it takes longer, and the run is a failure. */
  readonly limitMs?: number
  /** Also prints the output as it comes. */
  readonly isEchoed?: boolean
}

/** Never rejects: a program that cannot be started is a failed run that says so. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const { cwd = ROOT, env = {}, limitMs = 0, isEchoed = false } = options
  return new Promise((settle) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: limitMs,
      killSignal: 'SIGKILL',
    })
    let output = ''
    let stdout = ''
    const take = (text: string): void => {
      output += text
      if (isEchoed) process.stdout.write(text)
    }
    child.stdout.setEncoding('utf8').on('data', take)
    child.stderr.setEncoding('utf8').on('data', take)
    child.stdout.on('data', (text: string) => {
      stdout += text
    })
    child.on('error', (error) => {
      settle({ isSuccess: false, output: `${command}: ${error.message}\n`, stdout })
    })
    child.on('close', (code, signal) => {
      if (signal !== null) output += `${command} was ended by ${signal}${limitMs > 0 ? `; it has ${limitMs} ms` : ''}\n`
      settle({ isSuccess: code === 0, output, stdout })
    })
  })
}
