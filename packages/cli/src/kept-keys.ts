/** Where a served KMS keeps its keys, and the HSM that can read them: opened together, closed together. */
import { createHsm, HsmError, type Hsm } from '@softkms/hsm'
import { createHsmFleet } from '@softkms/hsm/fleet'
import { createMemoryStore, createRecordGuard, joinDomain, shareDomain, type Store, StoreError } from '@softkms/kms'
import { InvalidArgumentError, Option } from 'commander'
import { findProvider } from './provider-flag.ts'
import type { ProviderName } from './providers.ts'
import { takeOwnRootKey } from './root-key/own-root-key.ts'
import { readRootKey, type RootKeyFlags } from './root-key/root-key-flags.ts'

/** What `--store` says. */
export type StorePlace =
  | { readonly kind: 'memory' }
  | { readonly kind: 'sqlite'; readonly folder: string }
  | { readonly kind: 'postgres'; readonly url: string }

export interface KeptKeys {
  readonly hsm: Hsm
  readonly store: Store
  /** Where they are, to be shown; `undefined` for memory. */
  readonly place: string | undefined
  /** The root key that was made for its user, or found again; `undefined` when another was named. */
  readonly ownRootKey: { readonly file: string; readonly isFresh: boolean } | undefined
  close(): Promise<void>
}

/** Who computes, and in how many threads. */
export interface Computing {
  readonly provider: ProviderName
  /** For slow commands; 0 for none, when everything is done in this one. */
  readonly workers: number
}

const DEFAULT_COMPUTING: Computing = { provider: 'kernels', workers: 0 }

/** A notice may have been lost with its connection. */
const KEYRING_POLL_MS = 30_000

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
  if (/^postgres(?:ql)?:\/\/./.test(text) && URL.canParse(text)) return { kind: 'postgres', url: text }
  throw new InvalidArgumentError('A store is memory, sqlite:FOLDER, or postgres://USER@HOST/DATABASE.')
}

export function storeOption(description: string): Option {
  return new Option('--store <place>', description)
    .argParser(parseStorePlace)
    .default(DEFAULT_STORE, formatStorePlace(DEFAULT_STORE))
}

const DEFAULT_STORE: StorePlace = { kind: 'sqlite', folder: './softkms-data' }

function formatStorePlace(place: StorePlace): string {
  return place.kind === 'sqlite' ? `${SQLITE}${place.folder}` : place.kind
}

/** A database without what a password may be in. */
function describePlace(place: Exclude<StorePlace, { readonly kind: 'memory' }>): string {
  if (place.kind === 'sqlite') return place.folder
  const { host, pathname } = new URL(place.url)
  return `the database ${host}${pathname}`
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
    return { hsm, store: createMemoryStore(), place: undefined, ownRootKey: undefined, close }
  }
  const shown = describePlace(place)
  const named = await readRootKey(flags)
  const own = named === undefined && makesRootKey ? await takeOwnRootKey(flags, await hasKeys(place)) : undefined
  const rootKey = named ?? own?.rootKey
  if (rootKey === undefined) {
    throw new UnopenedStoreError(
      `keys in ${shown} are sealed by a root key: make one with \`softkms init --root-key-file FILE\`, ` +
        'and name it by --root-key-file or put it into SOFTKMS_ROOT_KEY; or let `softkms start` make one; ' +
        'or keep nothing, with --store memory',
    )
  }
  const opened: (() => Promise<void> | void)[] = []
  const close = async (): Promise<void> => {
    for (const one of opened.toReversed()) await one()
  }
  try {
    const computer = openHsm(computing, rootKey)
    rootKey.fill(0)
    opened.push(computer.close)
    const { hsm, store } = await openStore(place, shown, computer.hsm, opened)
    return { hsm, store, place: shown, ownRootKey: own && { file: own.file, isFresh: own.isFresh }, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Whether there are keys that a fresh root key could not open: of a database that others share nobody knows before. */
async function hasKeys(place: StorePlace): Promise<boolean> {
  if (place.kind !== 'sqlite') return false
  const { hasSqliteStore } = await import('@softkms/store-sqlite')
  return hasSqliteStore(place.folder)
}

/** @param opened takes what is to be closed */
async function openStore(
  place: Exclude<StorePlace, { readonly kind: 'memory' }>,
  shown: string,
  hsm: Hsm,
  opened: (() => Promise<void> | void)[],
): Promise<{ readonly hsm: Hsm; readonly store: Store }> {
  if (place.kind === 'sqlite') {
    // Only who keeps keys in SQLite needs a Node.js that has it.
    const { openSqliteStore } = await import('@softkms/store-sqlite')
    const { folder } = place
    const store = await rewordFaults(shown, async () => openSqliteStore({ folder, guard: createRecordGuard(hsm) }))
    opened.push(() => store.close())
    await rewordFaults(shown, () => joinDomain(hsm, store))
    return { hsm, store }
  }
  const { openPostgresStore } = await import('@softkms/store-postgres')
  const domain = shareDomain(hsm)
  const guard = createRecordGuard(domain.hsm)
  const store = await rewordFaults(shown, () => openPostgresStore({ url: place.url, guard }))
  opened.push(() => store.close())
  await rewordFaults(shown, () => domain.join(store))
  const refresh = (): void => void domain.refresh().catch(() => undefined)
  await rewordFaults(shown, () => store.onKeyring(refresh))
  const poll = setInterval(refresh, KEYRING_POLL_MS)
  poll.unref()
  opened.push(() => clearInterval(poll))
  return { hsm: domain.hsm, store }
}

function openHsm(
  { provider, workers }: Computing,
  rootKey: Uint8Array | undefined,
): { readonly hsm: Hsm; readonly close: () => Promise<void> } {
  const sealed = rootKey && { rootKey }
  if (workers === 0)
    return { hsm: createHsm({ provider: findProvider(provider), ...sealed }), close: async () => undefined }
  const fleet = createHsmFleet({ provider, workers, ...sealed })
  return { hsm: fleet, close: () => fleet.close() }
}

async function rewordFaults<T>(place: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (cause) {
    if (cause instanceof StoreError) throw new UnopenedStoreError(cause.message, { cause })
    if (cause instanceof HsmError && cause.code === 'AUTHENTICATION_FAILED') {
      throw new UnopenedStoreError(`the root key is not the one of ${place}; nothing there was changed`, { cause })
    }
    throw cause
  }
}
