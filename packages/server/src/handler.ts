/**
 * The server without its socket: guard, preflight, pages of its own, control, operation. Every HTTP door is a translation around
 * it.
 */
import type { KmsService } from '@softkms/kms'
import { type ControlOptions, createControlHandler, isControlRequest } from './control/control.ts'
import { pathOf, type WireHandler, type WireRequest, type WireResponse } from './http-message.ts'
import { METRICS_TYPE } from './observe/metrics.ts'
import type { RequestObserver, RequestTrail } from './observe/request-report.ts'
import { refuse } from './refusal.ts'
import { createGuard, type GuardOptions } from './middleware/guard.ts'
import { corsHeaders, isPreflight, preflightHeaders } from './middleware/origin.ts'
import { createOperationHandler, type OperationHandlerOptions } from './protocol/operation-request.ts'
import { createRequestId } from './protocol/request-id.ts'
import { answerRefusal } from './protocol/response.ts'

export interface HandlerOptions extends GuardOptions, OperationHandlerOptions {
  /** Serves control requests below `/_softkms/` to whoever has the token. There are none by default. */
  readonly control?: ControlOptions | undefined
  /** Is told of each request for an operation, once it is answered. */
  readonly onRequest?: RequestObserver | undefined
  /** How many requests for operations are under way at most; more get `ThrottlingException`. 1,000 when absent. */
  readonly maxInFlight?: number | undefined
  /** Whether requests can be served now, which `/ready` asks. Always when absent. */
  readonly isReady?: (() => boolean | Promise<boolean>) | undefined
  /** Answers `/metrics`, in the text that Prometheus reads; there is no such path when absent. */
  readonly metrics?: (() => string | Promise<string>) | undefined
}

const DEFAULT_MAX_IN_FLIGHT = 1000

/** A path of ours that is no operation. */
type Page = (request: WireRequest) => Promise<WireResponse>

/**
 * @returns a handler that answers every request and never rejects
 * @throws TypeError when `allowedHosts` or `corsOrigins` hold something else than host names and origins, or when the
 * control token cannot be one or both `auth` and `trustCallerHeader` are asked for; RangeError for a skew that cannot be meant
 */
export function createWireHandler(kms: KmsService, options: HandlerOptions = {}): WireHandler {
  const judge = createGuard(options)
  const handleOperation = createOperationHandler(kms, options)
  const handleControl = options.control && createControlHandler(kms, options.control, options.onInternalError)
  const pages = createPages(options)
  const { onRequest, maxInFlight = DEFAULT_MAX_IN_FLIGHT } = options
  let inFlight = 0

  async function answer(request: WireRequest, requestId: string): Promise<WireResponse> {
    const page = isReading(request) ? pages.get(pathOf(request.target)) : undefined
    if (page !== undefined) return page(request)
    if (handleControl !== undefined && isControlRequest(request)) return handleControl(request, requestId)
    return onRequest === undefined ? perform(request, requestId) : observed(request, requestId, onRequest)
  }

  async function perform(request: WireRequest, requestId: string, trail?: RequestTrail): Promise<WireResponse> {
    if (inFlight >= maxInFlight) return answerRefusal(refuse(400, 'ThrottlingException', 'Rate exceeded'), requestId)
    inFlight += 1
    try {
      return await handleOperation(request, requestId, trail)
    } finally {
      inFlight -= 1
    }
  }

  async function observed(request: WireRequest, requestId: string, observe: RequestObserver): Promise<WireResponse> {
    const begun = performance.now()
    const trail: RequestTrail = {}
    const response = await perform(request, requestId, trail)
    const { status, errorCode } = response
    observe({ ...trail, requestId, status, errorCode, durationMs: performance.now() - begun })
    return response
  }

  return async function handle(request) {
    const requestId = createRequestId()
    const verdict = judge(request)
    if (verdict.refusal !== undefined) return answerRefusal(verdict.refusal, requestId)
    const { origin } = verdict
    if (origin !== undefined && isPreflight(request)) {
      return { status: 204, headers: preflightHeaders(origin), body: '' }
    }
    const response = await answer(request, requestId)
    return origin === undefined ? response : { ...response, headers: { ...response.headers, ...corsHeaders(origin) } }
  }
}

function isReading({ method }: WireRequest): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** What may be asked by whoever may speak to this server: whether it is there, whether it can serve, and how it does. */
function createPages({ isReady = () => true, metrics }: HandlerOptions): ReadonlyMap<string, Page> {
  const state = (status: number, text: string): WireResponse =>
    answerText(status, 'application/json', JSON.stringify({ status: text, service: 'softkms' }))
  const pages = new Map<string, Page>([
    ['/health', async () => state(200, 'ok')],
    ['/ready', async () => ((await asks(isReady)) ? state(200, 'ready') : state(503, 'not ready'))],
  ])
  if (metrics !== undefined) pages.set('/metrics', async () => answerText(200, METRICS_TYPE, await metrics()))
  return pages
}

/** What cannot even be asked is not ready. */
async function asks(isReady: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await isReady()
  } catch {
    return false
  }
}

function answerText(status: number, type: string, body: string): WireResponse {
  return { status, headers: { 'Content-Type': type, 'Cache-Control': 'no-store' }, body }
}
