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
import type { Hsm } from './hsm.ts'
import type { Provider } from './provider.ts'
import { nobleProvider } from './provider/noble.ts'
import { assertRandomLength } from './random.ts'
import { ROOT_KEY_LENGTH } from './sealed-keyring.ts'
import { Secret } from './secret.ts'
import type { HsmTrace } from './trace.ts'
import { Vault } from './vault.ts'

const DEFAULT_LOADED_KEY_LIMIT = 10_000

export interface HsmOptions {
  /** Default: `nobleProvider`. */
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
  const provider = options.provider ?? nobleProvider
  const own = createOwnEntropy(provider)
  const entropy = options.entropy ?? own
  const vault = new Vault(
    { provider, entropy, trace: options.trace },
    options.loadedKeyLimit ?? DEFAULT_LOADED_KEY_LIMIT,
    takeRootKey(options.rootKey),
  )
  return {
    generateKey: async (command) => generateKey(vault, { ...command }),
    importKey: async (command) => importKey(vault, { ...command }),
    seal: async (command) => seal(vault, { ...command }),
    open: async (command) => open(vault, { ...command }),
    reseal: async ({ source, destination }) =>
      reseal(vault, { source: { ...source }, destination: { ...destination } }),
    generateSealedDataKey: async (command) => generateSealedDataKey(vault, { ...command }),
    generateSealedKeyPair: async (command) => generateSealedKeyPair(vault, { ...command }),
    sign: async (command) => sign(vault, { ...command }),
    verify: async (command) => verify(vault, { ...command }),
    mac: async (command) => mac(vault, { ...command }),
    verifyMac: async (command) => verifyMac(vault, { ...command }),
    deriveSharedSecret: async (command) => deriveSharedSecret(vault, { ...command }),
    encapsulate: async (command) => encapsulate(vault, { ...command }),
    decapsulate: async (command) => decapsulate(vault, { ...command }),
    async describeKey(token) {
      const { keyId, keySpec, keyUsage, origin, isExtractable, materialId } = vault.load(token).fields
      return { keyId, keySpec, keyUsage, origin, isExtractable, materialId: materialId.slice() }
    },
    async publicKey(token) {
      const publicKey = publicKeyOf(vault.load(token).material)
      if (publicKey === undefined) throw new HsmError('KEY_USAGE')
      return publicKey
    },
    async random(length) {
      assertRandomLength('length', length)
      vault.powerUp()
      return drawBytes(entropy, length)
    },
    rotateDomainKey: async () => vault.powerUp().rotate(),
    rewrap: async (token) => vault.rewrap(token),
    sealKeyring: async () => vault.sealKeyring(),
    openKeyring: async (sealed) => vault.openKeyring(sealed),
    protectRecord: async (record) => protectRecord(vault, record),
    verifyRecord: async (record, tag) => verifyRecord(vault, record, tag),
    unload: async (token) => vault.unload(token),
    status: async () => vault.status(),
    async zeroize() {
      vault.zeroize()
      own.zeroize()
    },
  }
}

/** @throws TypeError, RangeError */
function takeRootKey(rootKey: Uint8Array | undefined): Secret | undefined {
  if (rootKey === undefined) return undefined
  assertBytes('rootKey', rootKey)
  if (rootKey.length !== ROOT_KEY_LENGTH) throw new RangeError(`rootKey must be ${ROOT_KEY_LENGTH} bytes`)
  return Secret.copyOf(rootKey)
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
