/**
 * A token is bound whole: to its HSM's domain, and to every byte that it consists of.
 *
 * @covers KMS crypto-details §1 (exported key token)
 */
import { KEY_SPECS, type GenerateKeyCommand, type KeyToken, createHsm } from '@softkms/hsm'
import { expect, test } from 'vitest'
import { eachBitFlipped, eachLengthChanged, toHex } from '../support/bits.ts'
import { COMMANDS, NEW_KEY, expectHsmError, open, seal } from '../support/hsm-fixture.ts'

const PLAINTEXT = Uint8Array.of(1, 2, 3)
/** Commands that take a token, without those that make one. */
const USES = Object.entries(COMMANDS).filter(([name]) => name !== 'generateKey' && name !== 'random')

test('a token of this HSM seals and opens, however often', async () => {
  const hsm = createHsm()
  const { token } = await hsm.generateKey(NEW_KEY)
  for (let i = 0; i < 3; i++) {
    const sealed = await seal(hsm, token, PLAINTEXT)
    expect(await open(hsm, token, sealed)).toEqual(PLAINTEXT)
  }
})

test.each([true, false])('each bit of a token is bound (with the true one loaded: %s)', async (isLoaded) => {
  const hsm = createHsm()
  const { token } = await hsm.generateKey({ ...NEW_KEY, keyId: 'k' })
  if (isLoaded) await seal(hsm, token, PLAINTEXT)
  const flipped = eachBitFlipped(token)
  expect(flipped).toHaveLength(8 * (82 + 1 + 32 + 16))
  for (const forged of flipped) await expectHsmError(seal(hsm, forged, PLAINTEXT), 'INVALID_TOKEN')
  expect(await hsm.status()).toMatchObject({ loadedKeys: isLoaded ? 1 : 0 })
  await expect(seal(hsm, token, PLAINTEXT)).resolves.toBeInstanceOf(Uint8Array)
})

test.each([true, false])('a token is bound in its length (with the true one loaded: %s)', async (isLoaded) => {
  const hsm = createHsm()
  const { token } = await hsm.generateKey(NEW_KEY)
  if (isLoaded) await seal(hsm, token, PLAINTEXT)
  for (const forged of eachLengthChanged(token)) await expectHsmError(seal(hsm, forged, PLAINTEXT), 'INVALID_TOKEN')
})

test.each([
  ['nothing', new Uint8Array(0)],
  ['one byte', Uint8Array.of(1)],
  ['zeros', new Uint8Array(131)],
  ['ones', new Uint8Array(131).fill(1)],
  ['a header that ends before the key id', new Uint8Array(81).fill(1)],
  ['a key id that is longer than the token', Uint8Array.from({ length: 131 }, (_, i) => (i === 81 ? 255 : 1))],
])('%s is no token', async (_, bytes) => {
  const hsm = createHsm()
  await expectHsmError(seal(hsm, bytes as KeyToken, PLAINTEXT), 'INVALID_TOKEN')
})

test.each(USES)('%s refuses a token of another domain', async (_, command) => {
  const { token } = await createHsm().generateKey(NEW_KEY)
  const hsm = createHsm()
  await expectHsmError(command(hsm, token), 'INVALID_TOKEN')
  await hsm.generateKey(NEW_KEY)
  await expectHsmError(command(hsm, token), 'INVALID_TOKEN')
  expect(await hsm.status()).toMatchObject({ loadedKeys: 0 })
})

test('parts of two tokens of one HSM do not make a third', async () => {
  const hsm = createHsm()
  const [a, b] = await Promise.all([hsm.generateKey(NEW_KEY), hsm.generateKey(NEW_KEY)])
  for (let cut = 1; cut < a.token.length; cut++) {
    const mixed = Uint8Array.from([...a.token.subarray(0, cut), ...b.token.subarray(cut)]) as KeyToken
    // Up to the key material's name, both tokens say the same.
    if (toHex(mixed) === toHex(b.token) || toHex(mixed) === toHex(a.token)) continue
    await expectHsmError(seal(hsm, mixed, PLAINTEXT), 'INVALID_TOKEN')
  }
})

test('a token shows its key id, and not its key material twice alike', async () => {
  const hsm = createHsm()
  const tokens = await Promise.all(Array.from({ length: 20 }, () => hsm.generateKey(NEW_KEY)))
  expect(new Set(tokens.map(({ token }) => toHex(token))).size).toBe(20)
  expect(new Set(tokens.map(({ materialId }) => toHex(materialId))).size).toBe(20)
  for (const { token } of tokens) expect(Buffer.from(token).toString('latin1')).toContain(NEW_KEY.keyId)
})

test('no caller can have extractable material generated', async () => {
  const hsm = createHsm()
  const { token } = await hsm.generateKey({ ...NEW_KEY, isExtractable: true } as GenerateKeyCommand)
  // The flags, as key-token.ts lays them out.
  expect(token[20]).toBe(0)
})

test.each([
  ['empty', ''],
  ['longer than 255 characters', 'k'.repeat(256)],
  ['not ASCII', 'schlüssel'],
  ['with a space', 'my key'],
  ['with a control character', 'key\n'],
  ['no text', 7],
  ['missing', undefined],
])('a key id that is %s is refused', async (_, keyId) => {
  const attempt = createHsm().generateKey({ ...NEW_KEY, keyId: keyId as string })
  await expect(attempt).rejects.toThrow(new RangeError('keyId must be 1 to 255 printable ASCII characters'))
})

test.each(['k', 'k'.repeat(255), 'mrk-1234abcd', '~!'])('the key id %s makes a token that opens', async (keyId) => {
  const hsm = createHsm()
  const { token } = await hsm.generateKey({ ...NEW_KEY, keyId })
  const sealed = await seal(hsm, token, PLAINTEXT)
  await hsm.unload(token)
  expect(await open(hsm, token, sealed)).toEqual(PLAINTEXT)
})

test.each([
  [{ keySpec: 'SM2' }, `keySpec must be one of ${Object.keys(KEY_SPECS).join(', ')}`],
  [{ keySpec: 'constructor' }, `keySpec must be one of ${Object.keys(KEY_SPECS).join(', ')}`],
  [{ keySpec: undefined }, `keySpec must be one of ${Object.keys(KEY_SPECS).join(', ')}`],
  [{ origin: 'AWS_CLOUDHSM' }, 'origin must be one of AWS_KMS, EXTERNAL'],
  [{ origin: 'toString' }, 'origin must be one of AWS_KMS, EXTERNAL'],
  [{ origin: undefined }, 'origin must be one of AWS_KMS, EXTERNAL'],
])('a key of %o is refused before it is made', async (members, message) => {
  const attempt = createHsm().generateKey({ ...NEW_KEY, ...members } as GenerateKeyCommand)
  await expect(attempt).rejects.toThrow(new RangeError(message))
})

test.each(['SIGN_VERIFY', 'toString', undefined])('a usage that the spec has not (%s) is refused', async (keyUsage) => {
  await expectHsmError(createHsm().generateKey({ ...NEW_KEY, keyUsage } as unknown as GenerateKeyCommand), 'KEY_USAGE')
})
