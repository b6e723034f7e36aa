/** Encryption, data keys and random bytes, each operation once with its success. */
import { expect } from 'vitest'
import { bytesOf } from '../../support/kms-fixture.ts'
import { A_MATERIAL_ID, SOME_BYTES, type Successes, expectAnswer } from './answers.ts'
import { createTestKey } from './keys.ts'

const EncryptionContext = { tenant: 'a', ключ: '🔑', empty: '' }
const ALGORITHM = 'SYMMETRIC_DEFAULT'

/** How long AWS's blob of a 32-byte plaintext is, and ours. */
const BLOB_LENGTH_OF_32 = 184

export const CRYPTOGRAPHY_SUCCESSES = {
  async Encrypt(kms) {
    const { KeyId, arn } = await createTestKey(kms)
    const Plaintext = new Uint8Array(4096).fill(7)
    const answer = await expectAnswer(kms.encrypt({ KeyId, Plaintext, EncryptionContext }))
    expect(answer).toStrictEqual({ CiphertextBlob: SOME_BYTES, KeyId: arn, EncryptionAlgorithm: ALGORITHM })
    const opened = await kms.decrypt({ CiphertextBlob: answer.CiphertextBlob, EncryptionContext })
    expect(opened.Plaintext).toEqual(Plaintext)
  },

  async Decrypt(kms) {
    const { KeyId, arn } = await createTestKey(kms)
    const Plaintext = bytesOf('hello')
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext })
    const expected = {
      KeyId: arn,
      Plaintext,
      EncryptionAlgorithm: ALGORITHM,
      KeyMaterialId: A_MATERIAL_ID,
    }
    for (const named of [{}, { KeyId }, { KeyId: arn }, { EncryptionContext: {} }]) {
      const { Plaintext: opened, ...rest } = await expectAnswer(kms.decrypt({ CiphertextBlob, ...named }))
      expect({ ...rest, Plaintext: Uint8Array.from(opened ?? []) }).toStrictEqual(expected)
    }
  },

  async ReEncrypt(kms) {
    const [from, to] = [await createTestKey(kms), await createTestKey(kms)]
    const Plaintext = bytesOf('from one key to another')
    const { CiphertextBlob } = await kms.encrypt({ KeyId: from.KeyId, Plaintext, EncryptionContext })
    const DestinationEncryptionContext = { tenant: 'b' }
    const answer = await expectAnswer(
      kms.reEncrypt({
        CiphertextBlob,
        SourceEncryptionContext: EncryptionContext,
        DestinationKeyId: to.KeyId,
        DestinationEncryptionContext,
      }),
    )
    expect(answer).toStrictEqual({
      CiphertextBlob: SOME_BYTES,
      SourceKeyId: from.arn,
      KeyId: to.arn,
      SourceEncryptionAlgorithm: ALGORITHM,
      DestinationEncryptionAlgorithm: ALGORITHM,
      SourceKeyMaterialId: A_MATERIAL_ID,
      DestinationKeyMaterialId: A_MATERIAL_ID,
    })
    const opened = await kms.decrypt({
      CiphertextBlob: answer.CiphertextBlob,
      KeyId: to.KeyId,
      EncryptionContext: DestinationEncryptionContext,
    })
    expect(opened.Plaintext).toEqual(Plaintext)
  },

  async GenerateDataKey(kms) {
    const { KeyId, arn } = await createTestKey(kms)
    const sizes = [
      [{ KeySpec: 'AES_256' }, 32],
      [{ KeySpec: 'AES_128' }, 16],
      [{ NumberOfBytes: 1024 }, 1024],
    ] as const
    for (const [size, length] of sizes) {
      const answer = await expectAnswer(kms.generateDataKey({ KeyId, ...size, EncryptionContext }))
      expect(answer).toStrictEqual({
        CiphertextBlob: SOME_BYTES,
        Plaintext: SOME_BYTES,
        KeyId: arn,
        KeyMaterialId: A_MATERIAL_ID,
      })
      expect(answer.Plaintext).toHaveLength(length)
      if (length === 32) expect(answer.CiphertextBlob).toHaveLength(BLOB_LENGTH_OF_32)
      const opened = await kms.decrypt({ CiphertextBlob: answer.CiphertextBlob, EncryptionContext })
      expect(opened.Plaintext).toEqual(answer.Plaintext)
    }
  },

  async GenerateDataKeyWithoutPlaintext(kms) {
    const { KeyId, arn } = await createTestKey(kms)
    const answer = await expectAnswer(kms.generateDataKeyWithoutPlaintext({ KeyId, KeySpec: 'AES_256' }))
    expect(answer).toStrictEqual({
      CiphertextBlob: SOME_BYTES,
      KeyId: arn,
      KeyMaterialId: A_MATERIAL_ID,
    })
    const { Plaintext } = await kms.decrypt({ CiphertextBlob: answer.CiphertextBlob })
    expect(Plaintext).toHaveLength(32)
  },

  async GenerateRandom(kms) {
    const drawn: string[] = []
    for (const NumberOfBytes of [1, 32, 1024]) {
      const { Plaintext = new Uint8Array(0), ...rest } = await expectAnswer(kms.generateRandom({ NumberOfBytes }))
      expect(rest).toEqual({})
      expect(Plaintext).toHaveLength(NumberOfBytes)
      drawn.push(Buffer.from(Plaintext).toString('hex').slice(0, 64))
    }
    expect(drawn[1]).not.toBe(drawn[2])
  },
} satisfies Partial<Successes>
