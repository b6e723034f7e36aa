/**
 * The HSM in this process: power-up, ready and error state, and the commands of the port.
 *
 * Before the first command every algorithm answers its known-answer test; if one does not, each command is refused
 * from then on. Key material exists here only between unwrapping and the end of a command, or in `LoadedKeys`.
 */

import { assertBytes, concatBytes, equalBytes } from './bytes.ts'
import { DomainKeyring } from './domain-keyring.ts'
import { type Entropy, drawBytes, systemEntropy } from './entropy.ts'
import { HsmError } from './errors.ts'
import { FRAME_LENGTH, MAX_PLAINTEXT_LENGTH, createFramed, isFramed } from './frame.ts'
import { encodeUtf8 } from './host.ts'
import type {
  GenerateKeyCommand,
  GenerateSealedDataKeyCommand,
  GeneratedKey,
  Hsm,
  HsmStatus,
  ModuleState,
  OpenCommand,
  ResealCommand,
  SealCommand,
  SealTarget,
  SealedDataKey,
} from './hsm.ts'
import { KEY_ORIGIN_CODES, KEY_SPECS, type KeyUsage } from './key-spec.ts'
import { type KeyToken, TOKEN_VERSION, encodeTokenHeader, parseToken } from './key-token.ts'
import { type LoadedKey, LoadedKeys } from './loaded-keys.ts'
import { computeMaterialId } from './material-id.ts'
import type { Provider } from './provider.ts'
import { nobleProvider } from './provider/noble.ts'
import {
  type Derivation,
  IV_LENGTH,
  type MessageHeader,
  NONCE_LENGTH,
  openMessage,
  sealMessage,
} from './sealed-message.ts'
import { type SelfTestResult, runSelfTests } from './self-test.ts'

/** GenerateRandom and data keys: 1 to 1024 bytes. */
const MAX_RANDOM_LENGTH = 1024
const DEFAULT_LOADED_KEY_LIMIT = 10_000

const MESSAGE_LABEL = 'softkms message key'
const TOKEN_LABEL = 'softkms token key'
/** The first byte of a message key's derivation context. */
const MESSAGE_VERSION = 1

export interface HsmOptions {
  /** Default: `nobleProvider`. */
  readonly provider?: Provider
  /** Default: the runtime's random generator. */
  readonly entropy?: Entropy
  /** How many unwrapped keys are kept, default 10,000. */
  readonly loadedKeyLimit?: number
}

/** Makes an HSM with a fresh domain of its own. */
export function createHsm(options: HsmOptions = {}): Hsm {
  return new HsmModule(options)
}

class HsmModule implements Hsm {
  readonly #provider: Provider
  readonly #entropy: Entropy
  readonly #loaded: LoadedKeys
  readonly #messageLabel = encodeUtf8(MESSAGE_LABEL)
  readonly #tokenLabel = encodeUtf8(TOKEN_LABEL)
  #keyring: DomainKeyring | undefined
  #selfTests: readonly SelfTestResult[] = []
  #state: ModuleState | 'powered-off' = 'powered-off'

  constructor(options: HsmOptions) {
    this.#provider = options.provider ?? nobleProvider
    this.#entropy = options.entropy ?? systemEntropy
    this.#loaded = new LoadedKeys(options.loadedKeyLimit ?? DEFAULT_LOADED_KEY_LIMIT)
  }

  async generateKey(command: GenerateKeyCommand): Promise<GeneratedKey> {
    const keyring = this.#powerUp()
    assertOneOf('keySpec', KEY_SPECS, command.keySpec)
    assertOneOf('origin', KEY_ORIGIN_CODES, command.origin)
    const spec = KEY_SPECS[command.keySpec]
    if (!spec.usages.includes(command.keyUsage)) throw new HsmError('KEY_USAGE')

    const material = drawBytes(this.#entropy, spec.materialLength)
    const mac = this.#provider.createHmacSha256(material)
    try {
      const materialId = computeMaterialId(mac, command.keyId)
      const { active } = keyring
      const header = encodeTokenHeader({ ...command, domainKeyId: active.id, isExtractable: false, materialId })
      const derivation = this.#tokenDerivation(active)
      const token = sealMessage(this.#provider, this.#entropy, derivation, header, new Uint8Array(0), material)
      return { token: token as KeyToken, materialId }
    } finally {
      mac.zeroize()
      material.fill(0)
    }
  }

  async seal(command: SealCommand): Promise<Uint8Array> {
    const { plaintext } = command
    assertBytes('plaintext', plaintext)
    assertLength('plaintext', plaintext.length, MAX_PLAINTEXT_LENGTH)
    const framed = createFramed('MESSAGE', plaintext.length)
    framed.set(plaintext, FRAME_LENGTH)
    return this.#sealFramed(command, framed)
  }

  async open(command: OpenCommand): Promise<Uint8Array> {
    const framed = this.#openFramed(command)
    const plaintext = framed.slice(FRAME_LENGTH)
    framed.fill(0)
    return plaintext
  }

  async reseal(command: ResealCommand): Promise<Uint8Array> {
    // The destination is tried before the source is opened: a refusal must come while no plaintext exists.
    assertTarget(command.destination)
    this.#load(command.destination.token, 'ENCRYPT_DECRYPT')
    return this.#sealFramed(command.destination, this.#openFramed(command.source))
  }

  async generateSealedDataKey(command: GenerateSealedDataKeyCommand): Promise<SealedDataKey> {
    assertLength('length', command.length, MAX_RANDOM_LENGTH)
    this.#powerUp()
    const framed = createFramed('DATA_KEY', command.length)
    const dataKey = framed.subarray(FRAME_LENGTH)
    this.#entropy.fill(dataKey)
    const plaintext = command.isPlaintextWanted ? dataKey.slice() : undefined
    try {
      const sealed = this.#sealFramed(command, framed)
      return plaintext === undefined ? { sealed } : { sealed, plaintext }
    } catch (error) {
      plaintext?.fill(0)
      throw error
    }
  }

  async random(length: number): Promise<Uint8Array> {
    assertLength('length', length, MAX_RANDOM_LENGTH)
    this.#powerUp()
    return drawBytes(this.#entropy, length)
  }

  async unload(token: KeyToken): Promise<void> {
    assertBytes('token', token)
    this.#loaded.remove(token)
  }

  async status(): Promise<HsmStatus> {
    if (this.#state === 'powered-off') this.#runSelfTests()
    return {
      state: this.#state === 'powered-off' ? 'ready' : this.#state,
      provider: this.#provider.name,
      selfTests: this.#selfTests,
      domainKeys: this.#keyring?.size ?? 0,
      loadedKeys: this.#loaded.size,
    }
  }

  async zeroize(): Promise<void> {
    this.#loaded.zeroize()
    this.#keyring?.zeroize()
    this.#keyring = undefined
    this.#state = 'zeroized'
  }

  /** Runs the self-tests before anything else happens, once, and makes the first domain key. */
  #powerUp(): DomainKeyring {
    if (this.#state === 'powered-off') this.#runSelfTests()
    if (this.#state === 'error') throw new HsmError('SELF_TEST_FAILED')
    if (this.#state === 'zeroized') throw new HsmError('ZEROIZED')
    return (this.#keyring ??= new DomainKeyring(this.#provider, this.#entropy))
  }

  #runSelfTests(): void {
    this.#selfTests = runSelfTests(this.#provider)
    this.#state = this.#selfTests.every((test) => test.passed) ? 'ready' : 'error'
  }

  /** Finds the key of a token among the loaded ones, or unwraps it. */
  #load(token: KeyToken, usage: KeyUsage): LoadedKey {
    const keyring = this.#powerUp()
    const key = this.#loaded.find(token) ?? this.#unwrap(token, keyring)
    if (key.keyUsage !== usage) throw new HsmError('KEY_USAGE')
    return key
  }

  #unwrap(token: KeyToken, keyring: DomainKeyring): LoadedKey {
    const parsed = parseToken(token)
    const domainKey = parsed && keyring.find(parsed.fields.domainKeyId)
    if (parsed === undefined || domainKey === undefined) throw new HsmError('INVALID_TOKEN')

    const derivation = this.#tokenDerivation(domainKey)
    const material = openMessage(this.#provider, derivation, parsed.header, new Uint8Array(0), parsed.wrapped)
    if (material === undefined) throw new HsmError('INVALID_TOKEN')
    const mac = this.#provider.createHmacSha256(material)
    material.fill(0)

    const { keyId, keySpec, keyUsage, origin, materialId } = parsed.fields
    if (!equalBytes(computeMaterialId(mac, keyId), materialId)) {
      mac.zeroize()
      throw new HsmError('INVALID_TOKEN')
    }
    const key: LoadedKey = { keyId, keySpec, keyUsage, origin, materialId, mac }
    this.#loaded.add(token, key)
    return key
  }

  /** Seals a framed plaintext and zeroizes it, whatever happens. */
  #sealFramed(target: SealTarget, framed: Uint8Array): Uint8Array {
    try {
      assertTarget(target)
      const derivation = this.#messageDerivation(this.#load(target.token, 'ENCRYPT_DECRYPT'))
      return sealMessage(this.#provider, this.#entropy, derivation, target.header, target.additionalData, framed)
    } finally {
      framed.fill(0)
    }
  }

  #openFramed(command: OpenCommand): Uint8Array {
    assertTarget(command)
    assertBytes('ciphertext', command.ciphertext)
    const derivation = this.#messageDerivation(this.#load(command.token, 'ENCRYPT_DECRYPT'))
    const framed = openMessage(this.#provider, derivation, command.header, command.additionalData, command.ciphertext)
    if (framed === undefined || !isFramed(framed)) {
      framed?.fill(0)
      throw new HsmError('AUTHENTICATION_FAILED')
    }
    return framed
  }

  #messageDerivation(key: LoadedKey): Derivation {
    const context = concatBytes(Uint8Array.of(MESSAGE_VERSION), key.materialId)
    return { mac: key.mac, label: this.#messageLabel, context }
  }

  #tokenDerivation(domainKey: { readonly id: Uint8Array; readonly mac: LoadedKey['mac'] }): Derivation {
    const context = concatBytes(Uint8Array.of(TOKEN_VERSION), domainKey.id)
    return { mac: domainKey.mac, label: this.#tokenLabel, context }
  }
}

/** A name without a code would go into a token that nothing can read. */
function assertOneOf(name: string, table: object, value: string): void {
  if (!Object.hasOwn(table, value)) throw new RangeError(`${name} must be one of ${Object.keys(table).join(', ')}`)
}

function assertLength(name: string, length: number, most: number): void {
  if (Number.isSafeInteger(length) && length >= 1 && length <= most) return
  throw new RangeError(`${name} must be 1 to ${most} bytes`)
}

/** What sealing and opening have in common: a token, a header with room for the HSM's bytes, additional data. */
function assertTarget({ token, header, additionalData }: SealTarget): void {
  assertBytes('token', token)
  assertHeader(header)
  assertBytes('additionalData', additionalData)
}

function assertHeader({ bytes, nonceOffset, ivOffset }: MessageHeader): void {
  assertBytes('header.bytes', bytes)
  const fits =
    isOffset(nonceOffset, NONCE_LENGTH, bytes.length) &&
    isOffset(ivOffset, IV_LENGTH, bytes.length) &&
    (nonceOffset + NONCE_LENGTH <= ivOffset || ivOffset + IV_LENGTH <= nonceOffset)
  if (!fits) throw new RangeError('header must hold the nonce and the initialization vector side by side')
}

function isOffset(offset: number, length: number, whole: number): boolean {
  return Number.isSafeInteger(offset) && offset >= 0 && offset + length <= whole
}
