/**
 * Runs the Wycheproof files of one set: every test is counted, each as accepted, refused or skipped for a named reason.
 *
 * A result `acceptable` may go either way; which, and why, stands in `tools/docs/vector-counts.ts`, as do the counts of
 * the known files. A file that is not known runs as well.
 */

import { afterAll, expect } from 'vitest'
import { ACCEPTABLE, WYCHEPROOF_COUNTS, countRun } from '../../tools/docs/vector-counts.ts'
import { testVectors } from './vectors.ts'
import { type WycheproofSet, filesOf } from './wycheproof-files.ts'

export interface WycheproofTest {
  readonly tcId: number
  readonly comment?: string
  readonly result: 'valid' | 'invalid' | 'acceptable'
  readonly flags?: readonly string[]
}

interface WycheproofGroup<Test> {
  readonly tests: readonly Test[]
}

interface WycheproofFile<Group> {
  readonly algorithm: string
  readonly numberOfTests: number
  readonly testGroups: readonly Group[]
}

/** What was made of a test: whether it was accepted, or why it was not run. */
export type Verdict = boolean | { readonly skipped: string }

export interface WycheproofRun<Group, Test> {
  /** @param algorithm what the file says that it is about */
  readonly run: (test: Test, group: Group, algorithm: string) => Verdict
  /** A reason for which this run leaves tests to another run of the same files. */
  readonly leaves?: string
  /** Distinguishes runs of one file. */
  readonly title?: string
}

export function testWycheproof<Test extends WycheproofTest, Group extends WycheproofGroup<Test>>(
  set: WycheproofSet,
  { run, leaves, title }: WycheproofRun<Group, Test>,
): void {
  for (const name of filesOf(set)) {
    testVectors(
      `wycheproof/${name}_test.json`,
      (parsed) => runFile(name, parsed as WycheproofFile<Group>, run, leaves),
      title === undefined ? '' : `: ${title}`,
    )
    afterAll(() => {
      const [told, ran] = [WYCHEPROOF_COUNTS[name], mostRun.get(name)]
      if (told !== undefined && ran !== undefined) expect(ran, `${name} in vector-counts.ts`).toBe(countRun(told))
    })
  }
}

/** Of all the runs of a file, the most of its tests that one has run. */
const mostRun = new Map<string, number>()

function runFile<Test extends WycheproofTest, Group extends WycheproofGroup<Test>>(
  name: string,
  file: WycheproofFile<Group>,
  run: (test: Test, group: Group, algorithm: string) => Verdict,
  leaves: string | undefined,
): void {
  const skips: Record<string, number> = {}
  const wrong: string[] = []
  let ran = 0
  for (const group of file.testGroups) {
    for (const one of group.tests) {
      const verdict = run(one, group, file.algorithm)
      if (typeof verdict !== 'boolean') {
        skips[verdict.skipped] = (skips[verdict.skipped] ?? 0) + 1
        continue
      }
      ran++
      if (verdict !== isExpected(one)) wrong.push(`${one.tcId} (${one.result}): ${one.comment ?? ''}`)
    }
  }
  expect(wrong).toEqual([])
  expect(ran).toBeGreaterThan(0)
  expect(Object.values(skips).reduce((sum, n) => sum + n, ran)).toBe(file.numberOfTests)
  mostRun.set(name, Math.max(mostRun.get(name) ?? 0, ran))

  const told = WYCHEPROOF_COUNTS[name]
  if (told === undefined) return
  expect(file.numberOfTests).toBe(told.tests)
  if (leaves === undefined || skips[leaves] === undefined) expect(skips).toEqual(told.skipped ?? {})
  else expect({ ...told.skipped, [leaves]: skips[leaves] }).toEqual(skips)
}

function isExpected(one: WycheproofTest): boolean {
  if (one.result !== 'acceptable') return one.result === 'valid'
  const decision = one.flags?.map((flag) => ACCEPTABLE[flag]).find((found) => found !== undefined)
  if (decision === undefined) throw new Error(`no decision for ${one.tcId}: ${one.flags?.join(', ')}`)
  return decision.isAccepted
}
