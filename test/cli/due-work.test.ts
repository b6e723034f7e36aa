/** The timer of `softkms serve`, which asks the engine for what fell due while nobody called. */
import { afterEach, describe, expect, it } from 'vitest'
import { type DueWork, startDueWork } from '../../packages/cli/src/due-work.ts'

let work: DueWork | undefined
afterEach(() => work?.stop())

/** Waits until something has come true. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 1))
}

describe('due work', () => {
  it('is done again and again, until it is stopped', async () => {
    let times = 0
    work = startDueWork(
      {
        performDue: async () => {
          times += 1
        },
      },
      () => undefined,
      1,
    )
    await until(() => times > 2)
    work.stop()
    const timesAtStop = times
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(times).toBe(timesAtStop)
  })

  it('is not begun anew before it has ended', async () => {
    let running = 0
    let most = 0
    let times = 0
    work = startDueWork(
      {
        performDue: async () => {
          running += 1
          most = Math.max(most, running)
          await new Promise((resolve) => setTimeout(resolve, 10))
          running -= 1
          times += 1
        },
      },
      () => undefined,
      1,
    )
    await until(() => times > 2)
    expect(most).toBe(1)
  })

  it('tells what failed, and is tried again', async () => {
    const fault = new Error('the disk is full')
    const faults: unknown[] = []
    work = startDueWork({ performDue: () => Promise.reject(fault) }, (error) => faults.push(error), 1)
    await until(() => faults.length > 1)
    expect(faults.slice(0, 2)).toEqual([fault, fault])
  })
})
