/** The check that the other tests rest on: it sees each way in which the SDK could lose something of an answer. */
import { describe, expect, it } from 'vitest'
import { assertDecodedWhole, decodeWithSdk } from '../../support/sdk-decoding.ts'
import { DOORS } from './doors.ts'

const BODY = '{"CiphertextBlob":"AQID","KeyId":"k"}'
const CiphertextBlob = Uint8Array.of(1, 2, 3)

describe('an answer of Encrypt', () => {
  it('is whole when nothing is missing', () => {
    expect(() => assertDecodedWhole('Encrypt', BODY, { CiphertextBlob, KeyId: 'k', $metadata: {} })).not.toThrow()
  })

  it.each<readonly [string, string, object, string]>([
    ['has lost a member', BODY, { CiphertextBlob }, 'Encrypt.KeyId is on one side only'],
    ['has gained one', BODY, { CiphertextBlob, KeyId: 'k', EncryptionAlgorithm: 'x' }, 'EncryptionAlgorithm is on one'],
    ['kept base64', BODY, { CiphertextBlob: 'AQID', KeyId: 'k' }, 'was not made bytes'],
    ['has other bytes', BODY, { CiphertextBlob: Uint8Array.of(1), KeyId: 'k' }, 'came out as something else'],
    ['has another text', BODY, { CiphertextBlob, KeyId: 'l' }, 'came out as something else'],
    ['has what the model lacks', '{"Nope":1}', { Nope: 1 }, 'Encrypt.Nope is not in the model'],
    [
      'has a text that is no value',
      '{"EncryptionAlgorithm":"x"}',
      { EncryptionAlgorithm: 'x' },
      'no value of the model',
    ],
  ])('is not whole when it %s', (_how, body, output, message) => {
    expect(() => assertDecodedWhole('Encrypt', body, output)).toThrow(message)
  })
})

it('a date that stayed a number is seen, and so is an answer where there is none', () => {
  const answer = { DeletionDate: 1.5 }
  expect(() => assertDecodedWhole('ScheduleKeyDeletion', JSON.stringify(answer), answer)).toThrow('was not made a date')
  const decoded = { DeletionDate: new Date(1500) }
  expect(() => assertDecodedWhole('ScheduleKeyDeletion', JSON.stringify(answer), decoded)).not.toThrow()
  expect(() => assertDecodedWhole('EnableKey', '{}', {})).toThrow('EnableKey answers nothing')
})

it('the SDK drops a member that it does not know, and that is seen', async () => {
  const body = '{"CiphertextBlob":"AQID","KeyId":"k","Tomorrow":1}'
  const output = await decodeWithSdk('Encrypt', { headers: {}, body: new TextEncoder().encode(body) })
  expect(() => assertDecodedWhole('Encrypt', body, output)).toThrow('Encrypt.Tomorrow is not in the model')
})

describe.each(DOORS)('$name', ({ open }) => {
  it('each success of a client is looked at', async () => {
    const door = await open()
    const kms = door.client()
    await kms.createKey({})
    await kms.listKeys({})
    await expect(kms.describeKey({ KeyId: 'nobody' })).rejects.toThrow('Invalid keyId')
    expect(door.lookedAt()).toBe(2)
    await door.close()
  })
})
