/**
 * The end of a key: scheduled, cancelled, due, done.
 *
 * @covers KMS key-states, "Deletion"
 */
import { type Command, addDays, nextDeadline, transition } from '@softkms/lifecycle'
import { expect, test } from 'vitest'
import { BIRTH, lifeIn, materialOf, newLife, step } from '../support/key-lives.ts'

test.each([7, 8, 30])('%s days from now', (pendingWindowInDays) => {
  const life = step(newLife(), { type: 'ScheduleDeletion', pendingWindowInDays })
  const deletionDate = BIRTH + pendingWindowInDays * 24 * 60 * 60 * 1000
  expect(life.state).toStrictEqual({ name: 'PendingDeletion', deletionDate })
  expect(nextDeadline(life)).toStrictEqual({ at: deletionDate, due: { type: 'CompleteDeletion' } })
})

test.each([6, 31, 0, -7, 7.5, Number.NaN, Number.POSITIVE_INFINITY, '7', undefined])(
  'a window of %s days is refused',
  (pendingWindowInDays) => {
    const command = { type: 'ScheduleDeletion', pendingWindowInDays } as Command
    expect(() => transition(newLife(), command, BIRTH)).toThrow(new RangeError('pendingWindowInDays must be 7 to 30'))
  },
)

test('not a millisecond early', () => {
  const life = step(newLife(), { type: 'ScheduleDeletion', pendingWindowInDays: 7 })
  const due = addDays(BIRTH, 7)
  expect(transition(life, { type: 'CompleteDeletion' }, due - 1)).toStrictEqual({ type: 'refused', reason: 'NotDue' })
  expect(transition(life, { type: 'CompleteDeletion' }, due)).toMatchObject({ type: 'ended' })
  expect(transition(life, { type: 'CompleteDeletion' }, due + 1)).toMatchObject({ type: 'ended' })
})

test('every version of the material is destroyed', () => {
  const life = lifeIn('PendingDeletion')
  expect(transition(life, { type: 'CompleteDeletion' }, addDays(BIRTH, 7))).toStrictEqual({
    type: 'ended',
    effects: [0, 1].map((version) => ({
      type: 'DestroyMaterial',
      materialId: materialOf(version),
      isForgotten: true,
    })),
  })
})

test('cancelled, the key is disabled and has no deadline; scheduled again, the window begins anew', () => {
  const cancelled = step(lifeIn('PendingDeletion'), { type: 'CancelDeletion' }, addDays(BIRTH, 6))
  expect(cancelled.state).toStrictEqual({ name: 'Disabled' })
  expect(nextDeadline(cancelled)).toBeUndefined()
  const again = step(cancelled, { type: 'ScheduleDeletion', pendingWindowInDays: 7 }, addDays(BIRTH, 6))
  expect(nextDeadline(again)).toStrictEqual({ at: addDays(BIRTH, 13), due: { type: 'CompleteDeletion' } })
})

test('a deletion that is cancelled even after it was due does not happen', () => {
  const cancelled = step(lifeIn('PendingDeletion'), { type: 'CancelDeletion' }, addDays(BIRTH, 8))
  const refusal = { type: 'refused', reason: 'NotDue' }
  expect(transition(cancelled, { type: 'CompleteDeletion' }, addDays(BIRTH, 9))).toStrictEqual(refusal)
})
