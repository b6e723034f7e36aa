import { expect, onTestFinished, test, vi } from 'vitest'
import { type Check, runChecks } from '../../tools/check.ts'

function checkThat(name: string, perform: Check['perform']): Check {
  return { name, perform }
}

test('every check runs, one line each, and a failing one shows all it said', async () => {
  const lines: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => lines.push(line))
  onTestFinished(() => {
    log.mockRestore()
  })
  const tally = await runChecks(
    [],
    [
      checkThat('good', () => Promise.resolve({ isPassed: true, output: 'silent' })),
      checkThat('bad', () => Promise.resolve({ isPassed: false, output: 'one\ntwo' })),
      checkThat('broken', () => Promise.reject(new Error('no such file'))),
    ],
  )
  expect(tally).toEqual({ passed: 1, failed: 2 })
  expect(lines[0]).toMatch(/^ok {6}good +0\.\d s$/)
  expect(lines[1]).toMatch(/^FAILED {2}bad +0\.\d s$/)
  expect(lines[2]).toBe('one\ntwo')
  expect(lines[4]).toContain('no such file')
  expect(lines).toHaveLength(5)
})
