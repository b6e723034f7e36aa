/**
 * The `openssl` command, as an implementation that has nothing of ours.
 *
 * Where there is none that knows KBKDF (OpenSSL 3), its tests are skipped and say so in their names;
 * `SOFTKMS_REQUIRE_CLIENTS=1` makes that a failure.
 */
import { spawnSync } from 'node:child_process'
import { toHex } from './bits.ts'

export interface OpenSsl {
  readonly isMissing: boolean
  /** The version, or why there is none. For names of tests. */
  readonly summary: string
}

/** @throws when there is none and `SOFTKMS_REQUIRE_CLIENTS=1` */
export function findOpenSsl(): OpenSsl {
  const { stdout, error } = spawnSync('openssl', ['version'], { encoding: 'utf8' })
  const version = error === undefined ? stdout.trim() : undefined
  if (version !== undefined && /^OpenSSL (?:[3-9]|\d\d)\./.test(version)) {
    return { isMissing: false, summary: version.split(' ').slice(0, 2).join(' ') }
  }
  const reason = version === undefined ? 'there is no openssl on PATH' : `${version} has no KBKDF`
  if (process.env['SOFTKMS_REQUIRE_CLIENTS'] === '1') throw new Error(reason)
  return { isMissing: true, summary: `skipped: ${reason}` }
}

/** SP 800-108 in counter mode with HMAC-SHA-256, 32 bytes. */
export function deriveWithOpenSsl(key: Uint8Array, label: Uint8Array, context: Uint8Array): string {
  const options = ['mac:HMAC', 'digest:SHA256', 'mode:counter', `hexkey:${toHex(key)}`]
  const input = [`hexsalt:${toHex(label)}`, `hexinfo:${toHex(context)}`]
  const args = [...options, ...input].flatMap((option) => ['-kdfopt', option])
  return run(['kdf', '-keylen', '32', ...args, 'KBKDF'])
    .toString()
    .trim()
    .replaceAll(':', '')
    .toLowerCase()
}

/** What OpenSSL makes of DER, one line a value. */
export function parseWithOpenSsl(der: Uint8Array): readonly string[] {
  return run(['asn1parse', '-inform', 'DER'], der).toString().trimEnd().split('\n')
}

function run(args: readonly string[], input: Uint8Array = new Uint8Array(0)): Buffer {
  const { status, stdout, stderr } = spawnSync('openssl', args, { input })
  if (status !== 0) throw new Error(`openssl ${args[0] ?? ''}: ${stderr.toString().trim()}`)
  return stdout
}
