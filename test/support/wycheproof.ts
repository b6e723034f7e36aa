/**
 * Runs one Wycheproof file: every test is counted, each as accepted, refused or skipped for a named reason.
 *
 * A result `acceptable` may go either way, so the caller decides each, and says why, in a table by flag.
 */

import { afterAll, expect } from 'vitest'
import { type VectorCount, WYCHEPROOF_COUNTS } from '../../tools/docs/vector-counts.ts'
import { testVectors } from './vectors.ts'

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
  readonly numberOfTests: number
  readonly testGroups: readonly Group[]
}

/** What was made of a test: whether it was accepted, or why it was not run. */
export type Verdict = boolean | { readonly skipped: string }

/** What is decided for tests with this flag, and why. */
export interface Decision {
  readonly isAccepted: boolean
  readonly reason: string
}

export interface WycheproofRun<Group, Test> {
  /** The whole count of the file, so that a file that shrinks is noticed. */
  readonly count: number
  /** How many of them do not run, by reason. */
  readonly skipped?: Readonly<Record<string, number>>
  readonly acceptable?: Readonly<Record<string, Decision>>
  readonly run: (test: Test, group: Group) => Verdict
  /** Distinguishes runs of one file. */
  readonly title?: string
}

export function testWycheproof<Test extends WycheproofTest, Group extends WycheproofGroup<Test>>(
  name: string,
  { count, skipped = {}, acceptable = {}, run, title }: WycheproofRun<Group, Test>,
): void {
  const path = `wycheproof/${name}_test.json`
  // Some runs leave a part to the other provider or to the slow run, so the most is what the documents tell.
  afterAll(() => {
    const ran = mostRun.get(name)
    if (ran !== undefined) expect({ tests: count, run: ran }, `${name} in vector-counts.ts`).toEqual(toldOf(name))
  })
  testVectors(
    path,
    (parsed) => {
      const file = parsed as WycheproofFile<Group>
      const skips: Record<string, number> = {}
      const wrong: string[] = []
      let ran = 0
      for (const group of file.testGroups) {
        for (const one of group.tests) {
          const verdict = run(one, group)
          if (typeof verdict !== 'boolean') {
            skips[verdict.skipped] = (skips[verdict.skipped] ?? 0) + 1
            continue
          }
          ran++
          const expected = isExpected(one, acceptable)
          if (verdict !== expected) wrong.push(`${one.tcId} (${one.result}): ${one.comment ?? ''}`)
        }
      }
      expect(wrong).toEqual([])
      expect(skips).toEqual(skipped)
      const skippedCount = Object.values(skipped).reduce((sum, n) => sum + n, 0)
      expect(ran).toBe(count - skippedCount)
      expect(ran).toBeGreaterThan(0)
      mostRun.set(name, Math.max(mostRun.get(name) ?? 0, ran))
      expect(file.numberOfTests).toBe(count)
    },
    title === undefined ? '' : `: ${title}`,
  )
}

function toldOf(name: string): Pick<VectorCount, 'tests' | 'run'> | undefined {
  const told: VectorCount | undefined = Object.entries(WYCHEPROOF_COUNTS).find(([one]) => one === name)?.[1]
  return told && { tests: told.tests, run: told.run }
}

/** Of all the runs of a file, the most of its tests that one has run. */
const mostRun = new Map<string, number>()

function isExpected(one: WycheproofTest, acceptable: Readonly<Record<string, Decision>>): boolean {
  if (one.result !== 'acceptable') return one.result === 'valid'
  const decision = one.flags?.map((flag) => acceptable[flag]).find((found) => found !== undefined)
  if (decision === undefined) throw new Error(`no decision for ${one.tcId}: ${one.flags?.join(', ')}`)
  return decision.isAccepted
}
