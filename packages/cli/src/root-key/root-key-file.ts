/**
 * A root key in a file: as it is, or sealed by a passphrase or by another KMS.
 *
 * As it is, the file holds 32 bytes in base64. Sealed it is a JSON object that says by what. Nothing else is read, and no
 * message repeats what is in a file.
 */
import { chmodSync, closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { readTextFile, UnusableFileError } from '../text-file.ts'

export const ROOT_KEY_LENGTH = 32
const OWNER_ONLY = 0o600
const VERSION = 1
/** Base64 of exactly 32 bytes: 43 digits and one of padding. */
const PLAIN = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** @spec RFC 7914 §2 */
export interface ScryptParameters {
  readonly salt: Uint8Array
  /** N */
  readonly cost: number
  /** r */
  readonly blockSize: number
  /** p */
  readonly parallelization: number
}

export interface PassphraseSealed {
  readonly sealedBy: 'passphrase'
  readonly scrypt: ScryptParameters
  readonly iv: Uint8Array
  /** Ciphertext and tag. */
  readonly rootKey: Uint8Array
}

export interface KmsSealed {
  readonly sealedBy: 'kms'
  /** The ARN that the KMS answered with. */
  readonly keyId: string
  readonly ciphertextBlob: Uint8Array
}

/** What a root key file holds. */
export type KeptRootKey =
  | { readonly sealedBy: 'nothing'; /** 32 bytes. */ readonly rootKey: Uint8Array }
  | PassphraseSealed
  | KmsSealed

/** @throws UnusableFileError */
export function readRootKeyFile(file: string): KeptRootKey {
  return parseKept(readTextFile(file), file)
}

/** @param where names the text in messages. @throws UnusableFileError */
export function parseRootKey(text: string, where: string): Uint8Array {
  const trimmed = text.trim()
  if (!PLAIN.test(trimmed)) throw new UnusableFileError(`${where}: a root key is ${ROOT_KEY_LENGTH} bytes in base64`)
  return Uint8Array.from(Buffer.from(trimmed, 'base64'))
}

/**
 * Writes a root key where nobody but the owner may read it.
 *
 * @throws UnusableFileError when the file is there already, or cannot be written
 */
export function createRootKeyFile(file: string, kept: KeptRootKey): void {
  attempt(file, () => writeWhole(file, kept))
}

/**
 * Puts another form of the same root key in the file's place, all at once.
 *
 * @throws UnusableFileError when it cannot be written; the file stays as it was
 */
export function replaceRootKeyFile(file: string, kept: KeptRootKey): void {
  const beside = `${file}.${process.pid}`
  attempt(file, () => {
    try {
      writeWhole(beside, kept)
      renameSync(beside, file)
    } catch (error) {
      rmSync(beside, { force: true })
      throw error
    }
  })
}

function writeWhole(file: string, kept: KeptRootKey): void {
  const text = Buffer.from(formatKept(kept))
  // Never in place of another: what that one seals would be lost.
  const descriptor = openSync(file, 'wx', OWNER_ONLY)
  try {
    chmodSync(file, OWNER_ONLY)
    writeSync(descriptor, text)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
    text.fill(0)
  }
}

function attempt(file: string, write: () => void): void {
  try {
    write()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reason =
      code === 'EEXIST' ? 'is there already, and stays as it is' : `cannot be written (${code ?? 'unknown error'})`
    throw new UnusableFileError(`${file} ${reason}`, { cause: error })
  }
}

function formatKept(kept: KeptRootKey): string {
  if (kept.sealedBy === 'nothing') return `${toBase64(kept.rootKey)}\n`
  return `${JSON.stringify({ softkmsRootKey: VERSION, ...withText(kept) }, undefined, 2)}\n`
}

function withText(kept: PassphraseSealed | KmsSealed): object {
  if (kept.sealedBy === 'kms') return { ...kept, ciphertextBlob: toBase64(kept.ciphertextBlob) }
  const { scrypt, iv, rootKey } = kept
  return {
    sealedBy: kept.sealedBy,
    scrypt: { ...scrypt, salt: toBase64(scrypt.salt) },
    iv: toBase64(iv),
    rootKey: toBase64(rootKey),
  }
}

function parseKept(text: string, file: string): KeptRootKey {
  if (!text.trimStart().startsWith('{')) return { sealedBy: 'nothing', rootKey: parseRootKey(text, file) }
  const kept = parseSealed(text)
  if (kept === undefined) throw new UnusableFileError(`${file} is no root key, or one of a later release`)
  return kept
}

interface Members {
  readonly [name: string]: unknown
}

function parseSealed(text: string): PassphraseSealed | KmsSealed | undefined {
  const members = parseObject(text)
  if (members?.['softkmsRootKey'] !== VERSION) return undefined
  if (members['sealedBy'] === 'passphrase') {
    const scrypt = readScrypt(members['scrypt'])
    const [iv, rootKey] = [readBytes(members['iv']), readBytes(members['rootKey'])]
    return scrypt && iv && rootKey && { sealedBy: 'passphrase', scrypt, iv, rootKey }
  }
  const [keyId, ciphertextBlob] = [members['keyId'], readBytes(members['ciphertextBlob'])]
  if (members['sealedBy'] !== 'kms' || typeof keyId !== 'string' || ciphertextBlob === undefined) return undefined
  return { sealedBy: 'kms', keyId, ciphertextBlob }
}

function readScrypt(value: unknown): ScryptParameters | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const members = value as Members
  const salt = readBytes(members['salt'])
  const [cost, blockSize, parallelization] = [members['cost'], members['blockSize'], members['parallelization']]
  if (salt === undefined || typeof cost !== 'number') return undefined
  return typeof blockSize === 'number' && typeof parallelization === 'number'
    ? { salt, cost, blockSize, parallelization }
    : undefined
}

function readBytes(value: unknown): Uint8Array | undefined {
  return typeof value === 'string' && BASE64.test(value) ? Uint8Array.from(Buffer.from(value, 'base64')) : undefined
}

function parseObject(text: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Members) : undefined
  } catch {
    return undefined
  }
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
}
