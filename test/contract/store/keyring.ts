/** The sealed domain keyring: one in a store, and exactly one server's is the first. */
import { describe, expect, test } from 'vitest'
import { createKeyRecord } from '../../support/records.ts'
import { type OpenStore, expectRefused, putKey } from './store-under-test.ts'

const SEALED = Uint8Array.from({ length: 109 }, (_, index) => index)

export function describeKeyring(open: OpenStore): void {
  describe('the keyring', () => {
    test('is not there at first, and then as it was given', async () => {
      const opened = await open()
      await expect(opened.store.getKeyring()).resolves.toBeUndefined()
      const keyring = { version: 1, sealed: SEALED }
      await opened.commit({ type: 'PutKeyring', keyring })
      for (const door of [opened.store, opened.otherDoor]) await expect(door.getKeyring()).resolves.toEqual(keyring)
    })

    test('goes on by one version at a time', async () => {
      const opened = await open()
      await expectRefused(opened, { type: 'PutKeyring', keyring: { version: 2, sealed: SEALED } })
      await opened.commit({ type: 'PutKeyring', keyring: { version: 1, sealed: SEALED } })
      for (const version of [1, 3]) {
        await expectRefused(opened, { type: 'PutKeyring', keyring: { version, sealed: Uint8Array.of(1) } })
      }
      await expectRefused(
        opened,
        { type: 'PutKeyring', keyring: { version: 2, sealed: SEALED } },
        putKey(createKeyRecord(1, { version: 2 })),
      )
      await expect(opened.store.getKeyring()).resolves.toEqual({ version: 1, sealed: SEALED })
      await opened.commit({ type: 'PutKeyring', keyring: { version: 2, sealed: Uint8Array.of(1) } })
      await expect(opened.otherDoor.getKeyring()).resolves.toEqual({ version: 2, sealed: Uint8Array.of(1) })
    })

    test('of racing servers one is first', async () => {
      const { store, otherDoor } = await open()
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, async (_, server) =>
          (server % 2 === 0 ? store : otherDoor).commit([
            { type: 'PutKeyring', keyring: { version: 1, sealed: Uint8Array.of(server) } },
          ]),
        ),
      )
      expect(outcomes.filter(Boolean)).toHaveLength(1)
      await expect(otherDoor.getKeyring()).resolves.toEqual({
        version: 1,
        sealed: Uint8Array.of(outcomes.indexOf(true)),
      })
    })
  })
}
