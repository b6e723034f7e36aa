/**
 * Data keys in blobs.
 *
 * @covers KMS crypto-details §5
 */
import { generateDataKey, generateDataKeyWithoutPlaintext } from '@softkms/envelope'
import type { Hsm } from '@softkms/hsm'
import { expect, test } from 'vitest'
import { createBlobKey, openWith, sealWith } from '../support/blob-key.ts'
import { expectHsmError } from '../support/hsm-fixture.ts'

const CONTEXT = { disk: '1' }

test.each([
  [1, 153],
  [16, 168],
  [32, 184],
  [1024, 1186],
])('a data key of %s bytes in a blob of %s', async (length, blobLength) => {
  const key = await createBlobKey()
  const { blob, plaintext } = await generateDataKey(key.hsm, key, length, CONTEXT)
  expect(plaintext).toHaveLength(length)
  expect(blob).toHaveLength(blobLength)
  expect(await openWith(key, blob, CONTEXT)).toEqual(plaintext)
  await expectHsmError(openWith(key, blob), 'AUTHENTICATION_FAILED')
})

test('without the plaintext there is a blob and nothing else', async () => {
  const key = await createBlobKey()
  const asked: boolean[] = []
  const hsm = {
    generateSealedDataKey: async (...[command]: Parameters<Hsm['generateSealedDataKey']>) => {
      asked.push(command.isPlaintextWanted)
      return key.hsm.generateSealedDataKey(command)
    },
  }
  const blob = await generateDataKeyWithoutPlaintext(hsm as Hsm, key, 32, CONTEXT)
  expect(asked).toEqual([false])
  expect(blob).toBeInstanceOf(Uint8Array)
  expect(await openWith(key, blob, CONTEXT)).toHaveLength(32)
})

test('a data key can be sealed again like any message', async () => {
  const key = await createBlobKey()
  const { plaintext } = await generateDataKey(key.hsm, key, 32)
  expect(await openWith(key, await sealWith(key, plaintext))).toEqual(plaintext)
})

test.each([0, 1025, 4096, 1.5, Number.NaN])('a length of %s is refused', async (length) => {
  const key = await createBlobKey()
  await expect(generateDataKey(key.hsm, key, length)).rejects.toThrow(RangeError)
  await expect(generateDataKeyWithoutPlaintext(key.hsm, key, length)).rejects.toThrow(RangeError)
})

test('a context that is not well formed is refused', async () => {
  const key = await createBlobKey()
  await expect(generateDataKey(key.hsm, key, 32, { a: '\ud800' })).rejects.toThrow(RangeError)
})

test('an HSM that keeps the data key to itself is found out', async () => {
  const key = await createBlobKey()
  const forgetful = {
    generateSealedDataKey: async (...[command]: Parameters<Hsm['generateSealedDataKey']>) =>
      key.hsm.generateSealedDataKey({ ...command, isPlaintextWanted: false }),
  }
  await expect(generateDataKey(forgetful as Hsm, key, 32)).rejects.toThrow(
    new TypeError('the HSM left out the data key that was asked for'),
  )
})
