/**
 * From one blob to another; the plaintext stays inside.
 *
 * @covers KMS crypto-details §5 (ReEncrypt)
 */
import { generateDataKey, parseBlob, reencryptBlob } from '@softkms/envelope'
import { createHsm } from '@softkms/hsm'
import { expect, test } from 'vitest'
import { eachBitFlipped } from '../support/bits.ts'
import { type BlobKey, createBlobKey, openWith, openingKey, sealWith } from '../support/blob-key.ts'
import { NEW_KEY, expectHsmError } from '../support/hsm-fixture.ts'

const PLAINTEXT = new TextEncoder().encode('attack at dawn')
const OLD = { version: 'old' }
const NEW = { version: 'new' }

async function setScene(): Promise<{ readonly from: BlobKey; readonly to: BlobKey; readonly bytes: Uint8Array }> {
  const hsm = createHsm()
  const [from, to] = [await createBlobKey(hsm), await createBlobKey(hsm)]
  return { from, to, bytes: await sealWith(from, PLAINTEXT, OLD) }
}

/** @throws TypeError when the source is no blob */
async function reencrypt(from: BlobKey, bytes: Uint8Array, context: typeof OLD, to: BlobKey): Promise<Uint8Array> {
  const key = openingKey(from, bytes)
  if (key === undefined) throw new TypeError('the source is no blob')
  return reencryptBlob(from.hsm, { key, context }, { key: to, context: NEW })
}

test('another key, another context, the same plaintext', async () => {
  const { from, to, bytes } = await setScene()
  const reencrypted = await reencrypt(from, bytes, OLD, to)
  expect(reencrypted).toHaveLength(bytes.length)
  expect(parseBlob(reencrypted)?.materialId).toEqual(to.materialId)
  expect(await openWith(to, reencrypted, NEW)).toEqual(PLAINTEXT)
  expect(await openWith(from, bytes, OLD)).toEqual(PLAINTEXT)
  await expectHsmError(openWith(to, reencrypted, OLD), 'AUTHENTICATION_FAILED')
  await expectHsmError(openWith(from, reencrypted, NEW), 'AUTHENTICATION_FAILED')
})

test('under the same key and context, still another blob', async () => {
  const { from, bytes } = await setScene()
  const key = openingKey(from, bytes)
  if (key === undefined) throw new TypeError('what was just sealed is a blob')
  const reencrypted = await reencryptBlob(from.hsm, { key, context: OLD }, { key: from, context: OLD })
  expect(reencrypted).not.toEqual(bytes)
  expect(await openWith(from, reencrypted, OLD)).toEqual(PLAINTEXT)
})

test('a data key goes the same way', async () => {
  const { from, to } = await setScene()
  const { blob, plaintext } = await generateDataKey(from.hsm, from, 32, OLD)
  expect(await openWith(to, await reencrypt(from, blob, OLD, to), NEW)).toEqual(plaintext)
})

test('a source with any bit changed is refused', async () => {
  const { from, to, bytes } = await setScene()
  for (const changed of eachBitFlipped(bytes)) {
    if (openingKey(from, changed) === undefined) continue
    await expectHsmError(reencrypt(from, changed, OLD, to), 'AUTHENTICATION_FAILED')
  }
})

test('another source context is refused', async () => {
  const { from, to, bytes } = await setScene()
  await expectHsmError(reencrypt(from, bytes, NEW, to), 'AUTHENTICATION_FAILED')
})

test('a destination of another HSM is refused', async () => {
  const { from, bytes } = await setScene()
  await expectHsmError(reencrypt(from, bytes, OLD, await createBlobKey()), 'INVALID_TOKEN')
})

test('a context that is not well formed is refused on either side', async () => {
  const { from, to, bytes } = await setScene()
  const key = openingKey(from, bytes)
  if (key === undefined) throw new TypeError('what was just sealed is a blob')
  const bad = { a: '\ud800' }
  const good = await from.hsm.generateKey(NEW_KEY)
  await expect(reencryptBlob(from.hsm, { key, context: bad }, { key: good })).rejects.toThrow(RangeError)
  await expect(reencryptBlob(from.hsm, { key, context: OLD }, { key: to, context: bad })).rejects.toThrow(RangeError)
})
