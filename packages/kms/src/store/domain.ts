/** What binds a store to the HSMs that may read it: their domain keyring, and the tags on its records. */

import { type Hsm, HsmError } from '@softkms/hsm'
import type { RecordGuard } from './record-guard.ts'
import type { Store } from './store.ts'

/**
 * Makes an HSM one of the store's domain: takes the keyring that is kept there, or keeps the HSM's own as the first.
 *
 * @param hsm with a root key
 * @throws HsmError `AUTHENTICATION_FAILED` when its root key is not the one of the store; nothing is changed
 */
export async function joinDomain(hsm: Hsm, store: Store): Promise<void> {
  for (;;) {
    const kept = await store.getKeyring()
    if (kept !== undefined) return hsm.openKeyring(kept.sealed)
    const keyring = { version: 1, sealed: await hsm.sealKeyring() }
    if (await store.commit([{ type: 'PutKeyring', keyring }])) return
    // Another server was faster: its keyring is the domain's.
  }
}

/** Tags by the HSM: whoever writes to the database cannot make them. */
export function createRecordGuard(hsm: Hsm): RecordGuard {
  const textOf = (kind: string, text: string): string => `${kind}\n${text}`
  return {
    protect: async (kind, text) => hsm.protectRecord(textOf(kind, text)),
    verify: async (kind, text, tag) => hsm.verifyRecord(textOf(kind, text), tag),
  }
}

/** The HSM of one of several servers, and the keyring that any of them may rotate. */
export interface SharedDomain {
  /** Looks for a newer keyring once, where it does not know a token or a tag. */
  readonly hsm: Hsm
  /** As `joinDomain`. */
  join(store: Store): Promise<void>
  /** Takes the keyring that is kept, if it is newer. @returns whether it was */
  refresh(): Promise<boolean>
}

/** @param hsm with a root key */
export function shareDomain(hsm: Hsm): SharedDomain {
  let store: Store | undefined
  let version = 0
  let refreshing: Promise<boolean> | undefined

  async function readNewer(): Promise<boolean> {
    const kept = await store?.getKeyring()
    if (kept === undefined || kept.version <= version) return false
    await hsm.openKeyring(kept.sealed)
    version = kept.version
    return true
  }
  /** Once for all who ask meanwhile. */
  const refresh = (): Promise<boolean> =>
    (refreshing ??= readNewer().finally(() => {
      refreshing = undefined
    }))

  /** A command that is tried again where another server's keyring explains its refusal. */
  const trying =
    (command: (...given: readonly unknown[]) => Promise<unknown>) =>
    async (...given: readonly unknown[]): Promise<unknown> => {
      try {
        return await command(...given)
      } catch (error) {
        if (!(error instanceof HsmError) || error.code !== 'INVALID_TOKEN' || !(await refresh())) throw error
        return command(...given)
      }
    }
  const commands = Object.fromEntries(
    Object.entries(hsm).map(([name, command]) => [name, trying(command as Parameters<typeof trying>[0])]),
  ) as unknown as Hsm

  return {
    refresh,
    async join(joined) {
      await joinDomain(hsm, joined)
      store = joined
      version = (await joined.getKeyring())?.version ?? 0
    },
    hsm: {
      ...commands,
      async verifyRecord(record, tag) {
        return (await hsm.verifyRecord(record, tag)) || ((await refresh()) && hsm.verifyRecord(record, tag))
      },
    },
  }
}
