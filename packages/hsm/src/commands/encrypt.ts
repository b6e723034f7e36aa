/**
 * Seal, open and reseal, under symmetric and RSA keys.
 *
 * A symmetric message is framed and sealed under a key of its own; an RSA message is OAEP and nothing else. Plaintext
 * that this file holds is zeroized before it returns, whatever happens.
 */

import type { RsaEncryptionAlgorithm } from '../algorithm-name.ts'
import { GCM_TAG_LENGTH } from '../algorithms/aes-gcm/aes-gcm.ts'
import { decryptOaep, encryptOaep, maxOaepLength } from '../algorithms/rsa/oaep.ts'
import type { HashName, RsaPublicNumbers } from '../asymmetric-primitives.ts'
import { assertBytes } from '../bytes.ts'
import { HsmError } from '../errors.ts'
import type { RsaMaterial } from '../families/loaded-material.ts'
import { FRAME_LENGTH, MAX_PLAINTEXT_LENGTH, type Purpose, createFramed, isFramed } from '../frame.ts'
import { encodeUtf8 } from '../host.ts'
import type {
  EncryptionTarget,
  OpenCommand,
  OpenRsaCommand,
  OpenSealedCommand,
  ResealCommand,
  RsaTarget,
  SealCommand,
  SealTarget,
} from '../hsm.ts'
import type { KeySpec } from '../key-spec.ts'
import { KEY_SPECS } from '../key-spec.ts'
import type { KeyToken } from '../key-token.ts'
import type { LoadedKey } from '../loaded-keys.ts'
import {
  type Derivation,
  IV_LENGTH,
  type MessageHeader,
  NONCE_LENGTH,
  openMessage,
  sealMessage,
} from '../sealed-message.ts'
import type { Vault } from '../vault.ts'
import { assertAlgorithm } from './assert-algorithm.ts'
import { assertBytesIn } from './assert-arguments.ts'

const MESSAGE_LABEL = encodeUtf8('softkms message key')
const MESSAGE_VERSION = 1
/** What a message key's derivation context begins with. */
const MESSAGE_CONTEXT = Uint8Array.of(MESSAGE_VERSION)

const OAEP_HASHES: Readonly<Record<RsaEncryptionAlgorithm, HashName>> = {
  RSAES_OAEP_SHA_1: 'SHA-1',
  RSAES_OAEP_SHA_256: 'SHA-256',
}

export function seal(vault: Vault, command: SealCommand): Uint8Array {
  const { plaintext } = command
  assertBytesIn(command, 'plaintext')
  assertPlaintextLength(plaintext.length)
  if ('algorithm' in command) return encryptRsa(vault, command, plaintext)
  return sealFramed(vault, command, frame('MESSAGE', plaintext))
}

export function open(vault: Vault, command: OpenCommand): Uint8Array {
  if ('algorithm' in command) return decryptRsa(vault, command)
  const framed = openFramed(vault, command)
  try {
    vault.services.trace?.({ step: 'release', what: 'plaintext', length: framed.length - FRAME_LENGTH })
    return framed.slice(FRAME_LENGTH)
  } finally {
    framed.fill(0)
  }
}

export function reseal(vault: Vault, { source, destination }: ResealCommand): Uint8Array {
  // The destination is tried before the source is opened: a refusal must come while no plaintext exists.
  tryTarget(vault, destination, visibleLength(source))
  const isKept = !('algorithm' in source) && !('algorithm' in destination)
  // Between symmetric keys the frame goes along, so that what is a data key stays one.
  if (isKept) return sealFramed(vault, destination, openFramed(vault, source))
  const plaintext = open(vault, source)
  try {
    return seal(vault, { ...destination, plaintext })
  } finally {
    plaintext.fill(0)
  }
}

/**
 * Seals a framed plaintext and zeroizes it, whatever happens.
 *
 * @param drawn random bytes for this message, where they were drawn together with the plaintext
 */
export function sealFramed(vault: Vault, target: SealTarget, framed: Uint8Array, drawn?: Uint8Array): Uint8Array {
  try {
    assertBytesIn(target, 'additionalData')
    const header = copyHeader(target.layout(framed.length - FRAME_LENGTH))
    // After the layout, which is the caller's code and may have unloaded the key.
    const derivation = loadDerivation(vault, target.token)
    traceFrame(vault, framed, false)
    return sealMessage(vault.services, derivation, header, target.additionalData, framed, drawn)
  } finally {
    framed.fill(0)
  }
}

/** Puts `plaintext`, which stays the caller's, behind a frame. */
export function frame(purpose: Purpose, plaintext: Uint8Array): Uint8Array {
  const framed = createFramed(purpose, plaintext.length)
  framed.set(plaintext, FRAME_LENGTH)
  return framed
}

/**
 * The longest plaintext that an RSA key takes, in bytes.
 *
 * @throws RangeError for a key that is no RSA key or another algorithm
 */
export function maxRsaPlaintextLength(spec: KeySpec, algorithm: string): number {
  const row = KEY_SPECS[spec]
  const hash = OAEP_HASHES[algorithm as RsaEncryptionAlgorithm] as HashName | undefined
  if (row.family !== 'rsa' || hash === undefined) throw new RangeError('spec and algorithm must be RSA')
  return maxOaepLength(row.modulusBits / 8, hash)
}

function openFramed(vault: Vault, command: OpenSealedCommand): Uint8Array {
  const header = copyHeader(command.header)
  assertBytesIn(command, 'additionalData', 'ciphertext')
  const derivation = loadDerivation(vault, command.token)
  const framed = openMessage(vault.services, derivation, header, command.additionalData, command.ciphertext)
  if (framed === undefined || !isFramed(framed)) {
    framed?.fill(0)
    throw new HsmError('AUTHENTICATION_FAILED')
  }
  traceFrame(vault, framed, true)
  return framed
}

/** Shows the frame and not what is behind it. */
function traceFrame({ services }: Vault, framed: Uint8Array, isOpening: boolean): void {
  services.trace?.({ step: 'frame', frame: framed.slice(0, FRAME_LENGTH), isOpening })
}

function encryptRsa(vault: Vault, target: RsaTarget, plaintext: Uint8Array): Uint8Array {
  const { provider, entropy } = vault.services
  const { publicKey, numbers } = loadRsa(vault, target)
  assertFits(numbers, target.algorithm, plaintext.length)
  return encryptOaep(provider, publicKey, numbers, OAEP_HASHES[target.algorithm], plaintext, entropy)
}

function decryptRsa(vault: Vault, command: OpenRsaCommand): Uint8Array {
  assertBytesIn(command, 'ciphertext')
  const { provider } = vault.services
  const { privateKey, numbers } = loadRsa(vault, command)
  const plaintext = decryptOaep(provider, privateKey, numbers, OAEP_HASHES[command.algorithm], command.ciphertext)
  // OAEP can carry nothing at all, and so can a ciphertext from outside; a plaintext here has at least one byte.
  if (plaintext === undefined || plaintext.length === 0) throw new HsmError('AUTHENTICATION_FAILED')
  return plaintext
}

/**
 * Refuses what sealing for this target would refuse, as far as can be told without the plaintext.
 *
 * @param plaintextLength `undefined` when it is not known yet
 */
export function tryTarget(vault: Vault, target: EncryptionTarget, plaintextLength: number | undefined): void {
  if ('algorithm' in target) {
    assertFits(loadRsa(vault, target).numbers, target.algorithm, plaintextLength ?? 1)
  } else {
    assertBytesIn(target, 'additionalData')
    copyHeader(target.layout(plaintextLength ?? 1))
    loadSymmetric(vault, target.token)
  }
}

/** The length that a sealed message shows of its plaintext; OAEP hides it, and damage may make it one that none has. */
function visibleLength(source: OpenCommand): number | undefined {
  assertBytesIn(source, 'ciphertext')
  if ('algorithm' in source) return undefined
  const length = source.ciphertext.length - FRAME_LENGTH - GCM_TAG_LENGTH
  return length >= 1 && length <= MAX_PLAINTEXT_LENGTH ? length : undefined
}

function assertFits({ modulus }: RsaPublicNumbers, algorithm: RsaEncryptionAlgorithm, length: number): void {
  if (length > maxOaepLength(modulus.length, OAEP_HASHES[algorithm])) throw new HsmError('PLAINTEXT_TOO_LONG')
}

function loadRsa(vault: Vault, { token, algorithm }: RsaTarget): RsaMaterial {
  const { fields, material } = vault.load(token, 'ENCRYPT_DECRYPT')
  assertAlgorithm(fields, algorithm)
  if (material.family !== 'rsa') throw new HsmError('ALGORITHM')
  return material
}

function loadSymmetric(vault: Vault, token: KeyToken): LoadedKey {
  const key = vault.load(token, 'ENCRYPT_DECRYPT')
  assertAlgorithm(key.fields, 'SYMMETRIC_DEFAULT')
  return key
}

function loadDerivation(vault: Vault, token: KeyToken): Derivation {
  const { fields, material } = loadSymmetric(vault, token)
  if (material.family !== 'symmetric') throw new HsmError('ALGORITHM')
  return { mac: material.mac, label: MESSAGE_LABEL, context: [MESSAGE_CONTEXT, fields.materialId] }
}

function assertPlaintextLength(length: number): void {
  if (length >= 1 && length <= MAX_PLAINTEXT_LENGTH) return
  throw new RangeError(`plaintext must be 1 to ${MAX_PLAINTEXT_LENGTH} bytes`)
}

/** @throws TypeError, RangeError for one without room for nonce and vector */
function copyHeader({ bytes, nonceOffset, ivOffset }: MessageHeader): MessageHeader {
  assertBytes('header.bytes', bytes)
  const fits =
    isOffset(nonceOffset, NONCE_LENGTH, bytes.length) &&
    isOffset(ivOffset, IV_LENGTH, bytes.length) &&
    (nonceOffset + NONCE_LENGTH <= ivOffset || ivOffset + IV_LENGTH <= nonceOffset)
  if (!fits) throw new RangeError('header must hold the nonce and the initialization vector side by side')
  return { bytes, nonceOffset, ivOffset }
}

function isOffset(offset: number, length: number, whole: number): boolean {
  return Number.isSafeInteger(offset) && offset >= 0 && offset + length <= whole
}
