/** A zeroized HSM serves nothing, and no HSM ever opens its tokens again. */
import { type Hsm, type KeyToken, type MessageHeader, type Provider, createHsm, nobleProvider } from '@softkms/hsm'
import { testingOnlyFaultyProvider } from '@softkms/hsm/testing'
import { describe, expect, test } from 'vitest'
import { COMMANDS, NEW_KEY, expectHsmError, layout, open, seal } from '../support/hsm-fixture.ts'
import { PROVIDERS } from '../support/providers.ts'

describe.each([
  [
    'in use',
    async () => {
      const hsm = createHsm()
      const { token } = await hsm.generateKey(NEW_KEY)
      await seal(hsm, token, Uint8Array.of(1))
      return { hsm, token }
    },
  ],
  [
    'never used',
    async () => {
      const { token } = await createHsm().generateKey(NEW_KEY)
      return { hsm: createHsm(), token }
    },
  ],
])('an HSM that was %s', (_, begin) => {
  test.each(Object.entries(COMMANDS))('refuses %s once zeroized', async (_name, command) => {
    const { hsm, token } = await begin()
    await hsm.zeroize()
    await expectHsmError(command(hsm, token), 'ZEROIZED')
    await hsm.zeroize()
    await expectHsmError(command(hsm, token), 'ZEROIZED')
    expect(await hsm.status()).toMatchObject({ state: 'zeroized', domainKeys: 0, loadedKeys: 0 })
  })
})

test('status counts the domain key and the loaded keys until then', async () => {
  const hsm = createHsm()
  const { token } = await hsm.generateKey(NEW_KEY)
  await seal(hsm, token, Uint8Array.of(1))
  expect(await hsm.status()).toMatchObject({ state: 'ready', domainKeys: 1, loadedKeys: 1 })
  await hsm.zeroize()
  expect(await hsm.status()).toMatchObject({ state: 'zeroized', domainKeys: 0, loadedKeys: 0 })
})

test('what it sealed opens nowhere else', async () => {
  const hsm = createHsm()
  const { token } = await hsm.generateKey(NEW_KEY)
  const sealed = await seal(hsm, token, Uint8Array.of(1))
  await hsm.zeroize()
  await expectHsmError(open(createHsm(), token, sealed), 'INVALID_TOKEN')
})

test('an HSM whose self-test failed can be zeroized, and forgetting a key of it is harmless', async () => {
  const { token } = await createHsm().generateKey(NEW_KEY)
  const hsm = createHsm({ provider: testingOnlyFaultyProvider('HMAC') })
  await expectHsmError(hsm.random(1), 'SELF_TEST_FAILED')
  await expect(hsm.unload(token)).resolves.toBeUndefined()
  await hsm.zeroize()
  expect(await hsm.status()).toMatchObject({ state: 'zeroized' })
})

test('the random generator of the module goes with it', async () => {
  let last: Uint8Array | undefined
  const provider: Provider = {
    ...nobleProvider,
    name: 'noble, watched',
    encryptAes256(key, blocks) {
      last = key
      nobleProvider.encryptAes256(key, blocks)
    },
  }
  const hsm = createHsm({ provider })
  await hsm.random(1)
  expect(last?.some((byte) => byte !== 0)).toBe(true)
  await hsm.zeroize()
  expect(last).toEqual(new Uint8Array(32))
})

describe('a layout is the code of the caller, which may do anything while a message is sealed:', () => {
  const additionalData = new Uint8Array(0)
  const plaintext = Uint8Array.of(1, 2, 3)

  describe.each(PROVIDERS)('$name', (provider) => {
    async function sealWhile(interfere: (hsm: Hsm, token: KeyToken, other: KeyToken) => void) {
      const hsm = createHsm({ provider, loadedKeyLimit: 1 })
      const [{ token }, { token: other }] = [await hsm.generateKey(NEW_KEY), await hsm.generateKey(NEW_KEY)]
      const interfering = (): MessageHeader => {
        interfere(hsm, token, other)
        return layout()
      }
      const target = { token, layout: interfering, additionalData }
      return {
        hsm,
        token,
        sealing: hsm.seal({ ...target, plaintext }),
        drawing: hsm.generateSealedDataKey({ ...target, length: 32, isPlaintextWanted: false }),
      }
    }

    test('zeroizing refuses what was begun', async () => {
      const { sealing, drawing } = await sealWhile((hsm) => void hsm.zeroize())
      await Promise.all([expectHsmError(sealing, 'ZEROIZED'), expectHsmError(drawing, 'ZEROIZED')])
    })

    test.each<readonly [string, (hsm: Hsm, token: KeyToken, other: KeyToken) => void]>([
      ['unloading the key', (hsm, token) => void hsm.unload(token)],
      ['loading another, with room for one', (hsm, _, other) => void seal(hsm, other, plaintext)],
    ])('%s changes nothing', async (_, interfere) => {
      const { hsm, token, sealing, drawing } = await sealWhile(interfere)
      expect(await open(hsm, token, await sealing)).toEqual(plaintext)
      await expect(drawing).resolves.toBeDefined()
    })
  })
})
