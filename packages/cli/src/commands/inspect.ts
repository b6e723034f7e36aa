/** `softkms inspect`: what every byte of a blob, a token, a key or a signature is, is for, and is authenticated by. */
import { type Annotation, countBytes } from '@softkms/hsm'
import { type Command, Option } from 'commander'
import { EXIT_CODE, type ExitCode } from '../exit-code.ts'
import { formatDump } from '../inspect/dump.ts'
import { FORMAT_NAMES, type FormatName, inspectBytes } from '../inspect/formats.ts'
import { readInput } from '../inspect/read-input.ts'
import { printError, printResult, printWarning } from '../output.ts'
import { paintStdout } from '../terminal/paint.ts'
import { hexOf, terminalWidth } from '../terminal/text.ts'

interface InspectFlags {
  readonly as?: FormatName
  readonly json?: true
  readonly full?: true
}

/** Adds `inspect` to the program. `finish` is told the exit code. */
export function addInspectCommand(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('inspect')
    .description('say what every byte is, what it is for and what authenticates it')
    .argument('[input]', 'a file, base64, hexadecimal, or - for stdin')
    .addOption(new Option('--as <format>', 'what the bytes are; found out when absent').choices(FORMAT_NAMES))
    .option('--full', 'show long fields to their end')
    .option('--json', 'print the annotations as JSON')
    .action(async (input: string | undefined, flags: InspectFlags) => finish(await inspect(input, flags)))
}

async function inspect(argument: string | undefined, flags: InspectFlags): Promise<ExitCode> {
  const input = await readInput(argument)
  const inspection = 'refusal' in input ? input : inspectBytes(input.bytes, flags.as)
  if ('refusal' in input || 'refusal' in inspection) {
    printError('refusal' in inspection ? inspection.refusal : 'there is nothing to inspect')
    return EXIT_CODE.failure
  }
  const { bytes, encoding } = input
  const { format, title, annotations, remark } = inspection
  if (remark !== undefined) printWarning(remark)
  if (flags.json) {
    const members = {
      format,
      encoding,
      length: bytes.length,
      ...(remark === undefined ? {} : { remark }),
      annotations: annotations.map((one) => withBytes(one, bytes)),
    }
    printResult(JSON.stringify(members, undefined, 2))
    return EXIT_CODE.success
  }
  const size = `${countBytes(bytes.length)}${encoding === 'raw' ? '' : `, given as ${encoding}`}`
  const options = { paint: paintStdout, width: terminalWidth(), isFull: flags.full === true }
  const heading = `${paintStdout('title', title)}  ${paintStdout('quiet', size)}`
  printResult([heading, '', ...formatDump(bytes, annotations, options)].join('\n'))
  return EXIT_CODE.success
}

/** An annotation with the bytes that it is of, unless they are secret. */
function withBytes(annotation: Annotation, bytes: Uint8Array): object {
  const { kind, offset, length } = annotation
  return kind === 'secret' ? annotation : { ...annotation, bytes: hexOf(bytes.subarray(offset, offset + length)) }
}
