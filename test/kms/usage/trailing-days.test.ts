/**
 * kms:TrailingDaysWithoutKeyUsage: keys that were used lately are neither disabled nor deleted.
 *
 * @covers KMS authorization §6
 */
import { expect, test } from 'vitest'
import { type KmsFixture, bytesOf, call, days, refusalOf } from '../../support/kms-fixture.ts'
import { type PolicyScene, allow, createKeyWith, policyOf, startPolicyScene } from '../../support/policy-scene.ts'

/** Lets everybody do all, but disable and delete only what nobody used for 30 days. */
const POLICY = policyOf(allow({ Principal: '*' }), {
  Effect: 'Deny',
  Principal: '*',
  Action: ['kms:DisableKey', 'kms:ScheduleKeyDeletion'],
  Resource: '*',
  Condition: { NumericLessThan: { 'kms:TrailingDaysWithoutKeyUsage': '30' } },
})

async function setScene(): Promise<PolicyScene & { readonly KeyId: string }> {
  const scene = await startPolicyScene()
  return { ...scene, KeyId: await createKeyWith(scene.kms, POLICY) }
}

async function isRefused(
  { kms }: Pick<KmsFixture, 'kms'>,
  operation: 'DisableKey' | 'ScheduleKeyDeletion',
  KeyId: string,
): Promise<boolean> {
  const outcome = await call(kms, operation, { KeyId }).then(
    () => 'a success',
    async (error: unknown) => (await refusalOf(Promise.reject(error as Error))).code,
  )
  expect(['a success', 'AccessDeniedException']).toContain(outcome)
  return outcome !== 'a success'
}

test.each(['DisableKey', 'ScheduleKeyDeletion'] as const)(
  '%s of a key that was never used counts from its creation',
  async (operation) => {
    const scene = await setScene()
    scene.clock.advance(days(30) - 1)
    expect(await isRefused(scene, operation, scene.KeyId)).toBe(true)
    scene.clock.advance(1)
    expect(await isRefused(scene, operation, scene.KeyId)).toBe(false)
  },
)

test.each(['DisableKey', 'ScheduleKeyDeletion'] as const)(
  '%s counts whole days from the last use',
  async (operation) => {
    const scene = await setScene()
    const { kms, clock, KeyId } = scene
    clock.advance(days(100))
    await kms.encrypt({ KeyId, Plaintext: bytesOf('x') })
    expect(await isRefused(scene, operation, KeyId)).toBe(true)
    clock.advance(days(30) - 1)
    // A dry run is no use.
    expect((await refusalOf(kms.encrypt({ KeyId, Plaintext: bytesOf('x'), DryRun: true }))).code).toBe(
      'DryRunOperationException',
    )
    expect(await isRefused(scene, operation, KeyId)).toBe(true)
    clock.advance(1)
    expect(await isRefused(scene, operation, KeyId)).toBe(false)
  },
)

test.each([
  [0, '0'],
  [days(1) - 1, '0'],
  [days(1), '1'],
  [days(45) + 5, '45'],
])('%s milliseconds are %s days', async (ms, expected) => {
  const { kms, clock } = await startPolicyScene()
  const Condition = { NumericEquals: { 'kms:TrailingDaysWithoutKeyUsage': expected } }
  const KeyId = await createKeyWith(
    kms,
    policyOf(allow({ Principal: '*', Condition }), allow({ Principal: '*', Action: 'kms:Encrypt' })),
  )
  clock.advance(days(7))
  await kms.encrypt({ KeyId, Plaintext: bytesOf('x') })
  clock.advance(ms)
  await expect(kms.as('arn:aws:iam::111122223333:user/a').disableKey({ KeyId })).resolves.toEqual({})
})

test('to other operations the key is absent', async () => {
  const { kms } = await startPolicyScene()
  const Condition = { Null: { 'kms:TrailingDaysWithoutKeyUsage': 'true' } }
  const KeyId = await createKeyWith(kms, policyOf(allow({ Principal: '*', Condition })))
  const user = kms.as('arn:aws:iam::111122223333:user/a')
  await expect(user.enableKey({ KeyId })).resolves.toEqual({})
  expect((await refusalOf(user.disableKey({ KeyId }))).code).toBe('AccessDeniedException')
})
