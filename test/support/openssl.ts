/**
 * The `openssl` command, as a second opinion.
 *
 * Where it is missing, tests that need it are skipped by name, unless `SOFTKMS_REQUIRE_CLIENTS=1`, which makes that a
 * failure.
 */

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const isThere = spawnSync('openssl', ['version']).status === 0
const isRequired = process.env['SOFTKMS_REQUIRE_CLIENTS'] === '1'

/** Whether tests that need it are to be skipped. */
export const lacksOpenSsl: boolean = !isThere && !isRequired

export interface OpenSsl {
  /** Writes a file into a folder of the test's own, and returns its path. */
  readonly file: (name: string, content: Uint8Array) => string
  /** Runs a command and returns its stdout. @throws Error when it fails */
  readonly run: (...args: readonly string[]) => Uint8Array
}

/** A test that runs `openssl`. */
export function testOpenSsl(title: string, body: (openssl: OpenSsl) => void | Promise<void>): void {
  test(`openssl: ${title}`, async ({ skip }) => {
    skip(lacksOpenSsl, 'there is no openssl')
    expect(isThere, 'openssl is missing, and SOFTKMS_REQUIRE_CLIENTS=1').toBe(true)
    const folder = mkdtempSync(join(tmpdir(), 'softkms-openssl-'))
    try {
      await body({
        file(name, content) {
          const path = join(folder, name)
          writeFileSync(path, content)
          return path
        },
        run: (...args) => Uint8Array.from(execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] })),
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
}
