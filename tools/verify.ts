/**
 * Exactly what CI runs: the README's test command, then every check. `pnpm verify`.
 *
 * Ends with one plain line, `N passed, N failed`, in which each test and each check counts as one.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runChecks } from './check.ts'
import { run } from './run.ts'
import { ROOT, readTree } from './tree.ts'

export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** What vitest's JSON report says, as far as it is counted. */
interface TestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

const TEST_COMMAND: readonly string[] = ['-y', 'pnpm@12.21.0', 'test']
const REPORT = join(ROOT, '.cache/verify/tests.json')

/**
 * Counts the tests of a run. A file that could not be loaded, a run that failed with no failed test to show for it,
 * and a run in which nothing passed or failed each count as a failure.
 *
 * @param report the text of the JSON report; `undefined` when the run left none
 */
export function countTests(report: string | undefined, isSuccess: boolean): Tally {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 }
  const tests = JSON.parse(report) as TestReport
  const unloaded = tests.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  ).length
  const passed = tests.numPassedTests
  const failed = tests.numFailedTests + unloaded
  const isHollow = failed === 0 && (passed === 0 || !isSuccess)
  return { passed, failed: isHollow ? 1 : failed, skipped: tests.numPendingTests + tests.numTodoTests }
}

export function formatTally({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

async function runTests(): Promise<Tally> {
  mkdirSync(dirname(REPORT), { recursive: true })
  rmSync(REPORT, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`]
  const { isSuccess } = await run('npx', [...TEST_COMMAND, ...reporters], { isEchoed: true })
  return countTests(readIfThere(REPORT), isSuccess)
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

async function main(): Promise<void> {
  console.log(`> npx ${TEST_COMMAND.join(' ')}`)
  const tests = await runTests()
  console.log('\n> pnpm check')
  const checks = await runChecks(readTree())
  const tally = { ...tests, passed: tests.passed + checks.passed, failed: tests.failed + checks.failed }
  process.exitCode = tally.failed > 0 ? 1 : 0
  console.log(`\n${formatTally(tally)}`)
}

if (import.meta.main) await main()
