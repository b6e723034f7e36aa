/**
 * GenerateMac and VerifyMac.
 *
 * @covers KMS operations, GenerateMac and VerifyMac; crypto-details §7; wire §4
 */
import type { MacAlgorithm } from '@softkms/hsm'
import { beforeAll, describe, expect, test } from 'vitest'
import { flipBit } from '../../support/bits.ts'
import { type KmsFixture, type NewKey, bytesOf, createKey, expectRefusal, startKms } from '../../support/kms-fixture.ts'
import { createKeyOf } from '../../support/kms-keys.ts'

const MESSAGE = bytesOf('authenticate this')
const NOTHING = new Uint8Array(0)
const SPECS = [
  ['HMAC_224', 'HMAC_SHA_224', 28],
  ['HMAC_256', 'HMAC_SHA_256', 32],
  ['HMAC_384', 'HMAC_SHA_384', 48],
  ['HMAC_512', 'HMAC_SHA_512', 64],
] as const
const ALGORITHMS: readonly MacAlgorithm[] = SPECS.map(([, algorithm]) => algorithm)

let fixture: KmsFixture
beforeAll(async () => {
  fixture = await startKms()
})

describe.each(SPECS)('%s', (spec, MacAlgorithm, length) => {
  let key: NewKey
  beforeAll(async () => {
    key = await createKeyOf(fixture.kms, spec, 'GENERATE_VERIFY_MAC')
  })

  test('answers with the members that AWS shows, and no others', async () => {
    const { kms } = fixture
    const request = { KeyId: key.keyId, Message: MESSAGE, MacAlgorithm }
    const { Mac, ...rest } = await kms.generateMac(request)
    expect(rest).toStrictEqual({ MacAlgorithm, KeyId: key.arn })
    expect(Mac).toHaveLength(length)
    expect(await kms.generateMac(request)).toStrictEqual({ Mac, ...rest })
    expect(await kms.verifyMac({ ...request, Mac })).toStrictEqual({ KeyId: key.arn, MacValid: true, MacAlgorithm })
  })

  test('a MAC of another message or key is refused without a word', async () => {
    const request = { KeyId: key.keyId, Message: MESSAGE, MacAlgorithm }
    const { Mac = NOTHING } = await fixture.kms.generateMac(request)
    for (const wrong of [
      flipBit(Mac, 0),
      flipBit(Mac, 8 * length - 1),
      Mac.slice(1),
      Mac.slice(0, -1),
      Uint8Array.of(...Mac, 0),
    ]) {
      await expectRefusal(fixture, 'VerifyMac', { ...request, Mac: wrong }, 'KMSInvalidMacException', '')
    }
    const other = { ...request, Mac, Message: flipBit(MESSAGE, 0) }
    await expectRefusal(fixture, 'VerifyMac', other, 'KMSInvalidMacException', '')
  })

  test('takes its own algorithm alone', async () => {
    for (const wrong of ALGORITHMS.filter((name) => name !== MacAlgorithm)) {
      const message = `Algorithm ${wrong} is incompatible with key spec ${spec}.`
      const request = { KeyId: key.keyId, Message: MESSAGE, MacAlgorithm: wrong }
      await expectRefusal(fixture, 'GenerateMac', request, 'InvalidKeyUsageException', message)
      const verification = { ...request, Mac: MESSAGE }
      await expectRefusal(fixture, 'VerifyMac', verification, 'InvalidKeyUsageException', message)
    }
  })

  test('takes up to 4096 bytes', async () => {
    const request = { KeyId: key.keyId, MacAlgorithm }
    const { Mac } = await fixture.kms.generateMac({ ...request, Message: new Uint8Array(4096) })
    expect(Mac).toHaveLength(length)
    for (const [Message, rule] of [
      [NOTHING, 'greater than or equal to 1'],
      [new Uint8Array(4097), 'less than or equal to 4096'],
    ] as const) {
      const message = `1 validation error detected: Value at 'message' failed to satisfy constraint: Member must have length ${rule}`
      await expectRefusal(fixture, 'GenerateMac', { ...request, Message }, 'ValidationException', message)
    }
  })
})

test('a dry run says what would have been', async () => {
  const { keyId: KeyId } = await createKeyOf(fixture.kms, 'HMAC_256', 'GENERATE_VERIFY_MAC')
  const request = { KeyId, Message: MESSAGE, MacAlgorithm: 'HMAC_SHA_256' } as const
  const { Mac } = await fixture.kms.generateMac(request)
  const message = 'The request would have succeeded, but the DryRun option is set.'
  await expectRefusal(fixture, 'GenerateMac', { ...request, DryRun: true }, 'DryRunOperationException', message)
  await expectRefusal(fixture, 'VerifyMac', { ...request, Mac, DryRun: true }, 'DryRunOperationException', message)
  const wrong = { ...request, Mac: MESSAGE, DryRun: true }
  await expectRefusal(fixture, 'VerifyMac', wrong, 'KMSInvalidMacException', '')
})

test('a key for something else makes no MACs', async () => {
  const { kms } = fixture
  for (const [usage, { keyId: KeyId, arn }] of [
    ['ENCRYPT_DECRYPT', await createKey(kms)],
    ['SIGN_VERIFY', await createKeyOf(kms, 'ECC_NIST_P256', 'SIGN_VERIFY')],
  ] as const) {
    for (const operation of ['GenerateMac', 'VerifyMac'] as const) {
      const input = { KeyId, Message: MESSAGE, MacAlgorithm: 'HMAC_SHA_256', Mac: MESSAGE }
      const message = `${arn} key usage is ${usage} which is not valid for ${operation}.`
      await expectRefusal(fixture, operation, input, 'InvalidKeyUsageException', message)
    }
  }
})
