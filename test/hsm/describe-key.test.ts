/** What a token says of its key: only once it has proved to be a token of this HSM. */
import { KEY_SPECS, type KeyToken, createHsm } from '@softkms/hsm'
import { expect, test } from 'vitest'
import { eachBitFlipped, flipBit } from '../support/bits.ts'
import { NEW_KEY, expectHsmError } from '../support/hsm-fixture.ts'
import { FAMILY_KINDS, generate, titleOf } from '../support/hsm-keys.ts'

const hsm = createHsm()

test.each(FAMILY_KINDS.map((kind) => [titleOf(kind), kind] as const))('%s', async (_, kind) => {
  const command = { ...kind, keyId: `key-of-${KEY_SPECS[kind.keySpec].code}`, origin: 'EXTERNAL' } as const
  const { token, materialId } = await hsm.generateKey(command)
  expect(await hsm.describeKey(token)).toStrictEqual({ ...command, isExtractable: false, materialId })
})

test('the description is of the token, loaded or not, and after the domain key has rotated', async () => {
  const { token } = await hsm.generateKey(NEW_KEY)
  const described = await hsm.describeKey(token)
  await hsm.unload(token)
  expect(await hsm.describeKey(token)).toStrictEqual(described)
  await hsm.rotateDomainKey()
  expect(await hsm.describeKey(token)).toStrictEqual(described)
  expect(await hsm.describeKey(await hsm.rewrap(token))).toStrictEqual(described)
})

test('what is done to a description does nothing to the key', async () => {
  const { token, materialId } = await hsm.generateKey(NEW_KEY)
  const { materialId: mine } = await hsm.describeKey(token)
  mine.fill(0)
  expect((await hsm.describeKey(token)).materialId).toEqual(materialId)
})

test('nothing is said of a token with any bit flipped, cut short or made longer', async () => {
  const { token } = await hsm.generateKey(NEW_KEY)
  await hsm.describeKey(token)
  const damaged: Uint8Array[] = [...eachBitFlipped(token), new Uint8Array(0), Uint8Array.of(...token, 0)]
  for (let length = 1; length < token.length; length++) damaged.push(token.slice(0, length))
  for (const bytes of damaged) await expectHsmError(hsm.describeKey(bytes as KeyToken), 'INVALID_TOKEN')
  expect(await hsm.describeKey(token)).toMatchObject({ keyId: NEW_KEY.keyId })
})

test('nothing is said of a token of another HSM, nor by one that was zeroized', async () => {
  const other = createHsm()
  const { token } = await generate(other, { keySpec: 'HMAC_256', keyUsage: 'GENERATE_VERIFY_MAC' })
  await expectHsmError(hsm.describeKey(token), 'INVALID_TOKEN')
  await other.zeroize()
  await expectHsmError(other.describeKey(token), 'ZEROIZED')
})

test('the argument is checked before anything is looked up', async () => {
  await expect(hsm.describeKey('text' as unknown as KeyToken)).rejects.toThrow(TypeError)
  const { token } = await hsm.generateKey(NEW_KEY)
  await expectHsmError(hsm.describeKey(flipBit(token, 0)), 'INVALID_TOKEN')
})
