/**
 * Sealing and opening one message.
 *
 * @covers SP 800-38D §7; KMS crypto-details §2
 */
import { IV_LENGTH, type Hsm, type KeyToken, NONCE_LENGTH, type Provider, createHsm, nobleProvider } from '@softkms/hsm'
import { expect, test } from 'vitest'
import { eachBitFlipped, eachLengthChanged, toHex } from '../support/bits.ts'
import { expectHsmError, headerOf, NEW_KEY, open, seal } from '../support/hsm-fixture.ts'

const PLAINTEXT = new TextEncoder().encode('attack at dawn')
const ADDITIONAL_DATA = new TextEncoder().encode('purpose: test')

async function setScene(): Promise<{ readonly hsm: Hsm; readonly token: KeyToken }> {
  const hsm = createHsm()
  const { token } = await hsm.generateKey(NEW_KEY)
  return { hsm, token }
}

test.each([1, 15, 16, 17, 1024, 4096])('%s bytes come back', async (length) => {
  const { hsm, token } = await setScene()
  const plaintext = Uint8Array.from({ length }, (_, i) => i)
  const sealed = await seal(hsm, token, plaintext, ADDITIONAL_DATA)
  // Header, frame, plaintext, tag.
  expect(sealed).toHaveLength(28 + 11 + length + 16)
  expect(await open(hsm, token, sealed, ADDITIONAL_DATA)).toEqual(plaintext)
})

test.each([0, 4097])('%s bytes are refused', async (length) => {
  const { hsm, token } = await setScene()
  const attempt = seal(hsm, token, new Uint8Array(length))
  await expect(attempt).rejects.toThrow(new RangeError('plaintext must be 1 to 4096 bytes'))
})

test('each bit of a sealed message is authenticated', async () => {
  const { hsm, token } = await setScene()
  const sealed = await seal(hsm, token, PLAINTEXT, ADDITIONAL_DATA)
  const flipped = eachBitFlipped(sealed)
  expect(flipped).toHaveLength(8 * (28 + 11 + 14 + 16))
  for (const forged of flipped) await expectHsmError(open(hsm, token, forged, ADDITIONAL_DATA), 'AUTHENTICATION_FAILED')
})

test('a sealed message is bound in its length', async () => {
  const { hsm, token } = await setScene()
  const sealed = await seal(hsm, token, PLAINTEXT, ADDITIONAL_DATA)
  for (const forged of eachLengthChanged(sealed)) {
    // Without room for the header, the command itself is malformed.
    if (forged.length < 28) await expect(open(hsm, token, forged, ADDITIONAL_DATA)).rejects.toThrow(RangeError)
    else await expectHsmError(open(hsm, token, forged, ADDITIONAL_DATA), 'AUTHENTICATION_FAILED')
  }
})

test('a ciphertext without room for a tag is refused before a provider is asked', async () => {
  const lengths: number[] = []
  const provider: Provider = {
    ...nobleProvider,
    openAesGcm(key, nonce, additionalData, sealed) {
      lengths.push(sealed.length)
      return nobleProvider.openAesGcm(key, nonce, additionalData, sealed)
    },
  }
  const hsm = createHsm({ provider })
  const { token } = await hsm.generateKey(NEW_KEY)
  await seal(hsm, token, PLAINTEXT)
  lengths.length = 0
  for (let length = 0; length <= 16; length++) {
    await expectHsmError(open(hsm, token, new Uint8Array(28 + length)), 'AUTHENTICATION_FAILED')
  }
  expect(lengths).toEqual([16])
})

test('each bit of the additional data is authenticated, and its length', async () => {
  const { hsm, token } = await setScene()
  const sealed = await seal(hsm, token, PLAINTEXT, ADDITIONAL_DATA)
  for (const other of [...eachBitFlipped(ADDITIONAL_DATA), ...eachLengthChanged(ADDITIONAL_DATA)]) {
    await expectHsmError(open(hsm, token, sealed, other), 'AUTHENTICATION_FAILED')
  }
})

test('header and additional data do not run into each other', async () => {
  const { hsm, token } = await setScene()
  const header = headerOf(new Uint8Array(32))
  const sealed = await hsm.seal({ token, layout: () => header, additionalData: Uint8Array.of(0), plaintext: PLAINTEXT })
  // The same bytes in the same order, with the boundary one byte on: the whole is as it was sealed.
  const moved = {
    token,
    header: headerOf(Uint8Array.of(...sealed.subarray(0, 32), 0)),
    additionalData: new Uint8Array(0),
    ciphertext: sealed.subarray(32),
  }
  // What is authenticated is header || additional data. A caller's header says itself how long it is, as a blob's does.
  await expect(hsm.open(moved)).resolves.toEqual(PLAINTEXT)
})

test('another key of the HSM does not open it', async () => {
  const { hsm, token } = await setScene()
  const other = await hsm.generateKey(NEW_KEY)
  const sealed = await seal(hsm, token, PLAINTEXT)
  await expectHsmError(open(hsm, other.token, sealed), 'AUTHENTICATION_FAILED')
})

test('all that can be wrong with a message is one error, word for word', async () => {
  const { hsm, token } = await setScene()
  const sealed = await seal(hsm, token, PLAINTEXT, ADDITIONAL_DATA)
  const other = await hsm.generateKey(NEW_KEY)
  const attempts = [
    ...eachBitFlipped(sealed).map((forged) => open(hsm, token, forged, ADDITIONAL_DATA)),
    open(hsm, token, sealed),
    open(hsm, other.token, sealed, ADDITIONAL_DATA),
    open(hsm, token, sealed.subarray(0, 28), ADDITIONAL_DATA),
    open(hsm, token, sealed.subarray(0, 29), ADDITIONAL_DATA),
  ]
  const refusals = await Promise.all(attempts.map((attempt) => attempt.catch((error: unknown) => error)))
  expect(new Set(refusals.map((error) => JSON.stringify([String(error), { ...(error as object) }])))).toEqual(
    new Set([
      '["HsmError: The message does not open under this key.",{"name":"HsmError","code":"AUTHENTICATION_FAILED"}]',
    ]),
  )
})

test('the same message is never sealed the same way twice', async () => {
  const { hsm, token } = await setScene()
  const header = headerOf(new Uint8Array(40).fill(9))
  const sealed = await Promise.all(
    Array.from({ length: 50 }, () =>
      hsm.seal({ token, layout: () => header, additionalData: ADDITIONAL_DATA, plaintext: PLAINTEXT }),
    ),
  )
  const parts = [
    [0, NONCE_LENGTH],
    [NONCE_LENGTH, NONCE_LENGTH + IV_LENGTH],
    [40, 40 + 11 + PLAINTEXT.length],
    [40 + 11 + PLAINTEXT.length, undefined],
  ] as const
  for (const [from, to] of parts) expect(new Set(sealed.map((one) => toHex(one.slice(from, to)))).size).toBe(50)
  for (const one of sealed) expect(one.slice(28, 40)).toEqual(new Uint8Array(12).fill(9))
})

test("a caller's nonce and vector are written over, and its header is left as it was", async () => {
  const { hsm, token } = await setScene()
  const bytes = new Uint8Array(32).fill(7)
  const sealed = await hsm.seal({
    token,
    layout: () => headerOf(bytes),
    additionalData: ADDITIONAL_DATA,
    plaintext: PLAINTEXT,
  })
  expect(bytes).toEqual(new Uint8Array(32).fill(7))
  expect(sealed.slice(0, NONCE_LENGTH)).not.toEqual(bytes.slice(0, NONCE_LENGTH))
  expect(sealed.slice(NONCE_LENGTH, 28)).not.toEqual(bytes.slice(NONCE_LENGTH, 28))
  expect(sealed.slice(28, 32)).toEqual(bytes.slice(28))
})

test.each([
  { nonceOffset: 0, ivOffset: 16 },
  { nonceOffset: 12, ivOffset: 0 },
  { nonceOffset: 5, ivOffset: 30 },
  { nonceOffset: 48, ivOffset: 20 },
])('nonce and vector may stand anywhere: %o', async (offsets) => {
  const { hsm, token } = await setScene()
  const header = { bytes: new Uint8Array(64), ...offsets }
  const sealed = await hsm.seal({ token, layout: () => header, additionalData: ADDITIONAL_DATA, plaintext: PLAINTEXT })
  const opening = { token, additionalData: ADDITIONAL_DATA, ciphertext: sealed.subarray(64) }
  const written = { ...header, bytes: sealed.subarray(0, 64) }
  expect(await hsm.open({ ...opening, header: written })).toEqual(PLAINTEXT)
  const exchanged = { ...written, nonceOffset: 0, ivOffset: 50 }
  await expectHsmError(hsm.open({ ...opening, header: exchanged }), 'AUTHENTICATION_FAILED')
})

test('the plaintext that is given stays as it was, and is not kept', async () => {
  const { hsm, token } = await setScene()
  const plaintext = PLAINTEXT.slice()
  const sealing = seal(hsm, token, plaintext)
  expect(plaintext).toEqual(PLAINTEXT)
  plaintext.fill(0)
  const sealed = await sealing
  expect(await open(hsm, token, sealed)).toEqual(PLAINTEXT)
})

test('the plaintext that is returned is the caller’s own', async () => {
  const { hsm, token } = await setScene()
  const sealed = await seal(hsm, token, PLAINTEXT)
  const first = await open(hsm, token, sealed)
  expect(first.buffer.byteLength).toBe(PLAINTEXT.length)
  first.fill(0)
  expect(await open(hsm, token, sealed)).toEqual(PLAINTEXT)
})
