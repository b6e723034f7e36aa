/** Where a KMS is, and for which Region a request is: from the command line, the environment and the key itself. */

import { isRegion, partitionOf } from '@softkms/kms'
import type { Environment } from './credentials.ts'

const DEFAULT_REGION = 'us-east-1'
const KEY_ARN = /^arn:[^:]+:kms:([^:]+):/

export interface Place {
  /** Without path; `undefined` for AWS's own, which depends on the Region. */
  readonly endpoint: URL | undefined
  /** The Region of requests for keys whose identifier names none. */
  readonly region: string
}

/** What the command line says of it. */
export interface AskedPlace {
  readonly endpoint: URL | undefined
  readonly region: string | undefined
}

/**
 * What is asked for on the command line goes before the environment.
 *
 * @throws RangeError for a variable that is no endpoint or no Region
 */
export function findPlace(asked: AskedPlace, environment: Environment): Place {
  const region = asked.region ?? (environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || DEFAULT_REGION)
  if (!isRegion(region)) throw new RangeError('AWS_REGION is no name of a Region')
  const configured = environment['AWS_ENDPOINT_URL_KMS'] || environment['AWS_ENDPOINT_URL']
  const endpoint = asked.endpoint ?? (configured ? parseEndpoint(configured) : undefined)
  if (configured && endpoint === undefined) {
    throw new RangeError('AWS_ENDPOINT_URL_KMS or AWS_ENDPOINT_URL is no http or https URL without a path')
  }
  return { endpoint, region }
}

/** @returns `undefined` for anything but an http or https URL with nothing behind the port */
export function parseEndpoint(text: string): URL | undefined {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined
  const isBare =
    url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === ''
  return isBare ? url : undefined
}

/** The Region of the key, as its ARN says, or `otherwise`. */
export function regionOfKey(keyId: string, otherwise: string): string {
  const region = KEY_ARN.exec(keyId)?.[1]
  return region !== undefined && isRegion(region) ? region : otherwise
}

/** AWS's endpoint of a Region. */
export function awsEndpoint(region: string): URL {
  const suffix = partitionOf(region) === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'
  return new URL(`https://kms.${region}.${suffix}`)
}
