/** The flags that `encrypt` and `decrypt` share. */

import type { EncryptionContext } from '@softkms/envelope'
import { type Command, InvalidArgumentError } from 'commander'
import { type PlaceFlags, addPlaceOptions } from './place-flags.ts'

export interface MessageFlags extends PlaceFlags {
  readonly context?: EncryptionContext
  readonly output?: string
  readonly force?: true
}

export function addMessageFlags(command: Command, contextDescription: string): Command {
  command
    .option('--context <key=value>', `${contextDescription}; may be repeated`, collectContext)
    .option('-o, --output <file>', 'where to write to; - for the standard output')
    .option('-f, --force', 'replace a file that is there already')
  return addPlaceOptions(command)
}

export function collect(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, text]
}

function collectContext(text: string, earlier: EncryptionContext = {}): EncryptionContext {
  const equals = text.indexOf('=')
  if (equals < 1) throw new InvalidArgumentError('A pair of the encryption context is written key=value.')
  const key = text.slice(0, equals)
  if (Object.hasOwn(earlier, key)) throw new InvalidArgumentError('A key of the encryption context comes once.')
  return Object.fromEntries([...Object.entries(earlier), [key, text.slice(equals + 1)]])
}
