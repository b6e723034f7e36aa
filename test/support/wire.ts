/** Requests as an AWS SDK writes them, for tests of the doors. */

const URL_LOOPBACK = 'http://127.0.0.1:8080/'

export interface WireCall {
  readonly operation?: string
  readonly body?: string | Uint8Array<ArrayBuffer>
  readonly headers?: { readonly [name: string]: string }
  readonly url?: string
  readonly method?: string
}

/** A well-formed request for one operation, with whatever the test wants otherwise. */
export function createRequest({
  operation = 'ListKeys',
  body = '{}',
  headers = {},
  url = URL_LOOPBACK,
  method = 'POST',
}: WireCall): Request {
  return new Request(url, {
    method,
    headers: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': `TrentService.${operation}`, ...headers },
    ...(method === 'POST' && { body }),
  })
}

export interface WireAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

export async function ask(
  handle: (request: Request) => Promise<Response>,
  request: Request | WireCall,
): Promise<WireAnswer> {
  const response = await handle(request instanceof Request ? request : createRequest(request))
  return { status: response.status, headers: response.headers, text: await response.text() }
}

/** The `Authorization` header of a signed request, as far as anybody here reads it. */
export function authorize(credential: string): string {
  return `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`
}
