/**
 * Requests to softkms itself, below `/_softkms/`: what a test does to a server, and no client of AWS KMS knows.
 *
 * There are none unless the server was given a token for them. The token is asked for before anything else is looked
 * at, the path included, so that without it there is nothing to find out. Has no part in who may call at all: the guard
 * has judged that.
 *
 * @spec RFC 6750 §3 (401 with a challenge)
 */
import type { KmsService, VirtualClock } from '@softkms/kms'
import { BodyAborted, pathOf, singleHeader, type WireRequest, type WireResponse } from '../http-message.ts'
import type { InternalErrorListener } from '../protocol/operation-request.ts'
import { createTokenRule } from './bearer-token.ts'
import { createClockRoutes } from './clock-routes.ts'
import { CONTROL_STATUS, ControlError } from './control-error.ts'
import type { ControlRoute, JsonObject } from './control-route.ts'
import { createDomainKeyRoutes, type RotateDomainKey } from './domain-key-routes.ts'

export interface ControlOptions {
  /** What every control request must carry as its bearer token: 16 to 256 characters, hard to guess. */
  readonly token: string
  /** The clock of the engine, which may then be turned. */
  readonly clock: VirtualClock
  /** Rotates the domain key of the store; there is no such request without it. */
  readonly rotateDomainKey?: RotateDomainKey | undefined
}

const PREFIX = '/_softkms/'

/** The longest control body that is read. */
const BODY_LIMIT_BYTES = 16_384

// A byte order mark is not JSON, so it is kept for the parser to refuse.
const utf8: TextDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function isControlRequest(request: WireRequest): boolean {
  return request.target.startsWith(PREFIX)
}

/**
 * @returns a handler of control requests that never rejects
 * @throws TypeError when the token cannot be one
 */
export function createControlHandler(
  kms: KmsService,
  options: ControlOptions,
  onInternalError?: InternalErrorListener,
): (request: WireRequest, requestId: string) => Promise<WireResponse> {
  const hasToken = createTokenRule(options.token)
  const { clock, rotateDomainKey } = options
  const routes: readonly ControlRoute[] = [
    ...createClockRoutes(kms, clock),
    ...(rotateDomainKey === undefined
      ? []
      : createDomainKeyRoutes(rotateDomainKey, (error) =>
          onInternalError?.(error, { operation: 'the rotation of the domain key', requestId: 'none' }),
        )),
  ]

  return async function handleControl(request, requestId) {
    const path = pathOf(request.target)
    try {
      if (!hasToken(request)) throw unauthorized()
      const route = findRoute(routes, request.method, path)
      const body = route.method === 'POST' ? await readObject(request) : {}
      return createAnswer(200, await route.perform(body), requestId)
    } catch (error) {
      if (error instanceof ControlError) return answerError(error, requestId)
      if (!(error instanceof BodyAborted) && request.signal?.aborted !== true) {
        onInternalError?.(error, { operation: `${request.method} ${path}`, requestId })
      }
      return answerError(new ControlError('InternalFault', 'The request could not be completed'), requestId)
    }
  }
}

function findRoute(routes: readonly ControlRoute[], method: string, path: string): ControlRoute {
  const here = routes.filter((route) => PREFIX + route.path === path)
  if (here.length === 0) throw new ControlError('NotFound', 'There is no such control')
  const route = here.find((one) => one.method === method)
  if (route !== undefined) return route
  const Allow = here.map((one) => one.method).join(', ')
  throw new ControlError('MethodNotAllowed', `Allowed here: ${Allow}`, { Allow })
}

/** In the same words whether there was no token or a wrong one. */
function unauthorized(): ControlError {
  return new ControlError('Unauthorized', 'A control token is required', { 'WWW-Authenticate': 'Bearer' })
}

async function readObject(request: WireRequest): Promise<JsonObject> {
  const [mediaType = ''] = (singleHeader(request, 'content-type') ?? '').split(';', 1)
  if (mediaType.trim().toLowerCase() !== 'application/json') {
    throw new ControlError('UnsupportedMediaType', 'Content-Type must be application/json')
  }
  const declaredLength = Number(singleHeader(request, 'content-length') ?? 0)
  const body = declaredLength > BODY_LIMIT_BYTES ? undefined : await request.readBody(BODY_LIMIT_BYTES)
  if (body === undefined) throw new ControlError('BodyTooLarge', `A control body has at most ${BODY_LIMIT_BYTES} bytes`)
  return parseObject(body)
}

function parseObject(body: Uint8Array): JsonObject {
  let json: unknown
  try {
    json = JSON.parse(utf8.decode(body))
  } catch {
    throw new ControlError('InvalidRequest', 'The body is not JSON')
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as JsonObject
  throw new ControlError('InvalidRequest', 'The body is not a JSON object')
}

function answerError({ code, message, headers }: ControlError, requestId: string): WireResponse {
  return createAnswer(CONTROL_STATUS[code], { code, message }, requestId, headers)
}

function createAnswer(
  status: number,
  value: object,
  requestId: string,
  further: { readonly [name: string]: string } = {},
): WireResponse {
  const headers = {
    'x-amzn-RequestId': requestId,
    'Cache-Control': 'no-store',
    'Content-Type': 'application/json',
    ...further,
  }
  return { status, headers, body: JSON.stringify(value) }
}
