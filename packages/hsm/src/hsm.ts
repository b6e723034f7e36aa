/**
 * The port: what an HSM does, as whole commands.
 *
 * Every command takes key tokens, never key material, and is asynchronous, so that an HSM may live in this process,
 * in a worker or behind a network. Hosts are stateless: any HSM of a domain serves any token of it. Spec and usage
 * come from the token, never from the caller.
 *
 * Sealed messages are laid out by the caller: it gives a header for a plaintext of a given length, says where in it the
 * HSM's nonce and initialization vector belong, and gets back header, ciphertext and tag in one. The header is
 * authenticated whole, and the additional data right behind it: a header must tell where it ends.
 */

import type {
  EncapsulationAlgorithm,
  KeyAgreementAlgorithm,
  MacAlgorithm,
  MessageType,
  RsaEncryptionAlgorithm,
  SigningAlgorithm,
} from './algorithm-name.ts'
import type { GenerationProgress } from './asymmetric-primitives.ts'
import type { DataKeyPairSpec, KeyOrigin, KeySpec, KeyUsage } from './key-spec.ts'
import type { KeyToken } from './key-token.ts'
import type { MessageHeader } from './sealed-message.ts'
import type { PairWiseResult, SelfTestResult } from './self-test.ts'

export interface GenerateKeyCommand {
  /** Bound into the token; 1 to 255 printable ASCII characters. */
  readonly keyId: string
  readonly keySpec: KeySpec
  readonly keyUsage: KeyUsage
  readonly origin: KeyOrigin
  /** Told how a generation goes that lasts. */
  readonly onProgress?: GenerationProgress
}

export interface GeneratedKey {
  readonly token: KeyToken
  /** 32 bytes that name this material. */
  readonly materialId: Uint8Array
}

export type WrappingAlgorithm =
  | 'RSAES_OAEP_SHA_1'
  | 'RSAES_OAEP_SHA_256'
  | 'RSA_AES_KEY_WRAP_SHA_1'
  | 'RSA_AES_KEY_WRAP_SHA_256'

export interface ImportKeyCommand extends Omit<GenerateKeyCommand, 'onProgress'> {
  /** An RSA key of usage `UNWRAP`. */
  readonly wrappingToken: KeyToken
  readonly wrappingAlgorithm: WrappingAlgorithm
  /** Raw bytes of a symmetric or HMAC key, PKCS#8 of any other, wrapped. */
  readonly wrappedMaterial: Uint8Array
}

/**
 * Lays out a message's header, zeros where nonce and vector go. Called with the length of the plaintext in bytes, which
 * the caller need not know: that of a private key or of what another message held is known inside alone.
 */
export type HeaderLayout = (plaintextLength: number) => MessageHeader

/** Where a message is sealed: the key, the layout of its header, and what is authenticated besides. */
export interface SealTarget {
  readonly token: KeyToken
  readonly layout: HeaderLayout
  readonly additionalData: Uint8Array
}

/** Where a message is encrypted with an RSA public key. Nothing is authenticated besides. */
export interface RsaTarget {
  readonly token: KeyToken
  readonly algorithm: RsaEncryptionAlgorithm
}

export type EncryptionTarget = SealTarget | RsaTarget

export type SealCommand = EncryptionTarget & {
  /** 1 to 4096 bytes; with RSA, as many as key and algorithm take. The caller keeps it. */
  readonly plaintext: Uint8Array
}

export interface OpenSealedCommand {
  readonly token: KeyToken
  /** The header as it was sealed, nonce and vector in place. */
  readonly header: MessageHeader
  readonly additionalData: Uint8Array
  /** Ciphertext and tag. */
  readonly ciphertext: Uint8Array
}

export interface OpenRsaCommand extends RsaTarget {
  readonly ciphertext: Uint8Array
}

export type OpenCommand = OpenSealedCommand | OpenRsaCommand

export interface ResealCommand {
  readonly source: OpenCommand
  readonly destination: EncryptionTarget
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

export interface GenerateSealedKeyPairCommand extends SealTarget {
  readonly keyPairSpec: DataKeyPairSpec
  /** Whether the private key itself is wanted too; if not, it never leaves. */
  readonly isPlaintextWanted: boolean
  readonly onProgress?: GenerationProgress
}

export interface SealedKeyPair {
  /** The private key as PKCS#8, sealed. */
  readonly sealed: Uint8Array
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array
  /** PKCS#8, DER, the caller's to zeroize; present exactly when it was wanted. */
  readonly plaintext?: Uint8Array
}

export interface SignCommand {
  readonly token: KeyToken
  readonly algorithm: SigningAlgorithm
  readonly messageType: MessageType
  readonly message: Uint8Array
}

export interface VerifyCommand extends SignCommand {
  readonly signature: Uint8Array
}

export interface MacCommand {
  readonly token: KeyToken
  readonly algorithm: MacAlgorithm
  readonly message: Uint8Array
}

export interface VerifyMacCommand extends MacCommand {
  readonly mac: Uint8Array
}

export interface DeriveSharedSecretCommand {
  readonly token: KeyToken
  readonly algorithm: KeyAgreementAlgorithm
  /** SubjectPublicKeyInfo, DER, on the key's own curve. */
  readonly publicKey: Uint8Array
}

export interface EncapsulateCommand {
  readonly token: KeyToken
  readonly algorithm: EncapsulationAlgorithm
}

export interface DecapsulateCommand extends EncapsulateCommand {
  readonly ciphertext: Uint8Array
}

export interface EncapsulatedSecret {
  /** 32 bytes, the caller's to zeroize. */
  readonly sharedSecret: Uint8Array
  readonly ciphertext: Uint8Array
}

/** What a token is the key of. */
export interface KeyDescription {
  readonly keyId: string
  readonly keySpec: KeySpec
  readonly keyUsage: KeyUsage
  readonly origin: KeyOrigin
  readonly isExtractable: boolean
  /** 32 bytes. */
  readonly materialId: Uint8Array
}

/** Commands are served in the state `ready` alone. `self-testing` is seen only from within, by what a test calls. */
export type ModuleState = 'self-testing' | 'ready' | 'error' | 'zeroized'

export interface HsmStatus {
  readonly state: ModuleState
  readonly provider: string
  /** Which provider serves which primitive. */
  readonly servedBy: Readonly<Record<string, string>>
  readonly selfTests: readonly SelfTestResult[]
  /** How the newest pair of each family was tested. */
  readonly pairWiseTests: readonly PairWiseResult[]
  readonly domainKeys: number
  readonly loadedKeys: number
}

/**
 * Every command may reject with `HsmError` `SELF_TESTING`, `SELF_TEST_FAILED` or `ZEROIZED`, that of an HSM elsewhere with
 * `UNAVAILABLE` or `TIMED_OUT`, those that take a token with `INVALID_TOKEN`, `KEY_USAGE` when the key is for something
 * else and `ALGORITHM` when it does not have the algorithm, and a malformed command with `TypeError` or `RangeError` that
 * names the argument.
 */
export interface Hsm {
  /**
   * Generates key material.
   *
   * @throws HsmError `SELF_TEST_FAILED` when a fresh key pair fails its pair-wise consistency test
   */
  generateKey(command: GenerateKeyCommand): Promise<GeneratedKey>

  /**
   * Takes wrapped key material in.
   *
   * @throws HsmError `AUTHENTICATION_FAILED` when it does not unwrap, `INVALID_MATERIAL` when it is not material of
   * the key spec
   */
  importKey(command: ImportKeyCommand): Promise<GeneratedKey>

  /** @returns header, ciphertext and tag; with RSA the ciphertext alone */
  seal(command: SealCommand): Promise<Uint8Array>

  /**
   * @returns the plaintext, which belongs to the caller
   * @throws HsmError `AUTHENTICATION_FAILED` when anything about the message is wrong
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

  /** Generates a key pair and seals its private key. */
  generateSealedKeyPair(command: GenerateSealedKeyPairCommand): Promise<SealedKeyPair>

  /** @returns DER for ECDSA, the raw signature for everything else */
  sign(command: SignCommand): Promise<Uint8Array>

  /** @returns whether the signature is the message's; a malformed one is not */
  verify(command: VerifyCommand): Promise<boolean>

  mac(command: MacCommand): Promise<Uint8Array>

  /** Compares in constant time. */
  verifyMac(command: VerifyMacCommand): Promise<boolean>

  /**
   * @returns the shared x-coordinate, the caller's to zeroize
   * @throws HsmError `INVALID_PUBLIC_KEY` for anything but a point of the key's curve
   */
  deriveSharedSecret(command: DeriveSharedSecretCommand): Promise<Uint8Array>

  encapsulate(command: EncapsulateCommand): Promise<EncapsulatedSecret>

  /**
   * @returns 32 bytes, the caller's to zeroize; pseudo-random ones for a ciphertext that is none
   * @throws HsmError `AUTHENTICATION_FAILED` for a ciphertext of the wrong length
   */
  decapsulate(command: DecapsulateCommand): Promise<Uint8Array>

  /** Tells what a token says of its key, once it has proved to be a token of this HSM. */
  describeKey(token: KeyToken): Promise<KeyDescription>

  /** @returns SubjectPublicKeyInfo, DER */
  publicKey(token: KeyToken): Promise<Uint8Array>

  /** @param length number of bytes, 1 to 1024 */
  random(length: number): Promise<Uint8Array>

  /** Makes a new domain key, which wraps from now on; the ones before it still unwrap. */
  rotateDomainKey(): Promise<void>

  /** @returns the same key under the active domain key */
  rewrap(token: KeyToken): Promise<KeyToken>

  /** Whether a token is under the active domain key, as its header says: the others are there to be wrapped anew. */
  isUnderActiveKey(token: KeyToken): Promise<boolean>

  /**
   * The domain keys under the root key: what is to be kept, and what another HSM with that root key joins the domain by.
   *
   * @throws HsmError `NO_ROOT_KEY`
   */
  sealKeyring(): Promise<Uint8Array>

  /**
   * As `sealKeyring`, with a fresh active key in front, and nothing is changed here: once the keyring is kept, `openKeyring`
   * brings the key into use. So no token is ever under a key that was not kept.
   *
   * @throws HsmError `NO_ROOT_KEY`
   */
  sealRotatedKeyring(): Promise<Uint8Array>

  /**
   * Joins the domain of a sealed keyring, in place of the one so far.
   *
   * @throws HsmError `NO_ROOT_KEY`, and `AUTHENTICATION_FAILED` for a keyring under another root key, or for what is none
   */
  openKeyring(sealed: Uint8Array): Promise<void>

  /** @returns a tag of 48 bytes that nobody else can make for this text */
  protectRecord(record: string): Promise<Uint8Array>

  /** Whether an HSM of this domain made the tag for this text. */
  verifyRecord(record: string, tag: Uint8Array): Promise<boolean>

  /** Forgets a loaded key at once, for a key that was destroyed. The token itself stays valid; its owner deletes it. */
  unload(token: KeyToken): Promise<void>

  status(): Promise<HsmStatus>

  /** Destroys the domain keys, everything loaded and the state of the module's own random generator. No token of this HSM opens ever again. */
  zeroize(): Promise<void>
}
