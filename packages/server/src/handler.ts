/**
 * The server without its socket: guard, preflight, health, control, operation. Every HTTP door is a translation around
 * it.
 */
import type { KmsService } from '@softkms/kms'
import { type ControlOptions, createControlHandler, isControlRequest } from './control/control.ts'
import { pathOf, type WireHandler, type WireRequest, type WireResponse } from './http-message.ts'
import { createGuard, type GuardOptions } from './middleware/guard.ts'
import { corsHeaders, isPreflight, preflightHeaders } from './middleware/origin.ts'
import { createOperationHandler, type OperationHandlerOptions } from './protocol/operation-request.ts'
import { createRequestId } from './protocol/request-id.ts'
import { answerRefusal } from './protocol/response.ts'

export interface HandlerOptions extends GuardOptions, OperationHandlerOptions {
  /** Serves control requests below `/_softkms/` to whoever has the token. There are none by default. */
  readonly control?: ControlOptions | undefined
}

const HEALTH: string = JSON.stringify({ status: 'ok', service: 'softkms' })

/**
 * @returns a handler that answers every request and never rejects
 * @throws TypeError when `allowedHosts` or `corsOrigins` hold something else than host names and origins, or when the
 * control token cannot be one or both `auth` and `trustCallerHeader` are asked for; RangeError for a skew that cannot be meant
 */
export function createWireHandler(kms: KmsService, options: HandlerOptions = {}): WireHandler {
  const judge = createGuard(options)
  const handleOperation = createOperationHandler(kms, options)
  const handleControl = options.control && createControlHandler(kms, options.control, options.onInternalError)

  async function answer(request: WireRequest, requestId: string): Promise<WireResponse> {
    if (isHealthCheck(request)) return answerHealth()
    if (handleControl !== undefined && isControlRequest(request)) return handleControl(request, requestId)
    return handleOperation(request, requestId)
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

function isHealthCheck(request: WireRequest): boolean {
  return pathOf(request.target) === '/health' && (request.method === 'GET' || request.method === 'HEAD')
}

function answerHealth(): WireResponse {
  return { status: 200, headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }, body: HEALTH }
}
