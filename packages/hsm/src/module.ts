/**
 * The HSM in this process: the commands of the port, one line each, over the vault.
 *
 * Commands run synchronously inside and are asynchronous to their callers, so that none ever sees another half done.
 * Each is copied first: what was checked of it is what is used, whatever its members do when they are read.
 */

import { type CtrDrbg, createCtrDrbg } from './algorithms/ctr-drbg/ctr-drbg.ts'
import { decapsulate, deriveSharedSecret, encapsulate } from './commands/agree.ts'
import { generateSealedDataKey, generateSealedKeyPair } from './commands/data-key.ts'
import { open, reseal, seal } from './commands/encrypt.ts'
import { generateKey, importKey } from './commands/generate.ts'
import { mac, verifyMac } from './commands/mac.ts'
import { protectRecord, verifyRecord } from './commands/record.ts'
import { sign, verify } from './commands/sign.ts'
import { assertBytes } from './bytes.ts'
import { type Entropy, drawBytes } from './entropy.ts'
import { HsmError } from './errors.ts'
import { publicKeyOf } from './families/material.ts'
import type { Hsm, KeyDescription } from './hsm.ts'
import type { KeyToken } from './key-token.ts'
import type { PrimitiveGroup, Provider } from './provider.ts'
import { kernelsProvider } from './provider/kernels/kernels.ts'
import { assertRandomLength } from './random.ts'
import { ROOT_KEY_LENGTH } from './sealed-keyring.ts'
import { Secret } from './secret.ts'
import type { HsmTrace } from './trace.ts'
import { Vault } from './vault.ts'

const DEFAULT_LOADED_KEY_LIMIT = 10_000

/** What the module itself is made of, and what is prepared for as long as a key is loaded: by whoever is ready then. */
const AWAITED_GROUPS: readonly PrimitiveGroup[] = ['SHA', 'HMAC', 'AES-256-GCM', 'AES-256', 'RSA', 'ML-DSA', 'ML-KEM']

export interface HsmOptions {
  /** Default: `kernelsProvider`, which is `nobleProvider` where WebAssembly does not run. */
  readonly provider?: Provider
  /** Default: a CTR_DRBG that the runtime's random generator seeds, afresh for every request. */
  readonly entropy?: Entropy
  /** How many unwrapped keys are kept, default 10,000. */
  readonly loadedKeyLimit?: number
  /** 32 bytes that seal the domain keyring; copied. Without them the domain lives and ends with this HSM. */
  readonly rootKey?: Uint8Array
  /** Is told of each step of the commands, never of a secret; nobody is by default. */
  readonly trace?: HsmTrace
}

/**
 * Makes an HSM with a fresh domain of its own, until it joins another by `openKeyring`.
 *
 * @throws TypeError, RangeError for a root key that is not 32 bytes
 */
export function createHsm(options: HsmOptions = {}): Hsm {
  const provider = options.provider ?? kernelsProvider
  const own = createOwnEntropy(provider)
  const entropy = options.entropy ?? own
  const vault = new Vault(
    { provider, entropy, trace: options.trace },
    options.loadedKeyLimit ?? DEFAULT_LOADED_KEY_LIMIT,
    takeRootKey(options.rootKey),
  )
  let isReady = provider.prepare === undefined
  /** A command that waits until the provider is ready, and not at all from then on. */
  const command =
    <Given, Result>(perform: (vault: Vault, given: Given) => Result, copy: (given: Given) => Given) =>
    async (given: Given): Promise<Result> => {
      const copied = copy(given)
      if (!isReady) {
        await provider.prepare?.(AWAITED_GROUPS)
        isReady = true
      }
      return perform(vault, copied)
    }
  const copyMembers = <Given extends object>(given: Given): Given => ({ ...given })
  const asIs = <Given>(given: Given): Given => given

  const verifyTagged = command(
    (_, { record, tag }: TaggedRecord) => verifyRecord(vault, record, tag),
    copyMembers<TaggedRecord>,
  )

  return {
    generateKey: command(generateKey, copyMembers),
    importKey: command(importKey, copyMembers),
    seal: command(seal, copyMembers),
    open: command(open, copyMembers),
    reseal: command(reseal, ({ source, destination }) => ({
      source: { ...source },
      destination: { ...destination },
    })),
    generateSealedDataKey: command(generateSealedDataKey, copyMembers),
    generateSealedKeyPair: command(generateSealedKeyPair, copyMembers),
    sign: command(sign, copyMembers),
    verify: command(verify, copyMembers),
    mac: command(mac, copyMembers),
    verifyMac: command(verifyMac, copyMembers),
    deriveSharedSecret: command(deriveSharedSecret, copyMembers),
    encapsulate: command(encapsulate, copyMembers),
    decapsulate: command(decapsulate, copyMembers),
    describeKey: command(describeKey, asIs),
    publicKey: command(exportPublicKey, asIs),
    random: command(
      (_, length) => {
        assertRandomLength('length', length)
        vault.powerUp()
        return drawBytes(entropy, length)
      },
      asIs<number>,
    ),
    rotateDomainKey: command(() => vault.powerUp().rotate(), asIs<void>),
    rewrap: command((_, token) => vault.rewrap(token), asIs<KeyToken>),
    isUnderActiveKey: command((_, token) => vault.isUnderActiveKey(token), asIs<KeyToken>),
    sealKeyring: command(() => vault.sealKeyring(), asIs<void>),
    sealRotatedKeyring: command(() => vault.sealRotatedKeyring(), asIs<void>),
    openKeyring: command((_, sealed) => vault.openKeyring(sealed), asIs<Uint8Array>),
    protectRecord: command(protectRecord, asIs),
    verifyRecord: async (record, tag) => verifyTagged({ record, tag }),
    unload: async (token) => vault.unload(token),
    status: command(() => vault.status(), asIs<void>),
    async zeroize() {
      vault.zeroize()
      own.zeroize()
    },
  }
}

interface TaggedRecord {
  readonly record: string
  readonly tag: Uint8Array
}

/** @throws TypeError, RangeError */
function takeRootKey(rootKey: Uint8Array | undefined): Secret | undefined {
  if (rootKey === undefined) return undefined
  assertBytes('rootKey', rootKey)
  if (rootKey.length !== ROOT_KEY_LENGTH) throw new RangeError(`rootKey must be ${ROOT_KEY_LENGTH} bytes`)
  return Secret.copyOf(rootKey)
}

function describeKey(vault: Vault, token: KeyToken): KeyDescription {
  const { keyId, keySpec, keyUsage, origin, isExtractable, materialId } = vault.load(token).fields
  return { keyId, keySpec, keyUsage, origin, isExtractable, materialId: materialId.slice() }
}

function exportPublicKey(vault: Vault, token: KeyToken): Uint8Array {
  const publicKey = publicKeyOf(vault.load(token).material)
  if (publicKey === undefined) throw new HsmError('KEY_USAGE')
  return publicKey
}

/**
 * The module's own generator, seeded when it is first asked: by then its self-test has passed. Every request draws a
 * fresh seed, so that a copy of the process, from a snapshot for instance, never draws what the original draws.
 *
 * @spec KMS crypto-details §1 (RNG)
 */
function createOwnEntropy(provider: Provider): Pick<CtrDrbg, 'fill' | 'zeroize'> {
  let drbg: CtrDrbg | undefined
  return {
    fill: (bytes) => (drbg ??= createCtrDrbg(provider, { isPredictionResistant: true })).fill(bytes),
    zeroize: () => drbg?.zeroize(),
  }
}
