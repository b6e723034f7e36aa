/** `softkms backup` and `softkms restore`: copies of the keys that a server keeps. */
import { StoreError } from '@softkms/kms'
import type { Command } from 'commander'
import { EXIT_CODE, type ExitCode } from '../exit-code.ts'
import { storeOption, type StorePlace } from '../kept-keys.ts'
import { printError, printResult } from '../output.ts'

interface Flags {
  readonly store: StorePlace
}

export function addBackupCommands(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('backup')
    .description('copy the keys that are kept, while a server has them or not')
    .argument('<file>', 'where to write the copy; nothing is overwritten')
    .addOption(storeOption('what to copy'))
    .action(async (file: string, flags: Flags, command: Command) => {
      const folder = folderOf(flags, command)
      const { backupSqliteStore } = await import('@softkms/store-sqlite')
      finish(
        await attempt(() => backupSqliteStore(folder, file), `${file} is a copy of the keys in ${folder}. ${SEALED}`),
      )
    })
  program
    .command('restore')
    .description('put a copy of keys where a server can serve them')
    .argument('<file>', 'the copy')
    .addOption(storeOption('where to put it; the folder must have no keys'))
    .action(async (file: string, flags: Flags, command: Command) => {
      const folder = folderOf(flags, command)
      const { restoreSqliteStore } = await import('@softkms/store-sqlite')
      finish(await attempt(() => restoreSqliteStore(folder, file), `The keys of ${file} are in ${folder}. ${SEALED}`))
    })
}

const SEALED = 'It takes their root key to use them.'

function folderOf({ store }: Flags, command: Command): string {
  return store.kind === 'sqlite'
    ? store.folder
    : command.error('error: only keys in a folder are copied, by sqlite:FOLDER')
}

async function attempt(work: () => Promise<void>, success: string): Promise<ExitCode> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    printError(error.message)
    return EXIT_CODE.failure
  }
  printResult(success)
  return EXIT_CODE.success
}
