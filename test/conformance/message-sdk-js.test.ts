/** Messages and the AWS Encryption SDK for JavaScript: each reads what the other wrote, and both refuse alike. */
import { randomBytes } from 'node:crypto'
import {
  AlgorithmSuiteIdentifier,
  CommitmentPolicy,
  KMS,
  KmsKeyringNode,
  type KmsNodeClientSupplier,
  buildClient,
} from '@aws-crypto/client-node'
import { type Kms, requestHandler } from 'softkms'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMessageKms, decryptBytes, encryptBytes } from '../support/message-kms.ts'

const SUITE_IDS = {
  AES_256_GCM_HKDF_SHA512_COMMIT_KEY: AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY,
  AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384:
    AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY_ECDSA_P384,
} as const
const SUITES = Object.keys(SUITE_IDS) as (keyof typeof SUITE_IDS)[]
const FRAME_LENGTH = 100
const LENGTHS = [0, 1, 99, 100, 101, 200, 1_234]
/** Sorted otherwise by UTF-16 than by UTF-8. */
const CONTEXT = { tenant: 'a', Tenant: 'b', '～': 'tilde', '😀': 'face', empty: '' }

const { encrypt, decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)

let kms: Kms
let keys: readonly [string, string, string]
let clients: KMS[]
let clientProvider: KmsNodeClientSupplier

beforeAll(async () => {
  ;({ kms, keys } = await createMessageKms())
  clients = []
  clientProvider = ((region: string) => {
    const credentials = { accessKeyId: '000000000000', secretAccessKey: 'any' }
    const client = new KMS({ region, credentials, requestHandler: requestHandler(kms) })
    clients.push(client)
    return client
  }) as KmsNodeClientSupplier
})
afterAll(() => clients.forEach((client) => client.destroy()))

const keyringOf = (...keyIds: readonly string[]): KmsKeyringNode =>
  new KmsKeyringNode({ clientProvider, keyIds: [...keyIds] })

describe.each(SUITES)('%s', (suite) => {
  it.each(LENGTHS)('the SDK reads what we wrote: %i bytes', async (length) => {
    const plaintext = randomBytes(length)
    const options = { suite, frameLength: FRAME_LENGTH, context: CONTEXT }
    const message = await encryptBytes(kms, keys, plaintext, options)
    for (const key of keys) {
      const read = await decrypt(keyringOf(key), Buffer.from(message))
      expect(read.plaintext.equals(plaintext)).toBe(true)
      expect(read.messageHeader.suiteId).toBe(SUITE_IDS[suite])
      expect({ ...read.messageHeader.encryptionContext }).toMatchObject(CONTEXT)
    }
  })

  it.each(LENGTHS)('we read what the SDK wrote: %i bytes', async (length) => {
    const plaintext = randomBytes(length)
    const [generatorKeyId, ...keyIds] = keys
    const written = await encrypt(new KmsKeyringNode({ clientProvider, generatorKeyId, keyIds }), plaintext, {
      suiteId: SUITE_IDS[suite],
      frameLength: FRAME_LENGTH,
      encryptionContext: CONTEXT,
    })
    for (const key of keys) {
      const options = { keyArns: [key], context: CONTEXT }
      expect(Buffer.compare(await decryptBytes(kms, written.result, options), plaintext)).toBe(0)
    }
  })

  it('the SDK reads long frames', async () => {
    const plaintext = randomBytes(300_000)
    const read = await decrypt(keyringOf(keys[0]), Buffer.from(await encryptBytes(kms, keys, plaintext, { suite })))
    expect(read.plaintext.equals(plaintext)).toBe(true)
  })

  it('neither reads a message that was cut off, nor one with a frame changed', async () => {
    const message = Buffer.from(await encryptBytes(kms, keys, randomBytes(250), { suite, frameLength: FRAME_LENGTH }))
    const changed = Buffer.from(message)
    changed[message.length - 250] = (changed[message.length - 250] ?? 0) ^ 1
    for (const damaged of [message.subarray(0, -1), message.subarray(0, -140), changed]) {
      await expect(decrypt(keyringOf(keys[0]), damaged)).rejects.toThrow(Error)
      await expect(decryptBytes(kms, damaged)).rejects.toMatchObject({ code: 'INVALID_MESSAGE' })
    }
  })
})

it('we do not read what the SDK writes without commitment', async () => {
  const permissive = buildClient(CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT)
  for (const suiteId of [
    AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA256,
    AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA384_ECDSA_P384,
  ]) {
    const keyring = new KmsKeyringNode({ clientProvider, generatorKeyId: keys[0] })
    const { result } = await permissive.encrypt(keyring, Buffer.from('text'), { suiteId })
    await expect(decryptBytes(kms, result)).rejects.toMatchObject({ code: 'UNSUPPORTED_MESSAGE' })
  }
})
