/** A zeroized HSM serves nothing, and no HSM ever opens its tokens again. */
import { createHsm } from '@softkms/hsm'
import { testingOnlyFaultyProvider } from '@softkms/hsm/testing'
import { describe, expect, test } from 'vitest'
import { COMMANDS, NEW_KEY, expectHsmError, open, seal } from '../support/hsm-fixture.ts'

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
