/**
 * `softkms decrypt`: a message of the AWS Encryption SDK's format back into the file that it was.
 *
 * A file gets its name only when the whole message has authenticated. On the standard output the beginning is there
 * before the end has been seen: there, only the exit code says that it was whole.
 */

import { decryptStream } from '@softkms/envelope'
import { createNativeProvider } from '@softkms/hsm/native'
import { type Command, InvalidArgumentError } from 'commander'
import type { ExitCode } from '../exit-code.ts'
import { rewriteFile } from '../file/rewrite-file.ts'
import { MESSAGE_SUFFIX } from './encrypt.ts'
import { type MessageFlags, addMessageFlags } from './message-flags.ts'
import { connect } from './place-flags.ts'

/** Nobody but the owner: what was worth encrypting is not for everybody. */
const MODE = 0o600

interface DecryptFlags extends MessageFlags {
  readonly keyId?: readonly string[]
}

/** Adds `decrypt` to the program. `finish` is told the exit code. */
export function addDecryptCommand(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command('decrypt')
    .description("decrypt a message of the AWS Encryption SDK's format")
    .argument('<file>', 'what to decrypt; - for the standard input')
    .option(
      '--key-id <arn>',
      'a key that may decrypt; may be repeated; without it, whichever the message names',
      collectArns,
    )
  addMessageFlags(command, 'a pair that the encryption context must have').action(
    async (file: string, flags: DecryptFlags) => finish(await decrypt(file, flags, command)),
  )
}

function decrypt(file: string, flags: DecryptFlags, command: Command): Promise<ExitCode> {
  const kms = connect(flags, command)
  return rewriteFile({
    done: 'decrypted',
    from: file,
    to: flags.output ?? nameFor(file),
    isReplacing: flags.force ?? false,
    mode: MODE,
    rewrite: (pieces) =>
      decryptStream(pieces, {
        kms,
        provider: createNativeProvider(),
        keyArns: flags.keyId ?? 'discovery',
        context: flags.context,
      }),
  })
}

function nameFor(file: string): string {
  if (file === '-') return '-'
  return file.endsWith(MESSAGE_SUFFIX) ? file.slice(0, -MESSAGE_SUFFIX.length) : `${file}.decrypted`
}

function collectArns(text: string, earlier: readonly string[] = []): readonly string[] {
  if (/^arn:[^:]+:kms:[^:]+:\d{12}:key\/.+$/.test(text)) return [...earlier, text]
  throw new InvalidArgumentError('Messages name their keys by ARN, so a key that may decrypt is an ARN of a key.')
}
