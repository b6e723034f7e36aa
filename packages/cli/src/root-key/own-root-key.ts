/**
 * The root key that `softkms start` makes for its user, once, and finds again: in the folder where a user's programs keep
 * what is theirs alone, and not with the keys that it seals.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UnusableFileError } from '../text-file.ts'
import { configFolder } from './config-folder.ts'
import { createRootKeyFile, readRootKeyFile } from './root-key-file.ts'
import { type PassphraseFlags, makeRootKey, openRootKey } from './root-key-flags.ts'

export interface OwnRootKey {
  /** 32 bytes, the caller's to zeroize. */
  readonly rootKey: Uint8Array
  readonly file: string
  readonly isFresh: boolean
}

const OWNER_ONLY = 0o700

/**
 * @param hasKeys whether there are keys already, which no fresh root key could open
 * @throws UnusableFileError when the file cannot be read or made, or is gone while there are keys
 */
export async function takeOwnRootKey(flags: PassphraseFlags, hasKeys: boolean): Promise<OwnRootKey> {
  const file = join(configFolder(), 'root-key')
  if (existsSync(file)) {
    return { rootKey: await openRootKey(readRootKeyFile(file), file, flags), file, isFresh: false }
  }
  if (hasKeys)
    throw new UnusableFileError(`the keys that are kept are sealed by a root key, and there is none in ${file}`)
  const rootKey = makeRootKey()
  try {
    mkdirSync(dirname(file), { recursive: true, mode: OWNER_ONLY })
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException
    throw new UnusableFileError(`${dirname(file)} cannot be made (${code})`, { cause: error })
  }
  createRootKeyFile(file, { sealedBy: 'nothing', rootKey })
  return { rootKey, file, isFresh: true }
}
