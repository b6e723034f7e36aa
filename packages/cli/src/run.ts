/**
 * The command line as a whole: which commands there are, and what a line that is not understood gets.
 */
import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { addBackupCommands } from './commands/backup.ts'
import { addBenchCommand } from './commands/bench.ts'
import { addClockCommand } from './commands/clock.ts'
import { addDecryptCommand } from './commands/decrypt.ts'
import { addEncryptCommand } from './commands/encrypt.ts'
import { addExplainCommand } from './commands/explain.ts'
import { addInspectCommand } from './commands/inspect.ts'
import { addRootKeyCommands } from './commands/root-key.ts'
import { addRotateDomainKeyCommand } from './commands/rotate-domain-key.ts'
import { addServeCommands } from './commands/serve.ts'
import { addWhyCommand } from './commands/why.ts'
import { EXIT_CODE, type ExitCode } from './exit-code.ts'
import { printError } from './output.ts'

/**
 * Runs one command to its end.
 *
 * @param args the words after the command's name
 * @returns the exit code; whatever is to be said has been printed
 */
export async function runCommandLine(args: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT_CODE.success
  const program = createProgram((code) => {
    exitCode = code
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    // Commander has printed the error with the usage line, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODE.success : EXIT_CODE.usage
    printError(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return EXIT_CODE.failure
  }
}

function createProgram(finish: (code: ExitCode) => void): Command {
  const version = readVersion()
  const program = new Command('softkms')
    .description('A software KMS: what SoftHSM is to PKCS#11, softkms is to AWS KMS.')
    .version(version)
    .exitOverride()
  addServeCommands(program, version, finish)
  addRootKeyCommands(program, finish)
  addBackupCommands(program, finish)
  addRotateDomainKeyCommand(program, finish)
  addClockCommand(program, finish)
  addEncryptCommand(program, finish)
  addDecryptCommand(program, finish)
  addInspectCommand(program, finish)
  addExplainCommand(program, finish)
  addWhyCommand(program, finish)
  addBenchCommand(program, finish)
  showUsageAfterError(program, program.name())
  return program
}

function showUsageAfterError(command: Command, path: string): void {
  command.showHelpAfterError(`Usage: ${path} ${command.usage()}\nSee ${path} --help.`)
  for (const inner of command.commands) showUsageAfterError(inner, `${path} ${inner.name()}`)
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return (manifest as { readonly version: string }).version
}
