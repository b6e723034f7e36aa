/**
 * The flags of `serve` about who asks: whether signatures are verified, and whose are known.
 */
import { systemClock } from '@softkms/kms'
import { createCredentials, CredentialsFileError, parseCredentialsFile, type SigV4Options } from '@softkms/server'
import { type Command, Option } from 'commander'
import { readTextFile, UnusableFileError } from './text-file.ts'

export interface SignatureFlags {
  readonly auth: 'none' | 'sigv4'
  readonly credentials?: string
  readonly trustCallerHeader?: true
}

export function addSignatureOptions(command: Command): void {
  command
    .addOption(
      new Option('--auth <mode>', 'whether signatures are verified').choices(['none', 'sigv4']).default('none'),
    )
    .option('--credentials <file>', 'JSON file of access keys and whose they are, for --auth sigv4')
}

/**
 * Ends the command, as one that was not understood, when the flags contradict each other.
 *
 * @returns `undefined` when nothing is to be verified
 * @throws UnusableFileError
 */
export function readAuthentication(
  { auth, credentials: path, trustCallerHeader }: SignatureFlags,
  command: Command,
): SigV4Options | undefined {
  if (auth === 'none') {
    if (path !== undefined) command.error('error: --credentials is for --auth sigv4')
    return undefined
  }
  if (path === undefined) return command.error('error: --auth sigv4 needs --credentials <file>')
  if (trustCallerHeader === true) command.error('error: --trust-caller-header excludes --auth sigv4')
  const text = readTextFile(path)
  try {
    // Clients sign by clocks that nobody turns, so it is the system's that they are held against, with --control too.
    return { credentials: createCredentials(parseCredentialsFile(text)), clock: systemClock }
  } catch (error) {
    if (error instanceof CredentialsFileError) throw new UnusableFileError(`${path}: ${error.message}`)
    throw error
  }
}
