/**
 * Installs what the bench measures softkms against, into this folder and nowhere else: `pnpm bench --rivals`.
 *
 * SoftHSM2 itself is the system's to install. What cannot be installed is left out, and said.
 */

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { findSoftHsmLibrary } from './softhsm2/softhsm2.ts'
import { BIN, LOCAL_KMS, REQUIREMENTS, RIVALS_FOLDER, VENV } from './versions.ts'

const TIMEOUT_MS = 10 * 60_000

interface Step {
  readonly what: string
  readonly commands: readonly (readonly [program: string, ...args: readonly string[]])[]
  readonly environment?: Readonly<Record<string, string>>
}

const STEPS: readonly Step[] = [
  {
    what: 'pkcs11js, the PKCS#11 binding',
    commands: [['npm', 'ci', '--prefix', RIVALS_FOLDER, '--no-audit', '--no-fund']],
  },
  {
    what: 'moto',
    commands: [
      ['python3', '-m', 'venv', VENV],
      [join(VENV, 'bin/pip'), 'install', '--quiet', '--requirement', REQUIREMENTS],
    ],
  },
  {
    what: 'local-kms',
    commands: [['go', 'install', `${LOCAL_KMS.module}@${LOCAL_KMS.version}`]],
    environment: { GOBIN: BIN },
  },
]

/** @param note is told what is done and what is left out */
export function installRivals(note: (text: string) => void): void {
  if (findSoftHsmLibrary() === undefined)
    note('SoftHSM2 is not there: install it by hand, such as `apt install softhsm2`')
  for (const { what, commands, environment } of STEPS) {
    note(`installing ${what}`)
    for (const [program, ...args] of commands) {
      const env = { ...process.env, ...environment }
      const { status, error, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: TIMEOUT_MS, env })
      if (status === 0) continue
      const reason = error?.message ?? stderr.trim().split('\n').at(-1) ?? `exit code ${status}`
      note(`${what} is left out: ${reason}`)
      break
    }
  }
}
