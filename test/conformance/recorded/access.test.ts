/**
 * Recorded messages that need more than keys: policies of callers, request rates, and time. Through the AWS SDK, in
 * this process.
 *
 * @covers wire §4 (AccessDeniedException, ThrottlingException, InvalidCiphertextException)
 */
import { KMS } from '@aws-sdk/client-kms'
import { createIdentityPolicies } from '@softkms/kms'
import { type Kms, requestHandler } from 'softkms'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, type KmsFixture, REGION, startKms } from '../../support/kms-fixture.ts'
import { allow, createKeyWith, deny, policyOf } from '../../support/policy-scene.ts'
import { expectRefusal } from '../sdk-js/answers.ts'
import { Plaintext } from './scene.ts'

const USER = `arn:aws:iam::${ACCOUNT}:user/alice`
const ROOT = { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }

const clients: KMS[] = []
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy()
})

function clientOf(kms: Kms): KMS {
  const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'any' }
  const client = new KMS({ region: REGION, credentials, requestHandler: requestHandler(kms), maxAttempts: 1 })
  clients.push(client)
  return client
}

describe('a user whose policies do not suffice', () => {
  let fixture: KmsFixture
  let iam: ReturnType<typeof createIdentityPolicies>
  let user: KMS

  beforeEach(async () => {
    iam = createIdentityPolicies()
    fixture = await startKms({ identityPolicies: iam })
    user = clientOf(fixture.kms.as(USER))
  })

  it.each([
    ['has none', [], allow(ROOT), ': <arn> because no identity-based policy allows the kms:Encrypt action'],
    [
      'has one that denies',
      [policyOf(allow(), deny({ Action: 'kms:Encrypt' }))],
      allow(ROOT),
      ': <arn> with an explicit deny in an identity-based policy',
    ],
    [
      'is denied by the key policy',
      [policyOf(allow())],
      deny({ Principal: '*', Action: 'kms:Encrypt' }),
      ': <arn> with an explicit deny in a resource-based policy',
    ],
    [
      'is allowed by no key policy',
      [policyOf(allow())],
      allow({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/bob` } }),
      ': <arn> because no resource-based policy allows the kms:Encrypt action',
    ],
  ])('who %s', async (_who, identity, statement, reason) => {
    iam.set(USER, { identity })
    const arn = await createKeyWith(fixture.kms, policyOf(statement))
    const text = `User: ${USER} is not authorized to perform: kms:Encrypt on resource${reason.replace('<arn>', arn)}`
    await expectRefusal(user.encrypt({ KeyId: arn, Plaintext }), 'AccessDeniedException', text)
  })

  it('who does not name the key of a ciphertext is not told of it', async () => {
    iam.set(USER, {})
    const arn = await createKeyWith(fixture.kms, policyOf(allow(ROOT)))
    const { CiphertextBlob } = await fixture.kms.encrypt({ KeyId: arn, Plaintext })
    const text =
      `User: ${USER} is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext ` +
      'because no identity-based policy allows the kms:Decrypt action'
    await expectRefusal(user.decrypt({ CiphertextBlob }), 'AccessDeniedException', text)
  })
})

it('ThrottlingException: more requests than the rate of an account', async () => {
  const { kms } = await startKms({ requestRates: 'aws' })
  const client = clientOf(kms)
  const attempts = await Promise.allSettled(
    Array.from({ length: 40 }, () => client.updateKeyDescription({ KeyId: 'x', Description: '' })),
  )
  const errors = attempts.map((attempt) => (attempt.status === 'rejected' ? (attempt.reason as Error) : undefined))
  const throttled = errors.find((error) => error?.name === 'ThrottlingException')
  expect(throttled).toMatchObject({
    message: 'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
    $metadata: { httpStatusCode: 400 },
  })
})

it('InvalidCiphertextException: Decrypt once the material is gone', async () => {
  const { kms, clock } = await startKms()
  const client = clientOf(kms)
  const { KeyMetadata } = await client.createKey({})
  const KeyId = KeyMetadata?.KeyId
  const { CiphertextBlob } = await client.encrypt({ KeyId, Plaintext })
  await client.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 })
  clock.advanceDays(7)
  await expectRefusal(client.decrypt({ CiphertextBlob }), 'InvalidCiphertextException', undefined)
})
