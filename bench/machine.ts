/** What the numbers were measured on. */

import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import { findRivalVersions } from './rivals/versions.ts'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly platform: string
  readonly node: string
  /** Of the repository, with a mark when the tree was changed; absent outside a repository. */
  readonly commit?: string
  readonly date: string
  /** Of what computes: OpenSSL behind the native provider, and whoever is measured beside us. */
  readonly versions: Readonly<Record<string, string>>
}

export function describeMachine(): Machine {
  const commit = readCommit()
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    ...(commit === undefined ? {} : { commit }),
    date: new Date().toISOString(),
    versions: { openssl: process.versions.openssl, v8: process.versions.v8, ...findRivalVersions() },
  }
}

function readCommit(): string | undefined {
  try {
    const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8', stdio: 'pipe' }).trim()
    const isChanged = git('status', '--porcelain', '--untracked-files=no') !== ''
    return git('rev-parse', '--short', 'HEAD') + (isChanged ? ' (changed)' : '')
  } catch {
    return undefined
  }
}
