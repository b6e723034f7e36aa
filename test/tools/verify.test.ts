import { expect, test } from 'vitest'
import { countTests, formatTally } from '../../tools/verify.ts'

const TOTALS = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1, testResults: [] }

function reportOf(more: object): string {
  return JSON.stringify({ ...TOTALS, ...more })
}

test('a good run counts what passed and what was skipped', () => {
  expect(countTests(reportOf({}), true)).toEqual({ passed: 3, failed: 0, skipped: 2 })
})

test.each([
  ['failed tests', reportOf({ numFailedTests: 2 }), false, 2],
  ['a file that does not load', reportOf({ testResults: [{ status: 'failed', assertionResults: [] }] }), false, 1],
  ['an error outside every test', reportOf({}), false, 1],
  ['a run of no test', reportOf({ numPassedTests: 0 }), true, 1],
  ['a run that left no report', undefined, true, 1],
])('%s: never a success', (_what, report, isSuccess, failed) => {
  expect(countTests(report, isSuccess).failed).toBe(failed)
})

test('a failed test in a failed file is counted once', () => {
  const testResults = [{ status: 'failed', assertionResults: [{ status: 'failed' }] }]
  expect(countTests(reportOf({ numFailedTests: 1, testResults }), false).failed).toBe(1)
})

test('the closing line is plain', () => {
  expect(formatTally({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed')
  expect(formatTally({ passed: 12, failed: 1, skipped: 3 })).toBe('12 passed, 1 failed, 3 skipped')
})
