/** The bench runs, says what it measured in the shape it promises, and refuses flags that it does not know. */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { KEY_SPECS } from '@softkms/hsm'
import { expect, onTestFinished, test } from 'vitest'
import { findFairInputs } from '../../bench/hsm/fair-inputs.ts'
import type { Machine } from '../../bench/machine.ts'
import type { Row } from '../../bench/row.ts'

const BENCH = fileURLToPath(new URL('../../bench/main.ts', import.meta.url))

const NAMES = ['GenerateDataKey AES_256', 'Encrypt 32 B', 'Decrypt 32 B', 'Encrypt 4096 B', 'Decrypt 4096 B']

function runBench(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--conditions=source', BENCH, ...args], { encoding: 'utf8', timeout: 120_000 })
}

test('writes a row for every operation in process and over HTTP', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'softkms-bench-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'rows.json')

  const { status, stdout } = runBench('--row-ms', '5', '--level', 'engine', '--level', 'http', '--json', file)

  expect(status).toBe(0)
  const { machine, rows } = JSON.parse(readFileSync(file, 'utf8')) as { machine: Machine; rows: Row[] }
  expect(rows.map(({ level, provider, name }) => `${level} ${provider} ${name}`)).toEqual(
    ['engine', 'http'].flatMap((level) =>
      ['noble', 'kernels', 'native'].flatMap((provider) => NAMES.map((name) => `${level} ${provider} ${name}`)),
    ),
  )
  for (const row of rows) {
    expect(row.opsPerSecond).toBeGreaterThan(0)
    expect(row.spread).toBeGreaterThanOrEqual(0)
    expect(row.documentedRate).toBe(row.name.startsWith('Decrypt') ? 10_000 : 5_500)
    expect(stdout).toContain(row.name)
  }
  expect(machine.node).toBe(process.version)
})

test('times an answer, believed and verified', () => {
  const { status, stdout } = runBench('--row-ms', '5', '--level', 'signature')
  expect(status).toBe(0)
  expect(stdout).toMatch(/^Answer: signature believed +signature /m)
  expect(stdout).toMatch(/^Answer: signature verified +signature /m)
})

test('times decisions', () => {
  const { status, stdout } = runBench('--row-ms', '5', '--level', 'decision')
  expect(status).toBe(0)
  expect(stdout).toMatch(/^Decide: by key policy +decision /m)
  expect(stdout).toMatch(/^Decide: by identity policy +decision /m)
  expect(stdout).toMatch(/^Decide: by grant, 50,000 on the key +decision /m)
})

test('times the symmetric primitives of each provider, and tells them against the reference', () => {
  const { status, stdout } = runBench('--row-ms', '1', '--level', 'primitive', '--only', 'AES-256-GCM seal 32 B')
  expect(status).toBe(0)
  expect(stdout).toMatch(/^AES-256-GCM seal 32 B +primitive +noble .*%$/m)
  for (const provider of ['kernels', 'native']) {
    expect(stdout).toMatch(new RegExp(`^AES-256-GCM seal 32 B +primitive +${provider} .* \\d+\\.\\d\\dx$`, 'm'))
  }
})

test.each([
  ['SYMMETRIC_DEFAULT', ['noble', 'kernels', 'native']],
  ['ECC_NIST_P256', ['noble', 'native']],
  ['HMAC_', ['noble', 'kernels', 'native']],
  ['ML_KEM_512', ['noble', 'native']],
])('times %s under every provider that serves it', (only, providers) => {
  const { status, stdout } = runBench('--row-ms', '1', '--level', 'primitive', '--only', only)
  expect(status).toBe(0)
  for (const spec of Object.keys(KEY_SPECS).filter((one) => one.startsWith(only))) {
    for (const provider of providers) {
      expect(stdout).toMatch(new RegExp(`^${spec} \\w+.*\\bprimitive +${provider} `, 'm'))
    }
  }
})

/** What is timed over inputs that stand beside the repository, which may not be there. */
const areInputsThere = findFairInputs() !== undefined

test.runIf(areInputsThere).each([
  ['ML_DSA_44', ['generate', 'sign', 'verify']],
  ['RSA_2048', ['generate', 'sign', 'verify', 'encrypt', 'decrypt']],
] as const)('times every operation of %s under both providers', { timeout: 120_000 }, (spec, operations) => {
  const { status, stdout } = runBench('--row-ms', '1', '--level', 'primitive', '--only', spec)
  expect(status).toBe(0)
  for (const operation of operations) {
    for (const provider of ['noble', 'native']) {
      expect(stdout).toMatch(new RegExp(`^${spec} ${operation} +primitive +${provider} `, 'm'))
    }
  }
})

test.each([['--slow'], ['--level', 'wire'], ['--row-ms', '0'], ['--row-ms', 'soon'], ['rows.json']])(
  'refuses %s %s',
  (...args) => {
    const { status, stderr } = runBench(...args)
    expect(status).toBe(2)
    expect(stderr).toContain('usage: pnpm bench')
  },
)
