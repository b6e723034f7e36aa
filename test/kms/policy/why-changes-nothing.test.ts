/**
 * `why` looks at the world as the next request would find it, and leaves it as it was.
 *
 * @covers KMS authorization §7
 */
import { OPERATIONS } from '@softkms/kms'
import { expect, test } from 'vitest'
import { ACCOUNT, REGION, readEverything } from '../../support/kms-fixture.ts'
import { requestFor } from '../../support/operation-requests.ts'
import { USER, createKeyWith, policyOf, allow, reasonsFor, startPolicyScene } from '../../support/policy-scene.ts'

test.each(Object.keys(OPERATIONS))('of %s', async (operation) => {
  const { kms, store, audit } = await startPolicyScene()
  const KeyId = await createKeyWith(kms, policyOf(allow({ Principal: { AWS: ACCOUNT } })), { MultiRegion: true })
  const { GrantId } = await kms.createGrant({ KeyId, GranteePrincipal: USER, Operations: ['Decrypt'] })
  const before = await readEverything(store)
  const entries = audit.entries.length
  expect((await kms.why(operation, requestFor(operation, KeyId, GrantId))).length).toBeGreaterThan(0)
  expect(await readEverything(store)).toEqual(before)
  expect(audit.entries.length).toBe(entries)
})

test('an AWS managed key is decided about as if it were there, and is not made', async () => {
  const { kms, store } = await startPolicyScene()
  const before = await readEverything(store)
  expect(await reasonsFor(kms, 'DescribeKey', { KeyId: 'alias/aws/s3' })).toEqual(['allowed by key policy'])
  const through = kms.asService('s3.amazonaws.com', { onBehalfOf: USER })
  const input = { KeyId: 'alias/aws/s3', KeySpec: 'AES_256' }
  expect(await reasonsFor(through, 'GenerateDataKey', input)).toEqual(['allowed by key policy'])
  expect(await readEverything(store)).toEqual(before)
  await through.generateDataKey({ KeyId: 'alias/aws/s3', KeySpec: 'AES_256' })
  expect(await reasonsFor(through, 'GenerateDataKey', input)).toEqual(['allowed by key policy'])
})

test('what is due has happened', async () => {
  const { kms, clock } = await startPolicyScene()
  const KeyId = await createKeyWith(kms, policyOf(allow({ Principal: { AWS: ACCOUNT } })))
  await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 })
  expect(await reasonsFor(kms, 'DescribeKey', { KeyId })).toEqual(['allowed by key policy'])
  clock.advanceDays(7)
  await expect(kms.why('DescribeKey', { KeyId })).rejects.toMatchObject({
    code: 'NotFoundException',
    message: expect.stringContaining(`arn:aws:kms:${REGION}:${ACCOUNT}:key/`) as string,
  })
})
