/**
 * AWS JSON 1.1 by hand over kept connections, so that what is measured is the server and no SDK.
 *
 * Requests are signed where there are credentials. Nothing is tried a second time.
 */

import { Agent as HttpAgent, type RequestOptions, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { systemClock } from '@softkms/kms'
import type { Credentials } from '../kms-client/credentials.ts'
import { KmsRequestError, readAnswer } from '../kms-client/kms-client.ts'
import { signRequest } from '../kms-client/sign-request.ts'
import type { CallKms, Members } from './operation.ts'

const TIMEOUT_MS = 30_000

/** Members of answers that are base64 on the wire. */
const BLOBS: ReadonlySet<string> = new Set([
  'CiphertextBlob',
  'Mac',
  'Plaintext',
  'PrivateKeyCiphertextBlob',
  'PrivateKeyPlaintext',
  'PublicKey',
  'SharedSecret',
  'SharedSecretCiphertextBlob',
  'Signature',
])

export interface HttpKmsOptions {
  readonly endpoint: URL
  readonly region: string
  readonly credentials: Credentials | undefined
  /** How many connections are kept. */
  readonly connections: number
}

export interface HttpKms {
  /** @throws KmsRequestError */
  readonly call: CallKms
  readonly close: () => void
}

export function createHttpKms({ endpoint, region, credentials, connections }: HttpKmsOptions): HttpKms {
  const isSecure = endpoint.protocol === 'https:'
  const agent = new (isSecure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: connections })
  const send = isSecure ? requestHttps : requestHttp
  return {
    async call(operation, input) {
      const body = JSON.stringify(input, encodeBlobs)
      const plain = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${operation}` }
      const headers =
        credentials === undefined
          ? plain
          : signRequest({ host: endpoint.host, headers: plain, body }, { credentials, region }, systemClock.now())
      const { status, text } = await post(send, endpoint, { method: 'POST', agent, headers, timeout: TIMEOUT_MS }, body)
      return decodeBlobs(readAnswer(endpoint, status, text))
    },
    close: () => agent.destroy(),
  }
}

function post(
  send: typeof requestHttp,
  endpoint: URL,
  options: RequestOptions,
  body: string,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void =>
      reject(new KmsRequestError(`cannot reach ${endpoint.origin}: ${error.message}`))
    const outgoing = send(endpoint, options, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', fail)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }),
      )
    })
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')))
    outgoing.on('error', fail)
    outgoing.end(body)
  })
}

/** For `JSON.stringify`. */
export function encodeBlobs(_name: string, value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value
  return Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64')
}

/** No `Buffer`: JSON would write one in a way of its own before it is encoded here. */
function decodeBlob(text: string): Uint8Array {
  const { buffer, byteOffset, length } = Buffer.from(text, 'base64')
  return new Uint8Array(buffer, byteOffset, length)
}

export function decodeBlobs(answer: Members): Members {
  return Object.fromEntries(
    Object.entries(answer).map(([name, value]) => [
      name,
      BLOBS.has(name) && typeof value === 'string' ? decodeBlob(value) : value,
    ]),
  )
}
