/**
 * One file read, made into another, and the other one put in place: what `encrypt` and `decrypt` share.
 *
 * Whatever ends it early (an error, a signal) leaves nothing under the output's name.
 */

import { basename } from 'node:path'
import { MessageError } from '@softkms/envelope'
import { releaseBytes } from '@softkms/hsm'
import { EXIT_CODE, type ExitCode, signalExitCode } from '../exit-code.ts'
import { KmsRequestError } from '../kms-client/kms-client.ts'
import { printError, printNote } from '../output.ts'
import { openInput } from './input-file.ts'
import { type OutputFile, OutputFileError, createOutputFile } from './output-file.ts'
import { createProgress, formatBytes } from './progress.ts'
import { createStandardOutput } from './standard-output.ts'

const STOP_SIGNALS = [
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const

export interface FileRewriting {
  /** Such as `encrypted`, for the line at the end. */
  readonly done: string
  /** Paths; `-` for the standard streams. */
  readonly from: string
  readonly to: string
  readonly isReplacing: boolean
  /** The permissions of what is written. */
  readonly mode: number
  /** @returns what is to be written; what it throws ends the whole */
  readonly rewrite: (pieces: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>
}

/** Runs to the end; what is to be said has been printed. */
export async function rewriteFile(rewriting: FileRewriting): Promise<ExitCode> {
  try {
    await rewriteOrThrow(rewriting)
    return EXIT_CODE.success
  } catch (error) {
    const reason = describe(error)
    if (reason === undefined) throw error
    printError(reason)
    return EXIT_CODE.failure
  }
}

async function rewriteOrThrow({ done, from, to, isReplacing, mode, rewrite }: FileRewriting): Promise<void> {
  const input = await openInput(from)
  const output = to === '-' ? createStandardOutput() : await createOutputFile(to, { isReplacing, mode })
  const stopListening = discardOnSignal(output)
  const progress = createProgress(process.stderr, from === '-' ? 'standard input' : basename(from), input.size)
  let length = 0
  async function* read(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const piece of input.pieces) {
      yield piece
      length += piece.length
      progress.update(length)
    }
  }
  try {
    for await (const piece of rewrite(read())) {
      await output.write(piece)
      releaseBytes(piece)
    }
    await output.commit()
  } catch (error) {
    output.discard()
    throw error
  } finally {
    stopListening()
    progress.clear()
  }
  if (to !== '-') printNote(`${done} ${formatBytes(length)} into ${to}`)
}

/** @returns a function that puts an end to it */
function discardOnSignal(output: OutputFile): () => void {
  const listeners = STOP_SIGNALS.map(([signal, signalNumber]) => {
    const listener = (): void => {
      output.discard()
      process.exit(signalExitCode(signalNumber))
    }
    process.on(signal, listener)
    return () => process.off(signal, listener)
  })
  return () => listeners.forEach((stop) => stop())
}

/** @returns `undefined` for what nobody expected, which deserves its stack */
function describe(error: unknown): string | undefined {
  if (error instanceof MessageError) return [error.message, ...describeCauses(error.cause)].join(' ')
  if (error instanceof KmsRequestError || error instanceof OutputFileError || error instanceof RangeError) {
    return error.message
  }
  const isFromSystem = error instanceof Error && 'syscall' in error
  return isFromSystem ? error.message : undefined
}

function describeCauses(cause: unknown): readonly string[] {
  if (cause instanceof AggregateError) return cause.errors.flatMap(describeCauses)
  return cause instanceof Error ? [cause.message] : []
}
