/**
 * Proves that the tests of the lifecycle see what is wrong: `pnpm mutate`.
 *
 * First every cell of the table of permits has every other verdict, and the cell's own test must fail; then every line
 * of the rest of the package is wronged in small ways, and some test must. Nothing in the tree is touched. A test suite
 * that passes says little of a wrong that none of its tests would notice.
 *
 * `pnpm mutate permits` and `pnpm mutate lines` do one of the two; `pnpm mutate lines rotation` one file.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PERMITS, type Verdict } from '@softkms/lifecycle'
import { HARMLESS } from './mutation/harmless.ts'
import { type Mutant, mutantsOf } from './mutation/mutants.ts'
import { type MutatedTests, startMutatedTests } from './mutation/mutated-tests.ts'
import { cellsOf, judgeWave, wavesOf } from './mutation/permit-waves.ts'
import { ROOT, type TreeFile } from './tree.ts'

const SOURCES = 'packages/lifecycle/src'
const FILES = [
  'deadline',
  'effect',
  'import',
  'instant',
  'key-life',
  'multi-region',
  'outcome',
  'rotation',
  'transition',
]

/** The examples first, because they are quick; the laws for what gets past them. */
const SUITES: readonly (readonly string[])[] = [['test/lifecycle/'], ['test/property/key-']]

/** Every verdict that there is; the compiler sees to it. */
const VERDICTS: Readonly<Record<Verdict, true>> = {
  ok: true,
  Creating: true,
  Disabled: true,
  NotPendingDeletion: true,
  Origin: true,
  OriginOrState: true,
  PendingDeletion: true,
  PendingImport: true,
  PendingReplicaDeletion: true,
  Unavailable: true,
  Updating: true,
}

/** @returns what no test sees, printed as it is found */
async function mutatePermits(): Promise<string[]> {
  const { path, text } = readSource('permits')
  const tests = await startMutatedTests(0)
  const unseen: string[] = []
  const waves = wavesOf(PERMITS, Object.keys(VERDICTS))
  for (const [number, wave] of waves.entries()) {
    progress(`permits ${number + 1}/${waves.length}  ${wave.verdict}`)
    const wrong = `${text}\nObject.assign(PERMITS, ${JSON.stringify(wave.table)})\n`
    const { failed } = await tests.run(['test/lifecycle/permits.test.ts'], path, wrong)
    const cells = failed.flatMap((name) => {
      const [, operation, state] = /(\w+) of a key that is (\w+):/.exec(name) ?? []
      return operation === undefined || state === undefined ? [] : [`${operation} ${state}`]
    })
    const found = judgeWave(wave, new Set(cells))
    progress('')
    for (const one of found) console.log(one)
    unseen.push(...found)
  }
  await tests.close()
  progress('')
  const count = cellsOf(PERMITS).length
  console.log(`permits: ${count} cells, ${waves.length} waves, ${unseen.length} that no test sees`)
  return unseen
}

/** @returns the mutants that every test passes, printed as they are found */
async function mutateLines(names: readonly string[]): Promise<readonly Mutant[]> {
  const mutants = names.flatMap((name) => mutantsOf(readSource(name)))
  const tests = await startMutatedTests(1)
  const survivors: Mutant[] = []
  for (const [number, mutant] of mutants.entries()) {
    if (isHarmless(mutant)) continue
    progress(`lines ${number + 1}/${mutants.length}  ${survivors.length} survive  ${mutant.path}:${mutant.line}`)
    if (await isSeen(tests, mutant)) continue
    survivors.push(mutant)
    progress('')
    console.log(`${mutant.path}:${mutant.line}  ${mutant.title}`)
  }
  await tests.close()
  progress('')
  const harmless = mutants.filter(isHarmless).length
  console.log(`lines: ${mutants.length} mutants, ${harmless} of them harmless, ${survivors.length} survive`)
  return survivors
}

async function isSeen(tests: MutatedTests, { path, text }: Mutant): Promise<boolean> {
  for (const suite of SUITES) {
    const { failed } = await tests.run(suite, path, text)
    if (failed.length > 0) return true
  }
  return false
}

function isHarmless({ path, code, title }: Mutant): boolean {
  return HARMLESS.some((one) => path === `${SOURCES}/${one.file}.ts` && code === one.code && title === one.title)
}

function readSource(name: string): TreeFile {
  const path = `${SOURCES}/${name}.ts`
  return { path, text: readFileSync(join(ROOT, path), 'utf8') }
}

/** One line that is written over and over; where nobody looks, nothing. */
function progress(line: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\u001B[K${line}`)
}

const [mode = 'all', ...names] = process.argv.slice(2)
const unseen = [
  ...(mode === 'lines' ? [] : await mutatePermits()),
  ...(mode === 'permits' ? [] : await mutateLines(names.length > 0 ? names : FILES)),
]
if (unseen.length > 0) process.exitCode = 1
