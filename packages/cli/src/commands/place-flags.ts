/** The flags that lead to a KMS, and a client for it. */

import type { KeyService } from '@softkms/envelope'
import { isRegion } from '@softkms/kms'
import { type Command, InvalidArgumentError } from 'commander'
import { readCredentials } from '../kms-client/credentials.ts'
import { findPlace, parseEndpoint } from '../kms-client/endpoint.ts'
import { createKmsClient } from '../kms-client/kms-client.ts'

export interface PlaceFlags {
  readonly endpointUrl?: URL
  readonly region?: string
}

export function addPlaceOptions(command: Command): Command {
  return command
    .option('--endpoint-url <url>', 'the KMS, before AWS_ENDPOINT_URL_KMS and AWS_ENDPOINT_URL', readEndpoint)
    .option('--region <name>', 'Region of keys that name none, before AWS_REGION and AWS_DEFAULT_REGION', readRegion)
}

/** @throws CommanderError for an environment that cannot be right */
export function connect(flags: PlaceFlags, command: Command): KeyService {
  try {
    const place = findPlace({ endpoint: flags.endpointUrl, region: flags.region }, process.env)
    return createKmsClient({ ...place, credentials: readCredentials(process.env) })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return command.error(`error: ${error.message}`)
  }
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
