/**
 * The control token on the command line, which `serve` and those who control it have in common.
 *
 * It is judged here and not by the parser of the command line, whose errors repeat what was said.
 */
import { isControlToken } from '@softkms/server'
import { type Command, Option } from 'commander'

export function controlTokenOption(description: string): Option {
  return new Option('--control-token <token>', description).env('SOFTKMS_CONTROL_TOKEN')
}

/** Ends the command, as one that was not understood, when `token` cannot be one. */
export function assertControlToken(token: string, command: Command): void {
  if (!isControlToken(token)) {
    command.error('error: a control token is 16 to 256 letters, digits and characters of -._~+/')
  }
}
