/** `softkms init`: makes the root key that a store of keys is sealed by. */
import type { Command } from 'commander'
import { EXIT_CODE, type ExitCode } from '../exit-code.ts'
import { printError, printResult } from '../output.ts'
import { writeFreshRootKey } from '../root-key.ts'
import { UnusableFileError } from '../text-file.ts'

export function addInitCommand(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('init')
    .description('make a root key, which seals the keys that a server keeps')
    .requiredOption('--root-key-file <file>', 'where to write it; nothing is overwritten')
    .action(({ rootKeyFile }: { readonly rootKeyFile: string }) => finish(init(rootKeyFile)))
}

function init(file: string): ExitCode {
  try {
    writeFreshRootKey(file)
  } catch (error) {
    if (!(error instanceof UnusableFileError)) throw error
    printError(error.message)
    return EXIT_CODE.failure
  }
  printResult(
    `${file} holds a root key. Keep a copy where the keys are not: without it they are lost, and with it ` +
      'whoever has them can use them.',
  )
  return EXIT_CODE.success
}
