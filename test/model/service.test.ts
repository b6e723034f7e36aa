/**
 * Random callers against a model of the service: states, refusals, versions, alias targets and what opens always agree.
 *
 * fast-check prints seed and path of a failure, and the commands that are left of it.
 */
import * as fc from 'fast-check'
import { createHsm } from '@softkms/hsm'
import { expect, test } from 'vitest'
import { startKms } from '../support/kms-fixture.ts'
import { runs } from '../support/runs.ts'
import { COMMANDS } from './commands.ts'
import { RealService, expectAgreement } from './real-service.ts'
import { ServiceModel } from './service-model.ts'

const MOST_COMMANDS = 200

test('the service does what the model does', { timeout: runs(30_000, 600_000) }, async () => {
  // One HSM for all: tokens of one sequence mean nothing in the next.
  const hsm = createHsm()
  const executed = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(fc.commands(COMMANDS, { maxCommands: MOST_COMMANDS, size: 'max' }), async (commands) => {
      const { kms, clock } = await startKms({ hsm })
      const model = new ServiceModel(clock.now())
      const real = new RealService(kms, clock, executed)
      await fc.asyncModelRun(() => ({ model, real }), commands)
      await expectAgreement(model, real)
    }),
    { numRuns: runs(100, 2000) },
  )
  // Every command had its turn, and not once only.
  expect(executed.size).toBe(22)
  expect(Math.min(...executed.values())).toBeGreaterThan(20)
})
