/**
 * A root key sealed by a passphrase: AES-256-GCM under a key that scrypt makes of it.
 *
 * @spec RFC 7914 §6, SP 800-38D
 */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto'
import { UnusableFileError } from '../text-file.ts'
import type { PassphraseSealed, ScryptParameters } from './root-key-file.ts'

const ALGORITHM = 'aes-256-gcm'
const KEY_LENGTH = 32
const IV_LENGTH = 12
const TAG_LENGTH = 16
const SALT_LENGTH = 16
/** About a third of a second and 128 MiB, once at start. */
const COST = { cost: 2 ** 17, blockSize: 8, parallelization: 1 } as const
/** What a file may ask for: a hundred times as much could stop a start-up for good. */
const MOST_COST = 2 ** 20
const MOST_BLOCK_SIZE = 32
const MOST_PARALLELIZATION = 16

export function sealByPassphrase(rootKey: Uint8Array, passphrase: Uint8Array): PassphraseSealed {
  const scrypt: ScryptParameters = { salt: randomBytes(SALT_LENGTH), ...COST }
  const iv = randomBytes(IV_LENGTH)
  const key = deriveKey(passphrase, scrypt)
  try {
    const cipher = createCipheriv(ALGORITHM, key, iv)
    cipher.setAAD(describe(scrypt))
    const sealed = Buffer.concat([cipher.update(rootKey), cipher.final(), cipher.getAuthTag()])
    return { sealedBy: 'passphrase', scrypt, iv, rootKey: sealed }
  } finally {
    key.fill(0)
  }
}

/** @throws UnusableFileError, whatever does not fit: the passphrase, or anything in the file */
export function openByPassphrase(
  { scrypt, iv, rootKey }: PassphraseSealed,
  passphrase: Uint8Array,
  file: string,
): Uint8Array {
  const isPossible =
    isPowerOfTwo(scrypt.cost) &&
    scrypt.cost <= MOST_COST &&
    isCount(scrypt.blockSize, MOST_BLOCK_SIZE) &&
    isCount(scrypt.parallelization, MOST_PARALLELIZATION) &&
    iv.length === IV_LENGTH &&
    rootKey.length === KEY_LENGTH + TAG_LENGTH
  const wrong = new UnusableFileError(`the passphrase is not the one of ${file}, or the file is damaged`)
  if (!isPossible) throw wrong
  const key = deriveKey(passphrase, scrypt)
  try {
    const decipher = createDecipheriv(ALGORITHM, key, iv)
    decipher.setAAD(describe(scrypt))
    decipher.setAuthTag(rootKey.subarray(KEY_LENGTH))
    const opened = decipher.update(rootKey.subarray(0, KEY_LENGTH))
    try {
      decipher.final()
      return Uint8Array.from(opened)
    } catch {
      throw wrong
    } finally {
      opened.fill(0)
    }
  } finally {
    key.fill(0)
  }
}

/** What is authenticated with the key: how it was derived. */
function describe({ salt, cost, blockSize, parallelization }: ScryptParameters): Uint8Array {
  return Buffer.concat([Buffer.from(`softkms root key, scrypt ${cost} ${blockSize} ${parallelization} `), salt])
}

function deriveKey(passphrase: Uint8Array, { salt, cost, blockSize, parallelization }: ScryptParameters): Uint8Array {
  const maxmem = 128 * blockSize * (cost + parallelization + 2)
  return scryptSync(passphrase, salt, KEY_LENGTH, { cost, blockSize, parallelization, maxmem })
}

function isPowerOfTwo(value: number): boolean {
  return Number.isSafeInteger(value) && value > 1 && Number.isInteger(Math.log2(value))
}

function isCount(value: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= 1 && value <= most
}
