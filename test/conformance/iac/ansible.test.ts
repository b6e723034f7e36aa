/**
 * Ansible's `kms_key`: a second run of the same task changes nothing, and a key that is about to go can be described,
 * and saved.
 *
 * @covers KMS operations-around
 */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ACCOUNT } from '../../support/kms-fixture.ts'
import { openPolicy } from '../../support/policies.ts'
import { type ModuleArguments, readFacts, runModule } from './ansible.ts'
import { Tool, isSamePolicy } from './tool.ts'

let tool: Tool

beforeEach(async () => {
  tool = await Tool.start()
})
afterEach(() => tool.kms.destroy())

const USER = `arn:aws:iam::${ACCOUNT}:user/alice`
const GRANT = {
  Name: 'reader',
  GranteePrincipal: USER,
  Operations: ['Decrypt' as const],
  Constraints: { EncryptionContextSubset: { tenant: 'a' } },
}

/** Runs a task twice: the first time it changes something, the second time nothing. */
async function converge(wanted: ModuleArguments) {
  expect((await runModule(tool.kms, wanted)).changed).toBe(true)
  const { changed, facts } = await runModule(tool.kms, wanted)
  expect(changed).toBe(false)
  if (facts === undefined) throw new Error('there are no facts')
  return facts
}

test('a key is made, changed in every way, and goes', async () => {
  const alias = 'alias/orders'
  const first: ModuleArguments = {
    alias,
    description: 'orders',
    tags: { team: 'a', stage: 'test' },
    policy: openPolicy(ACCOUNT, 'first'),
    grants: [GRANT],
    enableKeyRotation: true,
  }
  const made = await converge(first)
  expect(made).toMatchObject({
    metadata: { Description: 'orders', KeyState: 'Enabled' },
    aliases: [alias],
    enableKeyRotation: true,
    grants: [GRANT],
    tags: { team: 'a', stage: 'test' },
  })
  expect(isSamePolicy(made.policies[0], first.policy)).toBe(true)

  const second: ModuleArguments = {
    alias,
    description: 'invoices',
    tags: { team: 'b' },
    policy: openPolicy(ACCOUNT, 'second'),
    grants: [],
    purgeGrants: true,
    enableKeyRotation: false,
  }
  expect(await converge(second)).toMatchObject({
    metadata: { Description: 'invoices', KeyId: made.metadata.KeyId },
    enableKeyRotation: false,
    grants: [],
    tags: { team: 'b' },
  })

  const facts = await converge({ alias, state: 'absent', pendingWindow: 7 })
  expect(facts).toMatchObject({ metadata: { KeyState: 'PendingDeletion' }, aliases: [alias], enableKeyRotation: false })
  tool.clock.advanceDays(7)
  expect(await runModule(tool.kms, { alias, state: 'absent' })).toEqual({ changed: false, facts: undefined })
})

test('a key that is about to go is saved by the task that wants it', async () => {
  const alias = 'alias/saved'
  await converge({ alias })
  await converge({ alias, state: 'absent' })
  expect((await converge({ alias, enabled: true })).metadata.KeyState).toBe('Enabled')
  expect((await converge({ alias, enabled: false })).metadata.KeyState).toBe('Disabled')
})

test('a key that does not rotate has facts, too', async () => {
  const made = await converge({ alias: 'alias/signing', keySpec: 'ECC_NIST_P256', keyUsage: 'SIGN_VERIFY' })
  expect(made).toMatchObject({ metadata: { KeySpec: 'ECC_NIST_P256' }, enableKeyRotation: false })
  const { KeyMetadata } = await tool.kms.createKey({ Origin: 'EXTERNAL' })
  expect(await readFacts(tool.kms, KeyMetadata?.Arn)).toMatchObject({ metadata: { KeyState: 'PendingImport' } })
})
