/**
 * Blobs, sealed and opened.
 *
 * @covers KMS crypto-details §2, §3, §4
 */
import { openBlob, parseBlob, sealBlob } from '@softkms/envelope'
import { createHsm } from '@softkms/hsm'
import { expect, test } from 'vitest'
import { eachBitFlipped, eachLengthChanged, toHex } from '../support/bits.ts'
import { createBlobKey, openWith, sealWith } from '../support/blob-key.ts'
import { expectRefused } from '../support/blob-refusal.ts'
import { NEW_KEY, expectHsmError } from '../support/hsm-fixture.ts'

const PLAINTEXT = new TextEncoder().encode('attack at dawn')
const CONTEXT = { purpose: 'test', order: '4711' }

test('a blob names its material, and opens under its context', async () => {
  const key = await createBlobKey()
  const bytes = await sealWith(key, PLAINTEXT, CONTEXT)
  expect(parseBlob(bytes)?.materialId).toEqual(key.materialId)
  expect(await openWith(key, bytes, CONTEXT)).toEqual(PLAINTEXT)
  expect(await openWith(key, bytes, { order: '4711', purpose: 'test' })).toEqual(PLAINTEXT)
})

test('no context and the empty one are the same', async () => {
  const key = await createBlobKey()
  expect(await openWith(key, await sealWith(key, PLAINTEXT), {})).toEqual(PLAINTEXT)
  expect(await openWith(key, await sealWith(key, PLAINTEXT, {}))).toEqual(PLAINTEXT)
})

test.each([
  ['none', undefined],
  ['one pair less', { purpose: 'test' }],
  ['one pair more', { ...CONTEXT, more: '' }],
  ['another value', { ...CONTEXT, order: '4712' }],
  ['another case', { ...CONTEXT, purpose: 'Test' }],
  ['another key', { purpose: 'test', Order: '4711' }],
  ['key and value exchanged', { test: 'purpose', order: '4711' }],
  ['the letters parted otherwise', { purposet: 'est', order: '4711' }],
])('a context with %s does not open it', async (_, context) => {
  const key = await createBlobKey()
  const bytes = await sealWith(key, PLAINTEXT, CONTEXT)
  await expectHsmError(openWith(key, bytes, context), 'AUTHENTICATION_FAILED')
})

test('each bit of a blob is authenticated or refused', async () => {
  const key = await createBlobKey()
  const bytes = await sealWith(key, Uint8Array.of(42), CONTEXT)
  const flipped = eachBitFlipped(bytes)
  expect(flipped).toHaveLength(8 * 153)
  for (const changed of flipped) await expectRefused(key, changed, CONTEXT)
})

test('a blob with a byte more or less, at any place, is refused', async () => {
  const key = await createBlobKey()
  const bytes = await sealWith(key, PLAINTEXT, CONTEXT)
  for (const changed of eachLengthChanged(bytes)) await expectRefused(key, changed, CONTEXT)
})

test('another key does not open it, whatever the blob says', async () => {
  const hsm = createHsm()
  const [key, other] = [await createBlobKey(hsm), await createBlobKey(hsm)]
  const bytes = await sealWith(key, PLAINTEXT)
  await expectHsmError(openWith(other, bytes), 'AUTHENTICATION_FAILED')
  const renamed = bytes.slice()
  renamed.set(other.materialId, 5)
  await expectHsmError(openWith(other, renamed), 'AUTHENTICATION_FAILED')
  await expectHsmError(openWith(key, renamed), 'AUTHENTICATION_FAILED')
})

test('the halves of two blobs make no third', async () => {
  const key = await createBlobKey()
  const [a, b] = [await sealWith(key, PLAINTEXT, CONTEXT), await sealWith(key, PLAINTEXT, CONTEXT)]
  const mixed = Array.from(a, (_, cut) => Uint8Array.of(...a.subarray(0, cut), ...b.subarray(cut)))
  // Up to the nonce, both blobs say the same.
  const thirds = mixed.filter((bytes) => toHex(bytes) !== toHex(a) && toHex(bytes) !== toHex(b))
  expect(thirds.length).toBeGreaterThan(60)
  for (const third of thirds) await expectRefused(key, third, CONTEXT)
})

test.each([0, 4097])('%s bytes are refused', async (length) => {
  const key = await createBlobKey()
  await expect(sealWith(key, new Uint8Array(length))).rejects.toThrow(RangeError)
})

test('a context that is not well formed is refused, to seal and to open', async () => {
  const key = await createBlobKey()
  const refusal = new RangeError('the encryption context holds a lone surrogate')
  await expect(sealWith(key, PLAINTEXT, { a: '\ud800' })).rejects.toThrow(refusal)
  const bytes = await sealWith(key, PLAINTEXT, { a: '\ufffd' })
  await expect(openWith(key, bytes, { a: '\ud800' })).rejects.toThrow(refusal)
})

test('a key of another HSM is no key', async () => {
  const [key, foreign] = [await createBlobKey(), await createBlobKey()]
  const bytes = await sealWith(key, PLAINTEXT)
  await expectHsmError(sealBlob(key.hsm, foreign, PLAINTEXT), 'INVALID_TOKEN')
  await expectHsmError(openWith({ ...key, token: foreign.token }, bytes), 'INVALID_TOKEN')
})

test('a blob is read from the middle of a buffer, and not copied before it is', async () => {
  const key = await createBlobKey()
  const bytes = await sealWith(key, PLAINTEXT, CONTEXT)
  const buffer = new Uint8Array(bytes.length + 20).fill(0xff)
  buffer.set(bytes, 7)
  const blob = parseBlob(buffer.subarray(7, 7 + bytes.length))
  expect(blob).toBeDefined()
  if (blob === undefined) return
  expect(await openBlob(key.hsm, { token: key.token, blob }, CONTEXT)).toEqual(PLAINTEXT)
  buffer[7 + bytes.length - 1] = (buffer[7 + bytes.length - 1] ?? 0) ^ 1
  await expectHsmError(openBlob(key.hsm, { token: key.token, blob }, CONTEXT), 'AUTHENTICATION_FAILED')
})

test('the plaintext and the context that are given stay as they were', async () => {
  const key = await createBlobKey()
  const plaintext = PLAINTEXT.slice()
  const sealing = sealWith(key, plaintext, Object.freeze({ ...CONTEXT }))
  expect(plaintext).toEqual(PLAINTEXT)
  plaintext.fill(0)
  expect(await openWith(key, await sealing, CONTEXT)).toEqual(PLAINTEXT)
})

test('a blob outlives its loaded key', async () => {
  const key = await createBlobKey()
  const bytes = await sealWith(key, PLAINTEXT)
  await key.hsm.unload(key.token)
  await key.hsm.generateKey(NEW_KEY)
  expect(await openWith(key, bytes)).toEqual(PLAINTEXT)
})
