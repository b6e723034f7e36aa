/**
 * An HSM whose slow commands run in threads of their own, so that they hold nobody else up.
 *
 * Symmetric keys, MACs and the faster curves cost less than the way to another thread and back, so they stay in this one.
 * RSA, ML-DSA and the longer curves go to workers, each an HSM of the same domain.
 */

import { randomBytes } from 'node:crypto'
import { HsmError } from '../errors.ts'
import type { HeaderLayout, Hsm } from '../hsm.ts'
import { KEY_SPECS, type KeySpec } from '../key-spec.ts'
import { type KeyToken, parseToken } from '../key-token.ts'
import { createHsm } from '../module.ts'
import { createNativeProvider } from '../provider/native/native.ts'
import { kernelsProvider } from '../provider/kernels/kernels.ts'
import { nobleProvider } from '../provider/noble.ts'
import { ROOT_KEY_LENGTH } from '../sealed-keyring.ts'
import { Crew } from './crew.ts'
import type { Method, ProviderName } from './protocol.ts'

export interface FleetOptions {
  /** Threads for slow commands, at least 1. */
  readonly workers: number
  /** `kernels` when absent. */
  readonly provider?: ProviderName
  /** Commands that wait for a thread at most; more are refused as `BUSY`. 1,000 when absent. */
  readonly queueLimit?: number
  /** As `createHsm` takes it. */
  readonly rootKey?: Uint8Array
}

export interface HsmFleet extends Hsm {
  /** Slow commands that no worker has yet. */
  readonly waiting: number
  /** Ends the workers, without which nothing slow is served any more. */
  close(): Promise<void>
}

const DEFAULT_QUEUE_LIMIT = 1000
/** Curves whose commands take longer than the way to a worker and back does. */
const SLOW_CURVES: ReadonlySet<KeySpec> = new Set(['ECC_NIST_P384', 'ECC_NIST_P521'])

/**
 * Commands may reject with `BUSY`, too, and with `UNAVAILABLE` when two workers ended over one. Nobody is told of the
 * progress of a key's generation.
 *
 * @throws RangeError for a number of workers or a limit that is not at least 1, and as `createHsm` throws
 */
export function createHsmFleet(options: FleetOptions): HsmFleet {
  const { workers, provider = 'kernels', queueLimit = DEFAULT_QUEUE_LIMIT } = options
  assertCount('workers', workers)
  assertCount('queueLimit', queueLimit)
  // Without a root key of its user's the fleet has one of its own: a domain is joined by it.
  const rootKey = Uint8Array.from(options.rootKey ?? randomBytes(ROOT_KEY_LENGTH))
  const own = createHsm({ provider: providerOf(provider), rootKey })
  const crew = new Crew({
    workers,
    queueLimit,
    provider,
    setup: async () => ({ rootKey: rootKey.slice(), sealedKeyring: await own.sealKeyring() }),
  })

  const there = async <Result>(method: Method, argument: object | Uint8Array, layout?: HeaderLayout): Promise<Result> =>
    crew.perform({ method, argument: withoutFunctions(argument), layout }) as Promise<Result>
  const shareKeyring = async (): Promise<void> => {
    crew.broadcast({ type: 'openKeyring', sealed: await own.sealKeyring() })
  }
  const assertRootKey = (): void => {
    if (options.rootKey === undefined) throw new HsmError('NO_ROOT_KEY')
  }
  /** A command about a token, here or there. */
  const byToken =
    <Command extends { readonly token: KeyToken }, Result>(
      method: Method,
      here: (command: Command) => Promise<Result>,
    ) =>
    async (command: Command): Promise<Result> =>
      isSlowToken(command.token) ? there<Result>(method, command, layoutOf(command)) : here(command)

  return {
    get waiting() {
      return crew.waiting
    },
    generateKey: async (command) =>
      isSlowSpec(command.keySpec) ? there('generateKey', command) : own.generateKey(command),
    // The key that the material came wrapped by is RSA's.
    importKey: async (command) => there('importKey', command),
    seal: byToken('seal', async (command) => own.seal(command)),
    open: byToken('open', async (command) => own.open(command)),
    async reseal(command) {
      const { source, destination } = command
      if (!isSlowToken(source.token) && !isSlowToken(destination.token)) return own.reseal(command)
      return there('reseal', command, layoutOf(destination))
    },
    generateSealedDataKey: (command) => own.generateSealedDataKey(command),
    generateSealedKeyPair: async (command) =>
      isSlowSpec(command.keyPairSpec)
        ? there('generateSealedKeyPair', command, command.layout)
        : own.generateSealedKeyPair(command),
    sign: byToken('sign', async (command) => own.sign(command)),
    verify: byToken('verify', async (command) => own.verify(command)),
    mac: (command) => own.mac(command),
    verifyMac: (command) => own.verifyMac(command),
    deriveSharedSecret: byToken('deriveSharedSecret', async (command) => own.deriveSharedSecret(command)),
    encapsulate: byToken('encapsulate', async (command) => own.encapsulate(command)),
    decapsulate: byToken('decapsulate', async (command) => own.decapsulate(command)),
    describeKey: async (token) => (isSlowToken(token) ? there('describeKey', token) : own.describeKey(token)),
    publicKey: async (token) => (isSlowToken(token) ? there('publicKey', token) : own.publicKey(token)),
    random: (length) => own.random(length),
    async rotateDomainKey() {
      await own.rotateDomainKey()
      await shareKeyring()
    },
    rewrap: (token) => own.rewrap(token),
    isUnderActiveKey: (token) => own.isUnderActiveKey(token),
    async sealKeyring() {
      assertRootKey()
      return own.sealKeyring()
    },
    async sealRotatedKeyring() {
      assertRootKey()
      return own.sealRotatedKeyring()
    },
    async openKeyring(sealed) {
      assertRootKey()
      await own.openKeyring(sealed)
      await shareKeyring()
    },
    protectRecord: (record) => own.protectRecord(record),
    verifyRecord: (record, tag) => own.verifyRecord(record, tag),
    async unload(token) {
      await own.unload(token)
      crew.broadcast({ type: 'unload', token })
    },
    status: () => own.status(),
    async zeroize() {
      rootKey.fill(0)
      await own.zeroize()
      await crew.close()
    },
    close: () => crew.close(),
  }
}

function providerOf(name: ProviderName) {
  if (name === 'native') return createNativeProvider()
  return name === 'noble' ? nobleProvider : kernelsProvider
}

/** What is no token is refused here. */
function isSlowToken(token: unknown): boolean {
  if (!(token instanceof Uint8Array)) return false
  const parsed = parseToken(token)
  return parsed !== undefined && isSlowSpec(parsed.fields.keySpec)
}

function isSlowSpec(spec: unknown): boolean {
  if (typeof spec !== 'string' || !Object.hasOwn(KEY_SPECS, spec)) return false
  const { family } = KEY_SPECS[spec as KeySpec]
  return family === 'rsa' || family === 'ml-dsa' || SLOW_CURVES.has(spec as KeySpec)
}

function layoutOf(command: object): HeaderLayout | undefined {
  return 'layout' in command ? (command.layout as HeaderLayout) : undefined
}

/**
 * A function cannot pass: a layout is asked for from there, and of progress nobody is told. Of a view its own bytes pass,
 * and not all of the memory that it is on.
 */
function withoutFunctions(value: unknown): unknown {
  if (value instanceof Uint8Array) return value.byteLength === value.buffer.byteLength ? value : value.slice()
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  const members = Object.entries(value).filter(([name]) => name !== 'onProgress')
  return Object.fromEntries(
    members.map(([name, member]) => [name, typeof member === 'function' ? true : withoutFunctions(member)]),
  )
}

function assertCount(name: string, count: number): void {
  if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`${name} must be a whole number, 1 or more`)
}
