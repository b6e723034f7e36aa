/** Data keys are drawn inside; they leave sealed, and in the clear only when that was asked for. */
import { type GenerateSealedDataKeyCommand, type Hsm, type KeyToken, createHsm } from '@softkms/hsm'
import { expect, test } from 'vitest'
import { toHex } from '../support/bits.ts'
import { expectHsmError, layout, NEW_KEY, open } from '../support/hsm-fixture.ts'

const ADDITIONAL_DATA = new TextEncoder().encode('disk 1')

async function setScene(): Promise<{
  readonly hsm: Hsm
  readonly token: KeyToken
  readonly command: (length: number, isPlaintextWanted: boolean) => GenerateSealedDataKeyCommand
}> {
  const hsm = createHsm()
  const { token } = await hsm.generateKey(NEW_KEY)
  return {
    hsm,
    token,
    command: (length, isPlaintextWanted) => ({
      token,
      layout,
      additionalData: ADDITIONAL_DATA,
      length,
      isPlaintextWanted,
    }),
  }
}

test.each([1, 16, 32, 1024])('a data key of %s bytes: the sealed one holds the one in the clear', async (length) => {
  const { hsm, token, command } = await setScene()
  const { sealed, plaintext, ...rest } = await hsm.generateSealedDataKey(command(length, true))
  expect(rest).toEqual({})
  expect(plaintext).toHaveLength(length)
  expect(await open(hsm, token, sealed, ADDITIONAL_DATA)).toEqual(plaintext)
})

test('what was not asked for is not there', async () => {
  const { hsm, token, command } = await setScene()
  const dataKey = await hsm.generateSealedDataKey(command(32, false))
  expect(Object.keys(dataKey)).toEqual(['sealed'])
  expect(await open(hsm, token, dataKey.sealed, ADDITIONAL_DATA)).toHaveLength(32)
})

test('no two data keys are the same', async () => {
  const { hsm, command } = await setScene()
  const dataKeys = await Promise.all(Array.from({ length: 50 }, () => hsm.generateSealedDataKey(command(32, true))))
  const plaintexts = dataKeys.map(({ plaintext }) => toHex(plaintext ?? new Uint8Array(0)))
  expect(new Set(plaintexts).size).toBe(50)
  expect(plaintexts).not.toContain('00'.repeat(32))
})

test('the data key in the clear is the caller’s own', async () => {
  const { hsm, token, command } = await setScene()
  const { sealed, plaintext = new Uint8Array(0) } = await hsm.generateSealedDataKey(command(32, true))
  expect(plaintext.buffer.byteLength).toBe(32)
  const copy = plaintext.slice()
  plaintext.fill(0)
  expect(await open(hsm, token, sealed, ADDITIONAL_DATA)).toEqual(copy)
})

test('it is bound to its additional data', async () => {
  const { hsm, token, command } = await setScene()
  const { sealed } = await hsm.generateSealedDataKey(command(32, false))
  await expectHsmError(open(hsm, token, sealed), 'AUTHENTICATION_FAILED')
})

test.each([0, -1, 1025, 1.5, Number.NaN, '32', undefined])('a length of %s is refused', async (length) => {
  const { hsm, command } = await setScene()
  const attempt = hsm.generateSealedDataKey(command(length as number, true))
  await expect(attempt).rejects.toThrow(new RangeError('length must be 1 to 1024 bytes'))
})
