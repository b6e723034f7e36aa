/** What binds a store to the HSMs that may read it: their domain keyring, and the tags on its records. */

import type { Hsm } from '@softkms/hsm'
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
