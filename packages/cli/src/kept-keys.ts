/** Where a served KMS keeps its keys, and the HSM that can read them: opened together, closed together. */
import { createHsm, HsmError, type HsmOptions, type Hsm } from '@softkms/hsm'
import { createMemoryStore, createRecordGuard, joinDomain, type Store, StoreError } from '@softkms/kms'
import { InvalidArgumentError, Option } from 'commander'
import { takeOwnRootKey } from './root-key/own-root-key.ts'
import { readRootKey, type RootKeyFlags } from './root-key/root-key-flags.ts'

/** What `--store` says. */
export type StorePlace = { readonly kind: 'memory' } | { readonly kind: 'sqlite'; readonly folder: string }

export interface KeptKeys {
  readonly hsm: Hsm
  readonly store: Store
  /** Where they are; `undefined` for memory. */
  readonly folder: string | undefined
  /** The root key that was made for its user, or found again; `undefined` when another was named. */
  readonly ownRootKey: { readonly file: string; readonly isFresh: boolean } | undefined
  close(): void
}

/** Why keys cannot be opened, in words for whoever runs the command. */
export class UnopenedStoreError extends Error {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = 'UnopenedStoreError'
  }
}

const SQLITE = 'sqlite:'

function parseStorePlace(text: string): StorePlace {
  if (text === 'memory') return { kind: 'memory' }
  if (text.startsWith(SQLITE) && text.length > SQLITE.length)
    return { kind: 'sqlite', folder: text.slice(SQLITE.length) }
  throw new InvalidArgumentError('A store is memory, or sqlite:FOLDER.')
}

export function storeOption(description: string): Option {
  return new Option('--store <place>', description)
    .argParser(parseStorePlace)
    .default(DEFAULT_STORE, formatStorePlace(DEFAULT_STORE))
}

const DEFAULT_STORE: StorePlace = { kind: 'sqlite', folder: './softkms-data' }

function formatStorePlace(place: StorePlace): string {
  return place.kind === 'memory' ? 'memory' : `${SQLITE}${place.folder}`
}

/**
 * @param makesRootKey whether one is made for the user where none is named
 * @throws UnopenedStoreError when there is no root key, another one than the store's, or the store cannot be opened
 * @throws UnusableFileError for what is no root key
 */
export async function openKeptKeys(
  place: StorePlace,
  flags: RootKeyFlags,
  makesRootKey: boolean,
  hsmOptions: Omit<HsmOptions, 'rootKey'> = {},
): Promise<KeptKeys> {
  if (place.kind === 'memory') {
    const store = createMemoryStore()
    return { hsm: createHsm(hsmOptions), store, folder: undefined, ownRootKey: undefined, close: () => undefined }
  }
  const { folder } = place
  // Only who keeps keys in SQLite needs a Node.js that has it.
  const { hasSqliteStore, openSqliteStore } = await import('@softkms/store-sqlite')
  const named = await readRootKey(flags)
  const own = named === undefined && makesRootKey ? await takeOwnRootKey(flags, hasSqliteStore(folder)) : undefined
  const rootKey = named ?? own?.rootKey
  if (rootKey === undefined) {
    throw new UnopenedStoreError(
      `keys in ${folder} are sealed by a root key: make one with \`softkms init --root-key-file FILE\`, ` +
        'and name it by --root-key-file or put it into SOFTKMS_ROOT_KEY; or let `softkms start` make one; ' +
        'or keep nothing, with --store memory',
    )
  }
  const hsm = createHsm({ ...hsmOptions, rootKey })
  rootKey.fill(0)
  const store = await rewordFaults(folder, async () => openSqliteStore({ folder, guard: createRecordGuard(hsm) }))
  try {
    await rewordFaults(folder, () => joinDomain(hsm, store))
  } catch (error) {
    store.close()
    throw error
  }
  const ownRootKey = own && { file: own.file, isFresh: own.isFresh }
  return { hsm, store, folder, ownRootKey, close: () => store.close() }
}

async function rewordFaults<T>(folder: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (cause) {
    if (cause instanceof StoreError) throw new UnopenedStoreError(cause.message, { cause })
    if (cause instanceof HsmError && cause.code === 'AUTHENTICATION_FAILED') {
      throw new UnopenedStoreError(`the root key is not the one of ${folder}; nothing there was changed`, { cause })
    }
    throw cause
  }
}
