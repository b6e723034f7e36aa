/**
 * The inside of the HSM: its power-up, its domain keys and the keys that it has loaded.
 *
 * Before anything else happens the core's algorithms answer their known-answer tests, and before the first key of a
 * family the family's; if one does not, all service is refused from then on. Commands reach key material through `load` and leave it behind in a token through `wrap`.
 */

import { assertBytes, equalBytes } from './bytes.ts'
import { type DomainKey, DomainKeyring } from './domain-keyring.ts'
import { HsmError } from './errors.ts'
import { zeroizeMaterial } from './families/loaded-material.ts'
import { loadMaterial } from './families/material.ts'
import { encodeUtf8 } from './host.ts'
import type { GeneratedKey, HsmStatus, ModuleState } from './hsm.ts'
import { KEY_SPECS, type KeySpec, type KeyUsage } from './key-spec.ts'
import { type KeyToken, TOKEN_VERSION, type TokenFields, encodeTokenHeader, parseToken } from './key-token.ts'
import { type LoadedKey, LoadedKeys } from './loaded-keys.ts'
import { computeMaterialId } from './material-id.ts'
import { type Derivation, openMessage, sealMessage } from './sealed-message.ts'
import { openKeyring, sealKeyring } from './sealed-keyring.ts'
import type { Secret } from './secret.ts'
import { SelfTests } from './self-test.ts'
import type { Services } from './services.ts'
import type { MacKey } from './symmetric-primitives.ts'

/** What a token says of a key, apart from what the vault itself fills in. */
export type KeyFields = Pick<TokenFields, 'keyId' | 'keySpec' | 'keyUsage' | 'origin' | 'isExtractable'>

const NOTHING = new Uint8Array(0)
const TOKEN_LABEL = 'softkms token key'
/** What a token's derivation context begins with. */
const TOKEN_CONTEXT = Uint8Array.of(TOKEN_VERSION)

export class Vault {
  readonly services: Services
  readonly #loaded: LoadedKeys
  readonly #tokenLabel = encodeUtf8(TOKEN_LABEL)
  #keyring: DomainKeyring | undefined
  readonly #selfTests: SelfTests
  /** Unknown until the self-tests of the core have run. */
  #state: ModuleState | undefined

  readonly #rootKey: Secret | undefined

  /** @param rootKey seals the keyring; without one the domain cannot leave this vault */
  constructor(services: Services, loadedKeyLimit: number, rootKey?: Secret) {
    this.services = services
    this.#rootKey = rootKey
    this.#selfTests = new SelfTests(services.provider)
    this.#loaded = new LoadedKeys(loadedKeyLimit, (key) => zeroizeMaterial(key.material))
  }

  /**
   * Runs the core's self-tests, once, and makes the first domain key.
   *
   * @throws HsmError `SELF_TESTING`, `SELF_TEST_FAILED`, `ZEROIZED`
   */
  powerUp(): DomainKeyring {
    const state = this.#selfTestOnce()
    if (state === 'self-testing') throw new HsmError('SELF_TESTING')
    if (state === 'error') throw new HsmError('SELF_TEST_FAILED')
    if (state === 'zeroized') throw new HsmError('ZEROIZED')
    return (this.#keyring ??= DomainKeyring.create(this.services))
  }

  /**
   * Runs the self-tests of a key spec's algorithms, once.
   *
   * @throws HsmError `SELF_TEST_FAILED`, and refuses all service from then on
   */
  prepare(spec: KeySpec): void {
    this.powerUp()
    if (!this.#selfTests.passesFamily(KEY_SPECS[spec].family)) throw this.#fail()
  }

  /**
   * Runs the pair-wise consistency test of a fresh pair, which gives `undefined` when it fails.
   *
   * @throws HsmError `SELF_TEST_FAILED`, and refuses all service from then on
   */
  testPair<T>(spec: KeySpec, test: () => T | undefined): T {
    const result = this.#selfTests.testPair(spec, test)
    if (result === undefined) throw this.#fail()
    return result
  }

  /**
   * Finds the key of a token among the loaded ones, or unwraps it.
   *
   * @param usage what the key must be for
   * @throws HsmError `INVALID_TOKEN`, `KEY_USAGE`
   */
  load(token: KeyToken, usage?: KeyUsage): LoadedKey {
    const keyring = this.powerUp()
    assertBytes('token', token)
    const loaded = this.#loaded.find(token)
    if (loaded !== undefined) this.services.trace?.({ step: 'token', token, fields: loaded.fields, wasLoaded: true })
    const key = loaded ?? this.#loadUnwrapped(token, keyring)
    if (usage !== undefined && key.fields.keyUsage !== usage) throw new HsmError('KEY_USAGE')
    return key
  }

  /** @throws HsmError `NO_ROOT_KEY` */
  sealKeyring(): Uint8Array {
    const keyring = this.powerUp()
    return this.#withRoot((root) => sealKeyring(this.services, root, keyring))
  }

  /** @throws HsmError `NO_ROOT_KEY` */
  sealRotatedKeyring(): Uint8Array {
    const rotated = this.powerUp().copy()
    try {
      rotated.rotate()
      return this.#withRoot((root) => sealKeyring(this.services, root, rotated))
    } finally {
      rotated.zeroize()
    }
  }

  /**
   * Joins the domain of a sealed keyring, and leaves the one before; keys that were loaded are forgotten.
   *
   * @throws HsmError `NO_ROOT_KEY`, `AUTHENTICATION_FAILED`; nothing is changed then
   */
  openKeyring(sealed: Uint8Array): void {
    assertBytes('sealed', sealed)
    const before = this.powerUp()
    const opened = this.#withRoot((root) => openKeyring(this.services, root, sealed))
    if (opened === undefined) throw new HsmError('AUTHENTICATION_FAILED')
    this.#keyring = opened
    before.zeroize()
    this.#loaded.zeroize()
  }

  /** Wraps key material into a token; the material stays the caller's to zeroize. */
  wrap(fields: KeyFields, material: Uint8Array): GeneratedKey {
    const { active } = this.powerUp()
    const materialId = this.#nameMaterial(material, fields.keyId)
    const header = encodeTokenHeader({ ...fields, domainKeyId: active.id, materialId })
    const token = sealMessage(this.services, this.#derivationOf(active), header, NOTHING, material)
    return { token: token as KeyToken, materialId }
  }

  /** Wraps the same key anew, under the active domain key. */
  rewrap(token: KeyToken): KeyToken {
    assertBytes('token', token)
    const { fields, material } = this.#unwrap(token, this.powerUp())
    try {
      return this.wrap(fields, material).token
    } finally {
      material.fill(0)
    }
  }

  /** @throws HsmError `INVALID_TOKEN` for what is no token of the domain, as far as its header says */
  isUnderActiveKey(token: KeyToken): boolean {
    assertBytes('token', token)
    const keyring = this.powerUp()
    const parsed = parseToken(token)
    const domainKey = parsed && keyring.find(parsed.fields.domainKeyId)
    if (domainKey === undefined) throw new HsmError('INVALID_TOKEN')
    return domainKey === keyring.active
  }

  unload(token: KeyToken): void {
    assertBytes('token', token)
    this.#loaded.remove(token)
  }

  status(): HsmStatus {
    const { provider } = this.services
    return {
      state: this.#selfTestOnce(),
      provider: provider.name,
      servedBy: provider.servedBy,
      selfTests: this.#selfTests.results,
      pairWiseTests: this.#selfTests.pairWiseResults,
      domainKeys: this.#keyring?.size ?? 0,
      loadedKeys: this.#loaded.size,
    }
  }

  zeroize(): void {
    this.#loaded.zeroize()
    this.#keyring?.zeroize()
    this.#keyring = undefined
    this.#rootKey?.zeroize()
    this.#state = 'zeroized'
  }

  #withRoot<T>(use: (root: MacKey) => T): T {
    if (this.#rootKey === undefined) throw new HsmError('NO_ROOT_KEY')
    const root = this.#rootKey.use((bytes) => this.services.provider.createHmac('SHA-256', bytes))
    try {
      return use(root)
    } finally {
      root.zeroize()
    }
  }

  #selfTestOnce(): ModuleState {
    if (this.#selfTests.isRunning) return 'self-testing'
    if (this.#state !== undefined) return this.#state
    const outcome = this.#selfTests.passesCore() ? 'ready' : 'error'
    // Unless it was zeroized meanwhile, by something that a test called.
    return (this.#state ??= outcome)
  }

  /** Enters the error state for good. */
  #fail(): HsmError {
    if (this.#state !== 'zeroized') this.#state = 'error'
    return new HsmError('SELF_TEST_FAILED')
  }

  #loadUnwrapped(token: KeyToken, keyring: DomainKeyring): LoadedKey {
    const unwrapped = this.#unwrap(token, keyring)
    try {
      this.prepare(unwrapped.fields.keySpec)
      const material = loadMaterial(this.services, unwrapped.fields.keySpec, unwrapped.material)
      if (material === undefined) throw new HsmError('INVALID_TOKEN')
      const key: LoadedKey = { fields: unwrapped.fields, material }
      this.#loaded.add(token, key)
      return key
    } finally {
      unwrapped.material.fill(0)
    }
  }

  /** @returns the token's fields and its material, which the caller zeroizes */
  #unwrap(token: KeyToken, keyring: DomainKeyring): { readonly fields: TokenFields; readonly material: Uint8Array } {
    const parsed = parseToken(token)
    const domainKey = parsed && keyring.find(parsed.fields.domainKeyId)
    if (parsed === undefined || domainKey === undefined) throw new HsmError('INVALID_TOKEN')
    const { fields, header, wrapped } = parsed
    this.services.trace?.({ step: 'token', token, fields, wasLoaded: false })
    const material = openMessage(this.services, this.#derivationOf(domainKey), header, NOTHING, wrapped)
    if (material === undefined) throw new HsmError('INVALID_TOKEN')
    const isMatch = equalBytes(this.#nameMaterial(material, fields.keyId), fields.materialId)
    this.services.trace?.({ step: 'material', fields, isMatch })
    if (!isMatch) {
      material.fill(0)
      throw new HsmError('INVALID_TOKEN')
    }
    return { fields, material }
  }

  #nameMaterial(material: Uint8Array, keyId: string): Uint8Array {
    const mac = this.services.provider.createHmac('SHA-256', material)
    try {
      return computeMaterialId(mac, keyId)
    } finally {
      mac.zeroize()
    }
  }

  #derivationOf(domainKey: DomainKey): Derivation {
    return { mac: domainKey.mac, label: this.#tokenLabel, context: [TOKEN_CONTEXT, domainKey.id] }
  }
}
