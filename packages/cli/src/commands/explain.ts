/** `softkms explain`: one operation, run for real on a KMS made for it, and told step by step. */
import { MAX_PLAINTEXT_LENGTH } from '@softkms/hsm'
import { Argument, type Command, InvalidArgumentError } from 'commander'
import { EXIT_CODE, type ExitCode } from '../exit-code.ts'
import { explain } from '../explain/explain.ts'
import type { ExplainedOperation } from '../explain/explanation.ts'
import { formatExplanation } from '../explain/format-explanation.ts'
import { printResult, printWarning } from '../output.ts'
import { paintStdout } from '../terminal/paint.ts'
import { terminalWidth } from '../terminal/text.ts'

type Context = Readonly<Record<string, string>>

interface ExplainFlags {
  readonly plaintext: string
  readonly context?: Context
  readonly toContext?: Context
  readonly teaching?: true
  readonly json?: true
}

const OPERATIONS: readonly ExplainedOperation[] = ['encrypt', 'decrypt', 'generate-data-key', 're-encrypt']

/** Adds `explain` to the program. `finish` is told the exit code. */
export function addExplainCommand(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('explain')
    .description('run an operation on fresh keys and show each of its steps')
    .addArgument(new Argument('<operation>', 'what to explain').choices(OPERATIONS))
    .option('--plaintext <text>', 'what is encrypted', parsePlaintext, 'attack at dawn')
    .option('--context <pairs...>', 'encryption context, as key=value', collectPairs)
    .option('--to-context <pairs...>', "context of re-encrypt's destination", collectPairs)
    .option('--teaching', 'show key bytes, from a teaching HSM')
    .option('--json', 'print the steps as JSON')
    .action(async (operation: ExplainedOperation, flags: ExplainFlags, command: Command) => {
      refuseUnused(operation, command)
      finish(await run(operation, flags))
    })
}

/** A flag that changes nothing would be taken to have changed something. */
function refuseUnused(operation: ExplainedOperation, command: Command): void {
  const isGiven = (name: string): boolean => command.getOptionValueSource(name) === 'cli'
  if (operation !== 're-encrypt' && isGiven('toContext')) command.error('error: --to-context is for re-encrypt alone')
  if (operation === 'generate-data-key' && isGiven('plaintext')) {
    command.error('error: generate-data-key takes no --plaintext: the data key is drawn')
  }
}

async function run(operation: ExplainedOperation, flags: ExplainFlags): Promise<ExitCode> {
  const explanation = await explain({
    operation,
    plaintext: flags.plaintext,
    context: flags.context ?? {},
    toContext: flags.toContext ?? {},
    isTeaching: flags.teaching === true,
  })
  if (flags.teaching) printWarning('a teaching HSM shows its keys; they were made for this run and end with it')
  printResult(
    flags.json
      ? JSON.stringify(explanation, undefined, 2)
      : formatExplanation(explanation, { paint: paintStdout, width: terminalWidth() }),
  )
  return EXIT_CODE.success
}

function parsePlaintext(text: string): string {
  const length = Buffer.byteLength(text)
  if (length >= 1 && length <= MAX_PLAINTEXT_LENGTH) return text
  throw new InvalidArgumentError(`A plaintext has 1 to ${MAX_PLAINTEXT_LENGTH} bytes.`)
}

function collectPairs(text: string, earlier: Context = {}): Context {
  const [, key, value] = /^([^=]+)=(.*)$/su.exec(text) ?? []
  if (key === undefined || value === undefined) throw new InvalidArgumentError('A pair is written key=value.')
  return Object.fromEntries([...Object.entries(earlier), [key, value]])
}
