/**
 * The port: what an HSM does, as whole commands.
 *
 * Every command takes key tokens, never key material, and is asynchronous, so that an HSM may live in this process,
 * in a worker or behind a network. Hosts are stateless: any HSM of a domain serves any token of it.
 *
 * Sealed messages are laid out by the caller: it passes the whole header, says where in it the HSM's nonce and
 * initialization vector belong, and gets back header, ciphertext and tag in one. The header is authenticated whole, and
 * the additional data right behind it: a header must tell where it ends.
 */

import type { KeyOrigin, KeySpec, KeyUsage } from './key-spec.ts'
import type { KeyToken } from './key-token.ts'
import type { MessageHeader } from './sealed-message.ts'
import type { SelfTestResult } from './self-test.ts'

export interface GenerateKeyCommand {
  /** Bound into the token; 1 to 255 printable ASCII characters. */
  readonly keyId: string
  readonly keySpec: KeySpec
  readonly keyUsage: KeyUsage
  readonly origin: KeyOrigin
}

export interface GeneratedKey {
  readonly token: KeyToken
  /** 32 bytes that name this material. */
  readonly materialId: Uint8Array
}

/** Where a message is sealed: the key, the layout of its header, and what is authenticated besides. */
export interface SealTarget {
  readonly token: KeyToken
  readonly header: MessageHeader
  readonly additionalData: Uint8Array
}

export interface SealCommand extends SealTarget {
  /** 1 to 4096 bytes. The caller keeps it. */
  readonly plaintext: Uint8Array
}

export interface OpenCommand {
  readonly token: KeyToken
  /** The header as it was sealed, nonce and vector in place. */
  readonly header: MessageHeader
  readonly additionalData: Uint8Array
  /** Ciphertext and tag. */
  readonly ciphertext: Uint8Array
}

export interface ResealCommand {
  readonly source: OpenCommand
  readonly destination: SealTarget
}

export interface GenerateSealedDataKeyCommand extends SealTarget {
  /** Length of the data key in bytes, 1 to 1024. */
  readonly length: number
  /** Whether the data key itself is wanted too; if not, it never leaves. */
  readonly isPlaintextWanted: boolean
}

export interface SealedDataKey {
  /** Header, ciphertext and tag. */
  readonly sealed: Uint8Array
  /** The data key, the caller's to zeroize; present exactly when it was wanted. */
  readonly plaintext?: Uint8Array
}

export type ModuleState = 'ready' | 'error' | 'zeroized'

export interface HsmStatus {
  readonly state: ModuleState
  readonly provider: string
  readonly selfTests: readonly SelfTestResult[]
  readonly domainKeys: number
  readonly loadedKeys: number
}

/**
 * Every command may reject with `HsmError` `SELF_TEST_FAILED` or `ZEROIZED`, those that take a token with
 * `INVALID_TOKEN`, and a malformed command with `TypeError` or `RangeError` that names the argument.
 */
export interface Hsm {
  /** Generates key material. The only way that a new token comes about. */
  generateKey(command: GenerateKeyCommand): Promise<GeneratedKey>

  /**
   * @returns header, ciphertext and tag
   * @throws HsmError `KEY_USAGE` when the key is not for encryption
   */
  seal(command: SealCommand): Promise<Uint8Array>

  /**
   * @returns the plaintext, which belongs to the caller
   * @throws HsmError `AUTHENTICATION_FAILED` when anything about the message is wrong, `KEY_USAGE`
   */
  open(command: OpenCommand): Promise<Uint8Array>

  /**
   * Opens under one key and seals under another; the plaintext never leaves.
   *
   * @throws HsmError as `open` and `seal`
   */
  reseal(command: ResealCommand): Promise<Uint8Array>

  /** Draws a data key and seals it. */
  generateSealedDataKey(command: GenerateSealedDataKeyCommand): Promise<SealedDataKey>

  /** @param length number of bytes, 1 to 1024 */
  random(length: number): Promise<Uint8Array>

  /** Forgets a loaded key at once, for a key that was destroyed. The token itself stays valid; its owner deletes it. */
  unload(token: KeyToken): Promise<void>

  status(): Promise<HsmStatus>

  /** Destroys the domain keys and everything loaded. No token of this HSM opens ever again. */
  zeroize(): Promise<void>
}
