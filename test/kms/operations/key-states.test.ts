/**
 * What a key's state does not touch, and where it shows.
 *
 * @covers KMS key-states, note 10 and "Who can be in which state"
 */
import { expect, test } from 'vitest'
import { type KmsFixture, createKeyInState, expectRefusal, startKms } from '../../support/kms-fixture.ts'

const STATES = ['Enabled', 'Disabled', 'PendingDeletion'] as const

type State = (typeof STATES)[number]

async function moveTo({ kms }: KmsFixture, keyId: string, state: State): Promise<void> {
  if (state === 'Disabled') await kms.disableKey({ KeyId: keyId })
  if (state === 'PendingDeletion') await kms.scheduleKeyDeletion({ KeyId: keyId })
}

test.each(STATES)('DeleteAlias works whatever the state of the key: %s', async (state) => {
  const fixture = await startKms()
  const { keyId } = await createKeyInState(fixture, 'Enabled')
  await fixture.kms.createAlias({ AliasName: 'alias/a', TargetKeyId: keyId })
  await moveTo(fixture, keyId, state)
  await expect(fixture.kms.deleteAlias({ AliasName: 'alias/a' })).resolves.toEqual({})
  await expect(fixture.kms.listAliases()).resolves.toEqual({ Aliases: [], Truncated: false })
})

test.each(STATES)('UpdateAlias does not mind the state of the key it leaves: %s', async (state) => {
  const fixture = await startKms()
  const { keyId: left } = await createKeyInState(fixture, 'Enabled')
  const { keyId: taken } = await createKeyInState(fixture, 'Enabled')
  await fixture.kms.createAlias({ AliasName: 'alias/a', TargetKeyId: left })
  await moveTo(fixture, left, state)
  await expect(fixture.kms.updateAlias({ AliasName: 'alias/a', TargetKeyId: taken })).resolves.toEqual({})
  const { Aliases } = await fixture.kms.listAliases()
  expect(Aliases?.map((alias) => alias.TargetKeyId)).toEqual([taken])
})

test.each(STATES)('a key that is %s is listed and described as such', async (state) => {
  const fixture = await startKms()
  const { keyId, arn } = await createKeyInState(fixture, state)
  const { KeyMetadata } = await fixture.kms.describeKey({ KeyId: keyId })
  expect(KeyMetadata).toMatchObject({ KeyState: state, Enabled: state === 'Enabled' })
  expect(Object.hasOwn(KeyMetadata ?? {}, 'DeletionDate')).toBe(state === 'PendingDeletion')
  await expect(fixture.kms.listKeys()).resolves.toEqual({ Keys: [{ KeyId: keyId, KeyArn: arn }], Truncated: false })
})

test('an alias leads to the state of its key', async () => {
  const fixture = await startKms()
  const { keyId, arn } = await createKeyInState(fixture, 'Enabled')
  await fixture.kms.createAlias({ AliasName: 'alias/a', TargetKeyId: keyId })
  await moveTo(fixture, keyId, 'Disabled')
  const input = { KeyId: 'alias/a', NumberOfBytes: 1 }
  await expectRefusal(fixture, 'GenerateDataKey', input, 'DisabledException', `${arn} is disabled.`)
})
