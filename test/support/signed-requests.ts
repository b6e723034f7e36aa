/**
 * Requests as other people's signers sign them: the AWS SDK's own and aws4. Nothing of ours is in a signature made here.
 */
import { SignatureV4 } from '@smithy/signature-v4'
import aws4 from 'aws4'
import { Sha256 } from './sdk-sha256.ts'

export const SIGNED_AT: number = Date.parse('2026-01-02T03:04:05Z')

export interface Signer {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

export interface Unsigned {
  readonly host: string
  readonly region: string
  readonly query: { readonly [name: string]: string | string[] }
  readonly headers: { readonly [name: string]: string }
  readonly body: string
  readonly service?: string
}

/** As it goes over the wire; `headers` have no `host`, which is in `url`. */
export interface Signed {
  readonly url: string
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

export function unsigned(parts: Partial<Unsigned> = {}): Unsigned {
  return {
    host: '127.0.0.1:8080',
    region: 'eu-west-1',
    query: {},
    body: '{}',
    ...parts,
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'TrentService.ListKeys',
      ...parts.headers,
    },
  }
}

function signerOf({ region, service = 'kms' }: Unsigned, { sessionToken, ...keys }: Signer): SignatureV4 {
  const credentials = { ...keys, ...(sessionToken !== undefined && { sessionToken }) }
  return new SignatureV4({ service, region, credentials, sha256: Sha256, applyChecksum: false })
}

function sdkRequest({ host, query, headers, body }: Unsigned) {
  const [hostname = '', port] = host.split(':')
  return {
    method: 'POST',
    protocol: 'http:',
    path: '/',
    hostname,
    ...(port !== undefined && { port: Number(port) }),
    query: { ...query },
    headers: { ...headers, host },
    body,
  }
}

/** By `SignatureV4` of the AWS SDK for JavaScript, in the `Authorization` header. */
export async function signWithSdk(request: Unsigned, signer: Signer, at: number = SIGNED_AT): Promise<Signed> {
  const { headers } = await signerOf(request, signer).sign(sdkRequest(request), { signingDate: new Date(at) })
  const { host: _, ...sent } = headers
  return { url: `http://${request.host}/${formatQuery(request.query)}`, headers: sent, body: request.body }
}

/** By the same, in the query. The target stays a header, as the operation is found there. */
export async function presignWithSdk(
  request: Unsigned,
  signer: Signer,
  { at = SIGNED_AT, expiresIn = 900 }: { readonly at?: number; readonly expiresIn?: number } = {},
): Promise<Signed> {
  const { query = {}, headers } = await signerOf(request, signer).presign(sdkRequest(request), {
    signingDate: new Date(at),
    expiresIn,
    unhoistableHeaders: new Set(['x-amz-target']),
  })
  const { host: _, ...sent } = headers
  return { url: `http://${request.host}/${formatQuery(query as Unsigned['query'])}`, headers: sent, body: request.body }
}

/** By aws4, in the header or in the query. */
export function signWithAws4(
  { host, region, query, headers, body, service = 'kms' }: Unsigned,
  { accessKeyId, secretAccessKey, sessionToken }: Signer,
  { at = SIGNED_AT, signQuery = false }: { readonly at?: number; readonly signQuery?: boolean } = {},
): Signed {
  const date = new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const request = {
    service,
    region,
    method: 'POST',
    host,
    path: `/${formatQuery({ ...query, ...(signQuery && { 'X-Amz-Date': date }) })}`,
    headers: { ...headers, host, ...(!signQuery && { 'X-Amz-Date': date }) },
    body,
    signQuery,
  }
  const signed = aws4.sign(request, {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
  })
  const { host: _lower, Host: _upper, ...sent } = signed.headers
  return { url: `http://${host}${signed.path}`, headers: sent, body }
}

function formatQuery(query: { readonly [name: string]: string | string[] }): string {
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    [values].flat().map((value) => `${encode(name)}=${encode(value)}`),
  )
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}

export function toRequest({ url, headers, body }: Signed): Request {
  return new Request(url, { method: 'POST', headers, body })
}
