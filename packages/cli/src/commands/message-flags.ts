/** The flags that `encrypt` and `decrypt` share, and the KMS that they lead to. */

import type { EncryptionContext, KeyService } from '@softkms/envelope'
import { isRegion } from '@softkms/kms'
import { type Command, InvalidArgumentError } from 'commander'
import { readCredentials } from '../kms-client/credentials.ts'
import { findPlace, parseEndpoint } from '../kms-client/endpoint.ts'
import { createKmsClient } from '../kms-client/kms-client.ts'

export interface MessageFlags {
  readonly context?: EncryptionContext
  readonly output?: string
  readonly force?: true
  readonly endpointUrl?: URL
  readonly region?: string
}

export function addMessageFlags(command: Command, contextDescription: string): Command {
  return command
    .option('--context <key=value>', `${contextDescription}; may be repeated`, collectContext)
    .option('-o, --output <file>', 'where to write to; - for the standard output')
    .option('-f, --force', 'replace a file that is there already')
    .option('--endpoint-url <url>', 'the KMS, before AWS_ENDPOINT_URL_KMS and AWS_ENDPOINT_URL', readEndpoint)
    .option('--region <name>', 'Region of keys that name none, before AWS_REGION and AWS_DEFAULT_REGION', readRegion)
}

/** @throws CommanderError for an environment that cannot be right */
export function connect(flags: MessageFlags, command: Command): KeyService {
  try {
    const place = findPlace({ endpoint: flags.endpointUrl, region: flags.region }, process.env)
    return createKmsClient({ ...place, credentials: readCredentials(process.env) })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return command.error(`error: ${error.message}`)
  }
}

export function collect(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, text]
}

function collectContext(text: string, earlier: EncryptionContext = {}): EncryptionContext {
  const equals = text.indexOf('=')
  if (equals < 1) throw new InvalidArgumentError('A pair of the encryption context is written key=value.')
  const key = text.slice(0, equals)
  if (Object.hasOwn(earlier, key)) throw new InvalidArgumentError('A key of the encryption context comes once.')
  return Object.fromEntries([...Object.entries(earlier), [key, text.slice(equals + 1)]])
}

function readEndpoint(text: string): URL {
  const url = parseEndpoint(text)
  if (url !== undefined) return url
  throw new InvalidArgumentError('An endpoint is an http or https URL without a path.')
}

function readRegion(text: string): string {
  if (isRegion(text)) return text
  throw new InvalidArgumentError('A Region has a name such as us-east-1.')
}
