/**
 * Keys of other accounts by their id alone, which Decrypt and ReEncrypt take for the key of the ciphertext.
 *
 * @covers KMS operations, "Which key identifiers an operation accepts"
 */
import { describe, expect, test } from 'vitest'
import {
  ACCOUNT,
  OTHER_ACCOUNT,
  REGION,
  bytesOf,
  createKey,
  expectRefusal,
  refusalOf,
  startKms,
} from '../../support/kms-fixture.ts'
import { openPolicy } from '../../support/policies.ts'

describe("the id alone of another account's key", () => {
  const Policy = openPolicy([ACCOUNT, OTHER_ACCOUNT])

  test('will do where the ciphertext is of that key', async () => {
    const { kms } = await startKms()
    const { KeyMetadata } = await kms.createKey({ Policy })
    const KeyId = KeyMetadata?.KeyId
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: bytesOf('secret') })
    const other = kms.as(OTHER_ACCOUNT)
    expect(await other.decrypt({ CiphertextBlob, KeyId })).toMatchObject({ KeyId: KeyMetadata?.Arn })
    const own = await createKey(other)
    const request = { CiphertextBlob, SourceKeyId: KeyId, DestinationKeyId: own.keyId }
    expect(await other.reEncrypt(request)).toMatchObject({ SourceKeyId: KeyMetadata?.Arn, KeyId: own.arn })
  })

  test('names nothing where the ciphertext is of another, and lets nobody in', async () => {
    const fixture = await startKms()
    const { KeyMetadata } = await fixture.kms.createKey({ Policy })
    const closed = await createKey(fixture.kms)
    const KeyId = KeyMetadata?.KeyId
    const stranger = { ...fixture, kms: fixture.kms.as(OTHER_ACCOUNT) }
    const own = await createKey(stranger.kms)
    const { CiphertextBlob } = await stranger.kms.encrypt({ KeyId: own.keyId, Plaintext: bytesOf('x') })
    const message = `Key 'arn:aws:kms:${REGION}:${OTHER_ACCOUNT}:key/${KeyId}' does not exist`
    await expectRefusal(stranger, 'Decrypt', { CiphertextBlob, KeyId }, 'NotFoundException', message)
    await expectRefusal(stranger, 'Encrypt', { KeyId, Plaintext: bytesOf('x') }, 'NotFoundException', message)
    const sealed = await fixture.kms.encrypt({ KeyId: closed.keyId, Plaintext: bytesOf('x') })
    const refusal = await refusalOf(
      stranger.kms.decrypt({ CiphertextBlob: sealed.CiphertextBlob, KeyId: closed.keyId }),
    )
    expect(refusal.code).toBe('AccessDeniedException')
  })
})
