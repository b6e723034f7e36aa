/**
 * The root key: 32 bytes that seal the domain keyring of a store, kept outside it.
 *
 * Whoever has the store and the root key has every key. It comes from a file or from the environment, as base64.
 */
import { randomBytes } from 'node:crypto'
import { chmodSync, closeSync, openSync, writeSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { readTextFile, UnusableFileError } from './text-file.ts'

export interface RootKeyFlags {
  readonly rootKeyFile?: string
}

const LENGTH = 32
const VARIABLE = 'SOFTKMS_ROOT_KEY'
const OWNER_ONLY = 0o600
/** Base64 of exactly 32 bytes: 43 digits and one of padding. */
const FORM = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/

export function addRootKeyOption(command: Command): void {
  command.addOption(
    new Option('--root-key-file <file>', `the root key of the store, as \`softkms init\` writes it; else ${VARIABLE}`),
  )
}

/**
 * @returns 32 bytes, the caller's to zeroize; `undefined` when neither the flag nor the environment has them
 * @throws UnusableFileError that repeats nothing of what is no root key
 */
export function readRootKey(
  { rootKeyFile }: RootKeyFlags,
  environment: NodeJS.ProcessEnv = process.env,
): Uint8Array | undefined {
  if (rootKeyFile !== undefined) return parseRootKey(readTextFile(rootKeyFile), rootKeyFile)
  const text = environment[VARIABLE]
  return text === undefined || text === '' ? undefined : parseRootKey(text, VARIABLE)
}

/**
 * Makes a root key in a file that nobody but its owner may read.
 *
 * @throws UnusableFileError when the file is there already, or cannot be written
 */
export function writeFreshRootKey(file: string): void {
  const key = randomBytes(LENGTH)
  const text = Buffer.from(`${key.toString('base64')}\n`)
  try {
    // Never in place of another: what that one seals would be lost.
    const descriptor = openSync(file, 'wx', OWNER_ONLY)
    try {
      chmodSync(file, OWNER_ONLY)
      writeSync(descriptor, text)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reason =
      code === 'EEXIST' ? 'is there already, and stays as it is' : `cannot be written (${code ?? 'unknown error'})`
    throw new UnusableFileError(`${file} ${reason}`, { cause: error })
  } finally {
    key.fill(0)
    text.fill(0)
  }
}

function parseRootKey(text: string, where: string): Uint8Array {
  const trimmed = text.trim()
  if (!FORM.test(trimmed)) throw new UnusableFileError(`${where}: a root key is ${LENGTH} bytes in base64`)
  return Uint8Array.from(Buffer.from(trimmed, 'base64'))
}
