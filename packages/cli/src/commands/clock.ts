/**
 * `softkms clock`: reads and turns the clock of a server that was started with `--control`.
 *
 * Owns the words on the command line; what a turn does is the server's affair.
 */
import { parseDateTime, parseDuration } from '@softkms/kms'
import { type Command, InvalidArgumentError } from 'commander'
import { ControlFailure, sendControl } from '../control-client.ts'
import { EXIT_CODE, type ExitCode } from '../exit-code.ts'
import { printError, printResult } from '../output.ts'
import { type ControlFlags, addControlOptions, takeControlToken } from './control-flags.ts'

/** Adds `clock` to the program. `finish` is told the exit code when the server has answered. */
export function addClockCommand(program: Command, finish: (code: ExitCode) => void): void {
  const clock = program.command('clock').description('read or turn the clock of softkms serve --control')

  addControlOptions(clock.command('show').description('print the time')).action(
    async (flags: ControlFlags, command: Command) => finish(await ask(flags, command, undefined)),
  )
  addControlOptions(clock.command('advance').description('move the time on, and print it'))
    .argument('<duration>', 'such as 30d, 1h30m or 10y; a year is 365 days', checkDuration)
    .action(async (duration: string, flags: ControlFlags, command: Command) =>
      finish(await ask(flags, command, { advance: duration })),
    )
  addControlOptions(clock.command('set').description('move the time on to an instant, and print it'))
    .argument('<instant>', 'such as 2036-01-01 or 2036-01-01T12:00:00Z', checkInstant)
    .action(async (instant: string, flags: ControlFlags, command: Command) =>
      finish(await ask(flags, command, { to: instant })),
    )
}

async function ask(
  { endpointUrl, controlToken }: ControlFlags,
  command: Command,
  turn: object | undefined,
): Promise<ExitCode> {
  const token = takeControlToken(controlToken, command)
  try {
    const { now } = await sendControl({ endpointUrl, token, path: 'clock', body: turn })
    if (typeof now !== 'string') throw new ControlFailure(`${endpointUrl} did not answer with a time`)
    printResult(now)
    return EXIT_CODE.success
  } catch (error) {
    if (!(error instanceof ControlFailure)) throw error
    printError(error.message)
    return EXIT_CODE.failure
  }
}

function checkDuration(text: string): string {
  return refuseRangeError(text, parseDuration)
}

function checkInstant(text: string): string {
  return refuseRangeError(text, parseDateTime)
}

/** @returns `text`, when `parse` accepts it */
function refuseRangeError(text: string, parse: (text: string) => unknown): string {
  try {
    parse(text)
    return text
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new InvalidArgumentError(`${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`)
  }
}
