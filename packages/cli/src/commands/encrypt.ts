/**
 * `softkms encrypt`: a file into a message of the AWS Encryption SDK's format, under keys of any KMS.
 *
 * The file is encrypted here, with the native provider; the KMS sees its data key and its encryption context.
 */

import { MAX_FRAME_LENGTH, encryptStream } from '@softkms/envelope'
import { createNativeProvider } from '@softkms/hsm/native'
import { type Command, InvalidArgumentError } from 'commander'
import type { ExitCode } from '../exit-code.ts'
import { rewriteFile } from '../file/rewrite-file.ts'
import { type MessageFlags, addMessageFlags, collect } from './message-flags.ts'
import { connect } from './place-flags.ts'

export const MESSAGE_SUFFIX = '.encrypted'
/** Whoever the process's mask lets. */
const MODE = 0o666

interface EncryptFlags extends MessageFlags {
  readonly keyId: readonly string[]
  readonly sign: boolean
  readonly frameLength?: number
}

/** Adds `encrypt` to the program. `finish` is told the exit code. */
export function addEncryptCommand(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command('encrypt')
    .description("encrypt a file in the AWS Encryption SDK's message format")
    .argument('<file>', 'what to encrypt; - for the standard input')
    .requiredOption(
      '--key-id <id>',
      'wrapping key: id, ARN or alias; may be repeated, any one of them decrypts',
      collect,
    )
    .option('--no-sign', 'leave out the signature: faster, and every reader of the message could have written it')
    .option('--frame-length <bytes>', 'bytes of plaintext in a frame', parseFrameLength)
  addMessageFlags(command, 'a pair of the encryption context, stored in the clear').action(
    async (file: string, flags: EncryptFlags) => finish(await encrypt(file, flags, command)),
  )
}

function encrypt(file: string, flags: EncryptFlags, command: Command): Promise<ExitCode> {
  const kms = connect(flags, command)
  return rewriteFile({
    done: 'encrypted',
    from: file,
    to: flags.output ?? (file === '-' ? '-' : `${file}${MESSAGE_SUFFIX}`),
    isReplacing: flags.force ?? false,
    mode: MODE,
    rewrite: (pieces) =>
      encryptStream(pieces, {
        kms,
        provider: createNativeProvider(),
        keyIds: flags.keyId,
        context: flags.context,
        suite: flags.sign ? undefined : 'AES_256_GCM_HKDF_SHA512_COMMIT_KEY',
        frameLength: flags.frameLength,
      }),
  })
}

function parseFrameLength(text: string): number {
  const length = /^\d{1,8}$/.test(text) ? Number(text) : 0
  if (length >= 1 && length <= MAX_FRAME_LENGTH) return length
  throw new InvalidArgumentError(`A frame has 1 to ${MAX_FRAME_LENGTH} bytes.`)
}
