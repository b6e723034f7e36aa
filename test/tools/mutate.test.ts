import { PERMITS } from '@softkms/lifecycle'
import { expect, onTestFinished, test } from 'vitest'
import { HARMLESS } from '../../tools/mutation/harmless.ts'
import { mutantsOf } from '../../tools/mutation/mutants.ts'
import { type Table, cellsOf, judgeWave, wavesOf } from '../../tools/mutation/permit-waves.ts'
import { type MutatedTests, startMutatedTests } from '../../tools/mutation/mutated-tests.ts'
import { readTree } from '../../tools/tree.ts'

const SMALL: Table = { Turn: { On: 'ok', Off: 'Off' }, Look: { On: 'ok', Off: 'ok' } }

const mutationsOf = (text: string): string[] => mutantsOf({ path: 'a.ts', text }).map((mutant) => mutant.text)

test.each([
  ['if (a) b()', ['if (!(a)) b()', 'if (a) ']],
  ['const a = b < c ? 1 : d', ['const a = !(b < c) ? 1 : d', 'const a = b <= c ? 1 : d', 'const a = b < c ? 2 : d']],
  ['const a = b ?? c', ['const a = b', 'const a = c']],
  ['const a = { ...b, c }', ['const a = {  c }', 'const a = { ...b,  }']],
  ['const a = [b]', ['const a = []']],
  ['const a = Math.max(b, c)', ['const a = Math.min(b, c)']],
  ['const a = true', ['const a = false']],
  ['const a = accept(b)', ['const a = accept(life)', "const a = refuse('Mutant')"]],
])('%s', (text, expected) => {
  expect(mutationsOf(text)).toEqual(expected)
})

test.each(["import { a } from 'b'", 'type A = 1 | true', 'const a = b satisfies never'])(
  'nothing is wrong with %s',
  (text) => {
    expect(mutationsOf(text)).toEqual([])
  },
)

test('a mutant says where it is and what it is', () => {
  expect(mutantsOf({ path: 'a.ts', text: 'let a\na = b - c' })).toEqual([
    { path: 'a.ts', line: 2, code: 'a = b - c', title: 'a = b - c  ->  nothing', text: 'let a\n' },
    { path: 'a.ts', line: 2, code: 'a = b - c', title: '-  ->  +', text: 'let a\na = b + c' },
  ])
  expect(() => mutantsOf({ path: 'a.ts', text: 'let' })).toThrow(SyntaxError)
})

test('every cell has every other verdict in one of the waves, and its own in another of the same verdict', () => {
  const verdicts = [...new Set(Object.values(PERMITS).flatMap((row) => Object.values(row)))]
  const waves = wavesOf(PERMITS, verdicts)
  for (const [cell, own] of ownVerdicts(PERMITS)) {
    for (const verdict of verdicts) {
      const wrong = waves.filter((wave) => wave.verdict === verdict && wave.wrong.has(cell))
      expect(wrong).toHaveLength(verdict === own ? 0 : 1)
      for (const wave of wrong) expect(new Map(ownVerdicts(wave.table)).get(cell)).toBe(verdict)
    }
  }
})

function ownVerdicts(table: Table): [string, string][] {
  return Object.entries(table).flatMap(([operation, row]) =>
    Object.entries(row).map(([state, verdict]): [string, string] => [`${operation} ${state}`, verdict]),
  )
}

test('a wave finds the cell that no test sees, and the test that looks at another cell', () => {
  const [first] = wavesOf(SMALL, ['Gone'])
  if (first === undefined) throw new Error('there are waves')
  expect(judgeWave(first, first.wrong)).toEqual([])
  const right = cellsOf(SMALL).filter((cell) => !first.wrong.has(cell))
  expect(judgeWave(first, new Set(right)).toSorted()).toEqual(
    [
      ...Array.from(first.wrong, (cell) => `${cell}: no test fails when it is 'Gone'`),
      ...right.map((cell) => `${cell}: its test fails though the cell is right`),
    ].toSorted(),
  )
})

test(
  'a wrong permit fails a test, the right one none, and the file is left as it is',
  { timeout: 60_000 },
  async () => {
    const path = 'packages/lifecycle/src/permits.ts'
    const textOf = (): string => readTree().find((file) => file.path === path)?.text ?? ''
    const before = textOf()
    const { exitCode } = process
    const tests: MutatedTests = await startMutatedTests(0)
    onTestFinished(() => tests.close())
    const suite = ['test/lifecycle/permits.test.ts']
    const wrong = `${before}\nObject.assign(PERMITS, { Decrypt: { ...PERMITS.Decrypt, Disabled: 'ok' } })\n`
    expect((await tests.run(suite, path, wrong)).failed).toEqual(['Decrypt of a key that is Disabled: x1'])
    const right = await tests.run(suite, path, before)
    expect(right.failed).toEqual([])
    expect(right.passed.length).toBeGreaterThan(300)
    expect((await tests.run(suite, path, 'not TypeScript')).failed).not.toEqual([])
    expect(textOf()).toBe(before)
    // Whoever asks for a test that fails has not failed.
    expect(process.exitCode).toBe(exitCode)
  },
)

test('every harmless mutant is one that there is, and has a reason', () => {
  for (const { file, code, title, reason } of HARMLESS) {
    const source = readTree().find(({ path }) => path === `packages/lifecycle/src/${file}.ts`)
    expect(source && mutantsOf(source)).toContainEqual(expect.objectContaining({ code, title }))
    expect(reason).not.toBe('')
  }
})

test('what would change nothing is no mutant', () => {
  expect(mutationsOf('const a = accept(life)')).toEqual(["const a = refuse('Mutant')"])
})
