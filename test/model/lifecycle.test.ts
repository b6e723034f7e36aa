/**
 * Random callers in several Regions against a model of the lifecycle: states, versions, refusals and what opens always
 * agree, however far the time leaps.
 *
 * fast-check prints seed and path of a failure, and the commands that are left of it.
 *
 * @covers KMS key-states; crypto-details §8 to §10
 */
import { createHsm } from '@softkms/hsm'
import { DAY_MS } from '@softkms/lifecycle'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { startKms } from '../support/kms-fixture.ts'
import { createRepeatedRsaProvider } from '../support/repeated-rsa.ts'
import { runs } from '../support/runs.ts'
import { LIFECYCLE_COMMANDS } from './lifecycle-commands.ts'
import { LifecycleModel } from './lifecycle-model.ts'
import { LifecycleService, expectAgreement } from './lifecycle-service.ts'

const MOST_COMMANDS = 200
const REGIONS = ['eu-west-1', 'us-west-2', 'ap-south-1']

const setting = fc.record({
  commands: fc.commands(LIFECYCLE_COMMANDS, { maxCommands: MOST_COMMANDS, size: 'max' }),
  /** Two Regions, and now and then a third that looks on. */
  regions: fc.constantFrom(...[2, 2, 3].map((count) => REGIONS.slice(0, count))),
  /** From at once to longer than a waiting period. */
  replicationMs: fc.constantFrom(0, 3_600_000, 10 * DAY_MS),
})

test('the service does what the model does', { timeout: runs(120_000, 1_800_000) }, async () => {
  // One HSM for all: tokens of one sequence mean nothing in the next.
  const hsm = createHsm({ provider: createRepeatedRsaProvider() })
  const seen = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(setting, async ({ commands, regions, replicationMs }) => {
      const { kms, clock } = await startKms({ hsm, replicationMs })
      const model = new LifecycleModel(clock.now(), replicationMs)
      const real = new LifecycleService(kms, clock, regions, seen)
      await fc.asyncModelRun(() => ({ model, real }), commands)
      await expectAgreement(model, real)
    }),
    { numRuns: runs(200, 2000) },
  )
  // Every operation was done and refused, every state was dwelt in, and not once only.
  expect(seen.size).toBe(44)
  expect(Math.min(...seen.values())).toBeGreaterThan(20)
})
