/** The flags of commands that control a running server. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { assertControlToken, controlTokenOption } from '../control-token.ts'

export interface ControlFlags {
  readonly endpointUrl: string
  readonly controlToken?: string
}

const DEFAULT_URL = 'http://127.0.0.1:8080'

export function addControlOptions(command: Command): Command {
  return command
    .addOption(endpointOption('where the server is').env('AWS_ENDPOINT_URL_KMS').default(DEFAULT_URL))
    .addOption(tokenOption())
}

export function endpointOption(description: string): Option {
  return new Option('--endpoint-url <url>', description).argParser(checkUrl)
}

export function tokenOption(): Option {
  return controlTokenOption('the token that softkms serve --control printed or was given')
}

/** Ends the command, as one that was not understood, when there is no token or what is there cannot be one. */
export function takeControlToken(token: string | undefined, command: Command): string {
  if (token === undefined) {
    return command.error('error: a control token is needed: set SOFTKMS_CONTROL_TOKEN, or say --control-token')
  }
  assertControlToken(token, command)
  return token
}

function checkUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text
  throw new InvalidArgumentError('An endpoint is written such as http://127.0.0.1:8080.')
}
