/**
 * Laws of a key's life under any sequence of commands.
 *
 * @covers KMS key-states; crypto-details §9
 */
import {
  type Command,
  type KeyLife,
  ON_DEMAND_ROTATION_LIMIT,
  addDays,
  countOnDemandRotations,
  currentVersion,
  nextDeadline,
  transition,
} from '@softkms/lifecycle'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { deepFreeze } from '../support/deep-freeze.ts'
import { BIRTH, materialOf, newLife } from '../support/key-lives.ts'
import { runs } from '../support/runs.ts'

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.constantFrom<Command>(
    { type: 'Enable' },
    { type: 'Disable' },
    { type: 'CancelDeletion' },
    { type: 'CompleteDeletion' },
    { type: 'DisableRotation' },
  ),
  fc
    .integer({ min: 7, max: 30 })
    .map((pendingWindowInDays) => ({ type: 'ScheduleDeletion', pendingWindowInDays }) as const),
  fc.integer({ min: 90, max: 2560 }).map((periodInDays) => ({ type: 'EnableRotation', periodInDays }) as const),
  fc
    .constantFrom('AUTOMATIC' as const, 'ON_DEMAND' as const)
    .map((rotationType) => ({ type: 'Rotate', rotationType, materialId: '' }) as const),
)

interface Step {
  readonly command: Command
  readonly waitDays: number
}

const steps = fc.array(fc.record({ command, waitDays: fc.integer({ min: 0, max: 400 }) }), {
  maxLength: 60,
  size: 'max',
})

/** Lives through the steps, hands each transition to `look`, and stops where the life ends. */
function live(
  sequence: readonly Step[],
  look: (before: KeyLife, after: KeyLife, step: Step, now: number) => void,
): void {
  let life = newLife()
  let now = BIRTH
  for (const [index, { command: asked, waitDays }] of sequence.entries()) {
    now = addDays(now, waitDays)
    const named = asked.type === 'Rotate' ? { ...asked, materialId: materialOf(index + 1) } : asked
    const outcome = transition(life, named, now)
    if (outcome.type === 'ended') return
    const after = outcome.type === 'accepted' ? deepFreeze(outcome.next) : life
    look(life, after, { command: named, waitDays }, now)
    life = after
  }
}

test('no version is ever lost or changed; only rotation adds one, at the end', () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      live(sequence, (before, after, step) => {
        expect(after.versions.slice(0, before.versions.length)).toStrictEqual(before.versions)
        const added = after.versions.length - before.versions.length
        expect(added === 0 || (added === 1 && step.command.type === 'Rotate')).toBe(true)
        if (step.command.type === 'Rotate' && added === 1) {
          expect(currentVersion(after)?.materialId).toBe(step.command.materialId)
        }
        expect(countOnDemandRotations(after)).toBeLessThanOrEqual(ON_DEMAND_ROTATION_LIMIT)
      })
    }),
    { numRuns: runs(300, 10_000) },
  )
})

test('whatever is due can be done when it is due, and not before', () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      live(sequence, (_, life) => {
        const deadline = nextDeadline(life)
        if (deadline === undefined) return
        const due: Command =
          deadline.due.type === 'Rotate'
            ? { type: 'Rotate', rotationType: 'AUTOMATIC', materialId: 'new' }
            : { type: 'CompleteDeletion' }
        expect(transition(life, due, deadline.at - 1)).toStrictEqual({ type: 'refused', reason: 'NotDue' })
        const outcome = transition(life, due, deadline.at)
        expect(outcome.type).toBe(deadline.due.type === 'Rotate' ? 'accepted' : 'ended')
        // Done, it is due no more, and what comes next comes later.
        if (outcome.type === 'accepted') expect(nextDeadline(outcome.next)?.at).toBeGreaterThan(deadline.at)
      })
    }),
    { numRuns: runs(300, 10_000) },
  )
})

test('a key that is enabled again is never due in the past, and never later than it was', () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      live(sequence, (before, after, step, now) => {
        if (step.command.type !== 'Enable' || before === after || !after.rotation.isEnabled) return
        expect(after.rotation.nextRotationDate).toBeGreaterThanOrEqual(now)
        if (before.rotation.isEnabled && before.rotation.nextRotationDate >= now) {
          expect(after.rotation).toStrictEqual(before.rotation)
        }
      })
    }),
    { numRuns: runs(300, 10_000) },
  )
})

test('only EnableRotation, DisableRotation, automatic rotation and enabling touch the schedule', () => {
  const touching = new Set<Command['type']>(['EnableRotation', 'DisableRotation', 'Rotate', 'Enable'])
  fc.assert(
    fc.property(steps, (sequence) => {
      live(sequence, (before, after, { command: asked }) => {
        const isOnDemand = asked.type === 'Rotate' && asked.rotationType === 'ON_DEMAND'
        if (!touching.has(asked.type) || isOnDemand) expect(after.rotation).toStrictEqual(before.rotation)
      })
    }),
    { numRuns: runs(300, 10_000) },
  )
})
