/** The bench runs, says what it measured in the shape it promises, and refuses flags that it does not know. */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Machine } from '../../bench/machine.ts'
import { findFairInputs } from '../../bench/primitive/fair-inputs.ts'
import { readyProviders } from '../../bench/providers.ts'
import { findSoftHsm } from '../../bench/rivals/softhsm2/softhsm2.ts'
import type { Row } from '../../bench/row.ts'

const BENCH = fileURLToPath(new URL('../../bench/main.ts', import.meta.url))
const TIMEOUT = 300_000

const CURVES = ['ECC_NIST_P256', 'ECC_NIST_P384', 'ECC_NIST_P521', 'ECC_SECG_P256K1', 'ECC_NIST_EDWARDS25519']

interface Result {
  readonly machine: Machine
  readonly rows: readonly Row[]
}

function runBench(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--conditions=source', BENCH, ...args], { encoding: 'utf8', timeout: TIMEOUT })
}

/** @returns what `--json` wrote, what `--svg` drew and what was printed */
function measure(...args: readonly string[]): Result & { readonly svg: string; readonly stdout: string } {
  const folder = mkdtempSync(join(tmpdir(), 'softkms-bench-'))
  try {
    const [json, svg] = [join(folder, 'rows.json'), join(folder, 'chart.svg')]
    const { status, stdout, stderr } = runBench('--quick', '--row-ms', '1', ...args, '--json', json, '--svg', svg)
    if (status !== 0) throw new Error(`the bench ended with ${String(status)}: ${stderr}`)
    return { ...(JSON.parse(readFileSync(json, 'utf8')) as Result), svg: readFileSync(svg, 'utf8'), stdout }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function providersOf(rows: readonly Row[], name: string): readonly string[] {
  return rows.filter((row) => row.name === name).map(({ provider }) => provider)
}

describe('primitives', () => {
  let measured: ReturnType<typeof measure>
  beforeAll(() => {
    measured = measure('--level', 'primitive')
  }, TIMEOUT)

  test.each([
    'AES-256-GCM seal 32 B',
    'AES-256-GCM open 32 B',
    'AES-256-GCM seal 4096 B',
    'AES-256-GCM open 4096 B',
    'HMAC-SHA-256 32 B',
    'HMAC-SHA-512 32 B',
    'RSA_2048 private',
    'RSA_2048 public',
    'RSA_4096 private',
    ...CURVES.flatMap((spec) => [`${spec} sign`, `${spec} verify`, `${spec} generate`]),
    'ECC_NIST_P521 derive',
  ])('%s, under every provider that computes it, and SoftHSM2 where it is', (name) => {
    const providers = providersOf(measured.rows, name)
    expect(providers).toEqual(expect.arrayContaining(['noble', 'native']))
    expect(providers.includes('softhsm2')).toBe(findSoftHsm() !== undefined)
    expect(new Set(providers).size).toBe(providers.length)
  })

  test.each(['KBKDF 32 B', 'KBKDF and AES-256-GCM seal 32 B', 'ML_DSA_65 verify', 'ML_KEM_768 decapsulate'])(
    '%s, which SoftHSM2 does not have',
    (name) => {
      expect(providersOf(measured.rows, name)).toEqual(expect.arrayContaining(['noble', 'native']))
      expect(providersOf(measured.rows, name)).not.toContain('softhsm2')
    },
  )

  test('every provider has rows of what it computes itself, and of nothing else', async () => {
    for (const { name, computes } of await readyProviders()) {
      expect(providersOf(measured.rows, 'AES-256-GCM seal 32 B').includes(name)).toBe(computes('AES-256-GCM'))
      expect(providersOf(measured.rows, 'RSA_2048 private').includes(name)).toBe(computes('RSA'))
      expect(providersOf(measured.rows, 'CTR_DRBG 32 B').includes(name)).toBe(computes('AES-256'))
    }
  })

  /** What is timed over inputs that stand beside the repository, which may not be there. */
  test
    .runIf(findFairInputs() !== undefined)
    .each(['ML_DSA_44 sign', 'ML_DSA_65 sign', 'ML_DSA_87 sign', 'RSA_2048 generate'])(
    '%s, over fair inputs',
    (name) => {
      expect(providersOf(measured.rows, name)).toEqual(expect.arrayContaining(['noble', 'native']))
    },
  )

  test('rows say what AWS documents, and the machine what was measured', () => {
    const { rows, machine, stdout, svg } = measured
    for (const row of rows) {
      expect(row.level).toBe('primitive')
      expect(row.opsPerSecond).toBeGreaterThan(0)
      expect(row.spread).toBeGreaterThanOrEqual(0)
      expect(stdout).toContain(row.name)
    }
    expect(rows.find(({ name }) => name === 'RSA_2048 private')).toMatchObject({ documentedRate: 500, quota: 1000 })
    expect(rows.find(({ name }) => name === 'RSA_2048 public')).toMatchObject({ documentedRate: 10_000, quota: 1000 })
    expect(machine.node).toBe(process.version)
    expect(machine.versions['openssl']).toBe(process.versions.openssl)
    expect(svg).toContain('RSA_2048 private')
  })
})

test('the engine in process and over HTTP', { timeout: TIMEOUT }, () => {
  const { rows, stdout } = measure('--level', 'engine', '--level', 'http', '--only', '4096 B')
  for (const name of ['Encrypt 4096 B', 'Decrypt 4096 B']) {
    const documentedRate = name.startsWith('Encrypt') ? 5_500 : 10_000
    const engine = rows.filter((row) => row.level === 'engine' && row.name === name)
    expect(engine.map(({ provider }) => provider)).toEqual(expect.arrayContaining(['noble', 'native']))
    expect(engine[0]).toMatchObject({ documentedRate, quota: 10_000 })
    const http = rows.filter((row) => row.level === 'http' && row.name === name)
    expect(http.map(({ provider }) => provider)).toEqual(expect.arrayContaining(['noble', 'kernels', 'native', 'bare']))
  }
  expect(rows.every(({ name }) => name.includes('4096 B'))).toBe(true)
  expect(stdout).toMatch(/^engine +provider +per second/m)
  expect(stdout).toMatch(/^http +provider +per second/m)
})

test('those providers alone that are asked for', { timeout: TIMEOUT }, () => {
  const { rows } = measure('--level', 'engine', '--only', 'HMAC_256', '--provider', 'native')
  expect(rows.map(({ provider }) => provider)).toEqual(['native', 'native'])
})

test('the engine under keys of other specs', { timeout: TIMEOUT }, () => {
  const { rows } = measure('--level', 'engine', '--only', 'P256')
  expect([...new Set(rows.map(({ name }) => name))]).toEqual([
    ...['Sign', 'Verify', 'DeriveSharedSecret', 'GenerateDataKeyPair'].map((name) => `${name} ECC_NIST_P256`),
    ...['Sign', 'Verify', 'GenerateDataKeyPair'].map((name) => `${name} ECC_SECG_P256K1`),
  ])
})

test('an answer, believed and verified, and decisions', { timeout: TIMEOUT }, () => {
  const { rows } = measure('--level', 'signature', '--level', 'decision')
  expect(rows.map(({ name }) => name)).toEqual([
    'Decide: by key policy',
    'Decide: by identity policy',
    'Decide: by grant, one on the key',
    'Decide: by grant, 50,000 on the key',
    'Decide: by grant, one of its 50,000',
    'Answer: signature believed',
    'Answer: signature verified',
  ])
})

test.each([
  ['--slow'],
  ['--level', 'wire'],
  ['--provider', 'abacus'],
  ['--row-ms', '0'],
  ['--row-ms', 'soon'],
  ['rows.json'],
])('refuses %s %s', (...args) => {
  const { status, stderr } = runBench(...args)
  expect(status).toBe(2)
  expect(stderr).toContain('usage: pnpm bench')
})

test('says at once when there is no place for the rows', () => {
  const folder = mkdtempSync(join(tmpdir(), 'softkms-bench-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const flag of ['--json', '--svg']) {
    const { status, stdout, stderr } = runBench(flag, join(folder, 'no/such/file'))
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/^cannot write .*file: ENOENT/)
  }
})
