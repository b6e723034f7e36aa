/** The leak harness: its statistics, and that it looks at everything and catches what leaks on purpose. */

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { type Sample, findLeak, welch } from '../../bench/timing-leak/welch.ts'

const HARNESS = fileURLToPath(new URL('../../bench/timing-leak/main.ts', import.meta.url))

function runHarness(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--conditions=source', HARNESS, ...args], { encoding: 'utf8', timeout: 60_000 })
}

test('Welch’s t, of samples whose t is known', () => {
  // Means 2 and 4, variances 1 and 4: -2 / sqrt(1/3 + 4/3).
  const [first, second] = [
    [1, 2, 3],
    [2, 4, 6],
  ]
  expect(welch(first, second)).toBeCloseTo(-1.549193, 6)
  expect(welch(second, first)).toBeCloseTo(1.549193, 6)
  expect(welch(first, first)).toBe(0)
  expect(welch([1], second)).toBe(0)
  expect(welch([1, 1], [1, 1])).toBe(0)
})

test('finds a difference that only the quick samples show', () => {
  const samples = (['fixed', 'random'] as const).flatMap((secret) =>
    Array.from({ length: 1000 }, (_, i): Sample => {
      const noise = (i * 37) % 10
      if (i % 10 === 0) return { secret, time: 100_000 + 1000 * ((i * 7919) % 997) }
      return { secret, time: (secret === 'fixed' ? 100 : 104) + noise }
    }),
  )
  expect(findLeak(samples)).toBeGreaterThan(20)
  const both = samples.flatMap((sample): Sample[] => [
    { ...sample, secret: 'fixed' },
    { ...sample, secret: 'random' },
  ])
  expect(findLeak(both)).toBeLessThan(0.1)
})

test('looks at all that is to be constant in time, and catches the controls', { timeout: 60_000 }, () => {
  const { stdout, stderr } = runHarness('--samples', '2000')
  expect(stderr).toBe('')
  for (const name of [
    'AES-256: key schedule',
    'AES-256: blocks',
    'GHASH block by block',
    'GHASH in lanes',
    'comparison of tags',
    'powers on integers, by exponent',
    'powers on integers, by base',
    'P-256 on integers: signature, by key',
    'Ed25519: base point, by scalar',
    'ML-KEM-768: decapsulation, genuine or not',
    'ML-DSA: arithmetic',
    'OAEP: decoding',
  ]) {
    expect(stdout).toMatch(new RegExp(`^${name}.* (?:not told apart|TOLD APART)$`, 'm'))
  }
  const controls = stdout.match(/^control: .*$/gm)
  expect(controls).toHaveLength(6)
  expect(controls?.filter((line) => !line.endsWith(' caught'))).toEqual([])
})

test.each([['--samples', '0'], ['--samples', 'many'], ['--fast']])('refuses %s %s', (...args) => {
  expect(runHarness(...args).status).toBe(2)
})
