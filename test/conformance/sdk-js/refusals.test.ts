/**
 * Refusals of which AWS's words are not recorded, as the AWS SDK for JavaScript sees them. Those that are recorded are in
 * `test/conformance/recorded`.
 *
 * @covers wire §2
 */
import type { KMS } from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { bytesOf } from '../../support/kms-fixture.ts'
import { expectRefusal } from './answers.ts'
import { DOORS, type Door } from './doors.ts'
import { createTestKey } from './keys.ts'

interface Guess {
  readonly when: string
  readonly name: string
  readonly message: string
  readonly attempt: (kms: KMS, KeyId: string) => Promise<unknown>
}

const GUESSES: readonly Guess[] = [
  {
    when: 'what is no grant token',
    name: 'InvalidGrantTokenException',
    message: 'The grant token is not valid.',
    attempt: (kms, KeyId) => kms.encrypt({ KeyId, Plaintext: bytesOf('secret'), GrantTokens: ['token'] }),
  },
  {
    when: 'a policy that is no JSON',
    name: 'MalformedPolicyDocumentException',
    message: 'The new key policy is not valid JSON.',
    attempt: (kms, KeyId) => kms.putKeyPolicy({ KeyId, Policy: '{' }),
  },
  {
    when: 'a marker that no page gave',
    name: 'InvalidMarkerException',
    message: 'Invalid marker.',
    attempt: (kms) => kms.listKeys({ Marker: 'page2' }),
  },
]

describe.each(DOORS)('$name', ({ open }) => {
  let door: Door
  let kms: KMS
  let keyId: string

  beforeAll(async () => {
    door = await open()
    kms = door.client({ maxAttempts: 1 })
    keyId = (await createTestKey(kms)).KeyId
  })
  afterAll(() => door.close())

  it.each(GUESSES)('$name: $when', async ({ name, message, attempt }) => {
    await expectRefusal(attempt(kms, keyId), name, message)
  })
})
