/**
 * The root key: 32 bytes that seal the domain keyring of a store, kept outside it.
 *
 * Whoever has the store and the root key has every key. It comes from a file, which may be sealed itself, or from the
 * environment.
 */
import { randomBytes } from 'node:crypto'
import { type Command, Option } from 'commander'
import { readCredentials } from '../kms-client/credentials.ts'
import { findPlace } from '../kms-client/endpoint.ts'
import { createKmsClient } from '../kms-client/kms-client.ts'
import { readTextFile, UnusableFileError } from '../text-file.ts'
import { openByKms } from './envelope.ts'
import { openByPassphrase } from './passphrase.ts'
import { type KeptRootKey, ROOT_KEY_LENGTH, parseRootKey, readRootKeyFile } from './root-key-file.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface PassphraseFlags {
  readonly passphraseFile?: string
}

export interface RootKeyFlags extends PassphraseFlags {
  readonly rootKeyFile?: string
}

const KEY_VARIABLE = 'SOFTKMS_ROOT_KEY'
const PASSPHRASE_VARIABLE = 'SOFTKMS_PASSPHRASE'

export function addRootKeyOptions(command: Command): void {
  command.addOption(
    new Option(
      '--root-key-file <file>',
      `the root key of the store, as \`softkms init\` writes it; else ${KEY_VARIABLE}`,
    ),
  )
  addPassphraseOption(command, 'what the root key is sealed by, if it is')
}

export function addPassphraseOption(command: Command, description: string): void {
  command.addOption(
    new Option('--passphrase-file <file>', `${description}: the first line of the file; else ${PASSPHRASE_VARIABLE}`),
  )
}

/**
 * @returns 32 bytes, the caller's to zeroize; `undefined` when neither the flag nor the environment has them
 * @throws UnusableFileError that repeats nothing of what is no root key
 */
export async function readRootKey(
  flags: RootKeyFlags,
  environment: Environment = process.env,
): Promise<Uint8Array | undefined> {
  const { rootKeyFile } = flags
  if (rootKeyFile !== undefined) return openRootKey(readRootKeyFile(rootKeyFile), rootKeyFile, flags, environment)
  const text = environment[KEY_VARIABLE]
  return text === undefined || text === '' ? undefined : parseRootKey(text, KEY_VARIABLE)
}

/** @throws UnusableFileError when what it is sealed by does not open it */
export async function openRootKey(
  kept: KeptRootKey,
  file: string,
  flags: PassphraseFlags,
  environment: Environment = process.env,
): Promise<Uint8Array> {
  if (kept.sealedBy === 'nothing') return kept.rootKey
  if (kept.sealedBy === 'kms') return openByKms(kept, connect(environment), file)
  const passphrase = readPassphrase(flags, environment)
  if (passphrase === undefined) {
    throw new UnusableFileError(
      `${file} is sealed by a passphrase: name it by --passphrase-file or ${PASSPHRASE_VARIABLE}`,
    )
  }
  try {
    return openByPassphrase(kept, passphrase, file)
  } finally {
    passphrase.fill(0)
  }
}

/**
 * @returns the caller's to zeroize; `undefined` when neither the flag nor the environment has one
 * @throws UnusableFileError
 */
export function readPassphrase(
  { passphraseFile }: PassphraseFlags,
  environment: Environment = process.env,
): Uint8Array | undefined {
  const text = passphraseFile === undefined ? environment[PASSPHRASE_VARIABLE] : readTextFile(passphraseFile)
  const [line = ''] = text?.split(/\r?\n/, 1) ?? []
  if (line !== '') return Uint8Array.from(Buffer.from(line.normalize('NFC')))
  if (passphraseFile !== undefined) throw new UnusableFileError(`${passphraseFile} has no passphrase in its first line`)
  return undefined
}

/** The KMS that the environment of AWS SDKs names. @throws UnusableFileError for an environment that cannot be right */
function connect(environment: Environment) {
  try {
    const place = findPlace({ endpoint: undefined, region: undefined }, environment)
    return createKmsClient({ ...place, credentials: readCredentials(environment) })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new UnusableFileError(error.message, { cause: error })
  }
}

export function makeRootKey(): Uint8Array {
  return Uint8Array.from(randomBytes(ROOT_KEY_LENGTH))
}
