/** The `softkms` command, run to its end with an input and an environment. */
import { spawnSync } from 'node:child_process'
import type { Ended } from './command.ts'

const MAIN = new URL('../../packages/cli/src/main.ts', import.meta.url).pathname

export interface Surroundings {
  readonly input?: Uint8Array | string
  readonly env?: Readonly<Record<string, string>>
}

export function runCommand(args: readonly string[], { input = '', env = {} }: Surroundings = {}): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--conditions=source', MAIN, ...args], {
    input,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    // Whoever runs the tests in a terminal with colours gets the same output as everybody else.
    env: { PATH: process.env['PATH'], ...env },
  })
  return { code: status, stdout, stderr }
}
