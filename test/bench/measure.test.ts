/** Nothing is timed before every answer is right, and everybody does the same work. */

import { expect, test } from 'vitest'
import { measureTogether } from '../../bench/measure.ts'
import { type Entry, WrongAnswerError, assertRight } from '../../bench/row.ts'

const PACE = { rowMs: 3, minSamples: 3, isQuick: true }

test('a wrong answer ends it, whoever else was right', async () => {
  let runs = 0
  const right = { name: 'add', prepare: () => () => runs++ }
  const wrong = {
    name: 'add',
    prepare() {
      assertRight(false, 'add')
      return () => undefined
    },
  }
  const entries: readonly Entry[] = [
    { provider: 'softhsm2', subject: wrong },
    { provider: 'noble', subject: right },
  ]
  await expect(measureTogether('primitive', entries, PACE)).rejects.toThrow(WrongAnswerError)
  expect(runs).toBe(0)
})

test.each(['at once', 'later'])('counts operations that are done %s', async (when) => {
  const spin = () => {
    const end = performance.now() + 2
    while (performance.now() < end);
  }
  const pause = async () => {
    await Promise.resolve()
    spin()
  }
  const subject = {
    name: 'wait',
    operations: 10,
    documentedRate: 500,
    prepare: () => (when === 'later' ? pause : spin),
  }
  const [row] = await measureTogether('engine', [{ provider: 'noble', subject }], PACE)
  expect(row).toMatchObject({ level: 'engine', name: 'wait', provider: 'noble', documentedRate: 500 })
  // Ten operations take two milliseconds, and more on a busy machine.
  expect(row?.opsPerSecond).toBeGreaterThan(0)
  expect(row?.opsPerSecond).toBeLessThan(6_000)
})

test('takes few samples of what is slow', async () => {
  let runs = 0
  const subject = { name: 'slow', isSlow: true, prepare: () => () => runs++ }
  await measureTogether('primitive', [{ provider: 'noble', subject }], { ...PACE, rowMs: 0.01 })
  expect(runs).toBeLessThan(50)
})
