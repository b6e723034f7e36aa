/** Where a served KMS keeps its keys, and the HSM that can read them: opened together, closed together. */
import { createHsm, HsmError, type Hsm } from '@softkms/hsm'
import { createHsmFleet } from '@softkms/hsm/fleet'
import { createMemoryStore, createRecordGuard, joinDomain, type Store, StoreError } from '@softkms/kms'
import { InvalidArgumentError, Option } from 'commander'
import { findProvider } from './provider-flag.ts'
import type { ProviderName } from './providers.ts'
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

/** Who computes, and in how many threads. */
export interface Computing {
  readonly provider: ProviderName
  /** For slow commands; 0 for none, when everything is done in this one. */
  readonly workers: number
}

const DEFAULT_COMPUTING: Computing = { provider: 'kernels', workers: 0 }

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
  computing: Computing = DEFAULT_COMPUTING,
): Promise<KeptKeys> {
  if (place.kind === 'memory') {
    const { hsm, close } = openHsm(computing, undefined)
    return { hsm, store: createMemoryStore(), folder: undefined, ownRootKey: undefined, close }
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
  const { hsm, close } = openHsm(computing, rootKey)
  rootKey.fill(0)
  const opened: (() => void)[] = [close]
  const closeAll = (): void => opened.forEach((one) => one())
  try {
    const store = await rewordFaults(folder, async () => openSqliteStore({ folder, guard: createRecordGuard(hsm) }))
    opened.unshift(() => store.close())
    await rewordFaults(folder, () => joinDomain(hsm, store))
    const ownRootKey = own && { file: own.file, isFresh: own.isFresh }
    return { hsm, store, folder, ownRootKey, close: closeAll }
  } catch (error) {
    closeAll()
    throw error
  }
}

function openHsm(
  { provider, workers }: Computing,
  rootKey: Uint8Array | undefined,
): { readonly hsm: Hsm; readonly close: () => void } {
  const sealed = rootKey && { rootKey }
  if (workers === 0) return { hsm: createHsm({ provider: findProvider(provider), ...sealed }), close: () => undefined }
  const fleet = createHsmFleet({ provider, workers, ...sealed })
  return { hsm: fleet, close: () => void fleet.close() }
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
