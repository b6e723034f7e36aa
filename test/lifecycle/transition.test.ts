/**
 * One step at a time: where each command leads from each state, and that a refusal leads nowhere.
 *
 * @covers KMS key-states
 */
import {
  type Command,
  type KeyLife,
  type KeyStateName,
  type Refusal,
  addDays,
  beginLife,
  transition,
} from '@softkms/lifecycle'
import { describe, expect, test } from 'vitest'
import { BIRTH, lifeIn, materialOf } from '../support/key-lives.ts'

const LATER = addDays(BIRTH, 1)
const ROTATE_DUE: Command = { type: 'Rotate', rotationType: 'AUTOMATIC', materialId: materialOf(2) }
const ROTATE_ON_DEMAND: Command = { type: 'Rotate', rotationType: 'ON_DEMAND', materialId: materialOf(2) }

type Result = KeyStateName | { readonly refused: Refusal }

const refused = (reason: Refusal): Result => ({ refused: reason })

/** Columns Enabled, Disabled, PendingDeletion. */
const STEPS: readonly (readonly [string, Command, readonly [Result, Result, Result]])[] = [
  ['Enable', { type: 'Enable' }, ['Enabled', 'Enabled', refused('PendingDeletion')]],
  ['Disable', { type: 'Disable' }, ['Disabled', 'Disabled', refused('PendingDeletion')]],
  [
    'ScheduleDeletion',
    { type: 'ScheduleDeletion', pendingWindowInDays: 30 },
    ['PendingDeletion', 'PendingDeletion', refused('PendingDeletion')],
  ],
  [
    'CancelDeletion',
    { type: 'CancelDeletion' },
    [refused('NotPendingDeletion'), refused('NotPendingDeletion'), 'Disabled'],
  ],
  [
    'CompleteDeletion before its time',
    { type: 'CompleteDeletion' },
    [refused('NotPendingDeletion'), refused('NotPendingDeletion'), refused('NotDue')],
  ],
  [
    'EnableRotation',
    { type: 'EnableRotation', periodInDays: 90 },
    ['Enabled', refused('Disabled'), refused('PendingDeletion')],
  ],
  ['DisableRotation', { type: 'DisableRotation' }, ['Enabled', refused('Disabled'), refused('PendingDeletion')]],
  ['Rotate on demand', ROTATE_ON_DEMAND, ['Enabled', refused('Disabled'), refused('PendingDeletion')]],
  ['Rotate before its time', ROTATE_DUE, [refused('NotDue'), refused('Disabled'), refused('PendingDeletion')]],
]

const STATES: readonly KeyStateName[] = ['Enabled', 'Disabled', 'PendingDeletion']

describe.each(STATES.map((state, column) => [state, column] as const))('a key that is %s', (state, column) => {
  test.each(STEPS)('asked to %s', (_, command, results) => {
    const life = lifeIn(state)
    const before = structuredClone(life)
    const result = results[column]
    const outcome = transition(life, command, LATER)
    if (typeof result === 'object') expect(outcome).toStrictEqual({ type: 'refused', reason: result.refused })
    else expect(outcome).toMatchObject({ type: 'accepted', next: { state: { name: result } } })
    // The life is frozen, so that whatever changed it would have thrown; equal it must be all the same.
    expect(life).toStrictEqual(before)
  })

  test.each(STEPS)('asked to %s, keeps what the command is not about', (_, command) => {
    const life = lifeIn(state)
    const outcome = transition(life, command, LATER)
    if (outcome.type !== 'accepted') return
    const isAboutRotation = command.type.includes('Rotat')
    if (!isAboutRotation) expect(outcome.next.rotation).toStrictEqual(life.rotation)
    if (!isAboutRotation) expect(outcome.next.versions).toStrictEqual(life.versions)
    if (isAboutRotation) expect(outcome.next.state).toStrictEqual(life.state)
    if (command.type !== 'Rotate') expect(outcome.effects).toEqual([])
    expect(Object.keys(outcome.next).toSorted()).toEqual(['rotation', 'state', 'versions'])
  })
})

test('a key is born enabled, with one version, not rotating', () => {
  expect(beginLife(materialOf(0))).toStrictEqual({
    state: { name: 'Enabled' },
    rotation: { isEnabled: false },
    versions: [{ materialId: materialOf(0) }],
  })
})

test('no state but PendingDeletion has a deletion date', () => {
  const cancelled = transition(lifeIn('PendingDeletion'), { type: 'CancelDeletion' }, LATER)
  expect(cancelled).toMatchObject({ type: 'accepted' })
  if (cancelled.type === 'accepted') expect(cancelled.next.state).toStrictEqual({ name: 'Disabled' })
  expect(lifeIn('Enabled').state).toStrictEqual({ name: 'Enabled' })
  expect(lifeIn('Disabled').state).toStrictEqual({ name: 'Disabled' })
})

test('the same step twice gives the same outcome twice', () => {
  for (const state of STATES) {
    for (const [, command] of STEPS) {
      const life: KeyLife = lifeIn(state)
      expect(transition(life, command, LATER)).toStrictEqual(transition(life, command, LATER))
    }
  }
})
