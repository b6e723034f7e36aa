/**
 * KeyMaterialId: computed from the material and the key id, and from nothing else.
 *
 * @covers KMS crypto-details §6
 */
import { MATERIAL_ID_LENGTH, createHsm } from '@softkms/hsm'
import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { createKnownKey } from '../../tools/blob-vectors/known-key.ts'
import { toHex } from '../support/bits.ts'
import { NEW_KEY } from '../support/hsm-fixture.ts'

function expectedId(material: Uint8Array, keyId: string): string {
  return createHmac('sha256', material).update('softkms key material id v1').update(keyId).digest('hex')
}

test.each(['k', NEW_KEY.keyId, 'k'.repeat(255)])('of the key %s, it is what HMAC-SHA-256 says', async (keyId) => {
  const { material, materialId } = await createKnownKey(`material of ${keyId}`, keyId)
  expect(materialId).toHaveLength(MATERIAL_ID_LENGTH)
  expect(toHex(materialId)).toBe(expectedId(material, keyId))
})

test('the same material has another name under another key id', async () => {
  const [a, b] = [await createKnownKey('one seed', 'a'), await createKnownKey('one seed', 'b')]
  expect(a.material).toEqual(b.material)
  expect(a.materialId).not.toEqual(b.materialId)
})

test('two keys of one id have different names', async () => {
  const hsm = createHsm()
  const [a, b] = [await hsm.generateKey(NEW_KEY), await hsm.generateKey(NEW_KEY)]
  expect(a.materialId).not.toEqual(b.materialId)
})

test('the token says the same name', async () => {
  const { token, materialId } = await createKnownKey('a token', 'k')
  // Offset 21, as key-token.ts lays it out.
  expect(token.slice(21, 53)).toEqual(materialId)
})

test('what is returned is the caller’s own', async () => {
  const { hsm, token, materialId } = await createKnownKey('a token', 'k')
  const before = token.slice()
  materialId.fill(0)
  expect(token).toEqual(before)
  await expect(
    hsm.generateSealedDataKey({
      token,
      layout: () => ({ bytes: new Uint8Array(28), nonceOffset: 0, ivOffset: 16 }),
      additionalData: new Uint8Array(0),
      length: 1,
      isPlaintextWanted: false,
    }),
  ).resolves.toHaveProperty('sealed')
})
