/**
 * What every answer looks like on the wire, success or error.
 *
 * @spec wire §1, §2
 */
import { KmsError } from '@softkms/kms'
import type { WireResponse } from '../http-message.ts'
import type { Refusal } from '../refusal.ts'

const JSON_1_1 = 'application/x-amz-json-1.1'

/** Says nothing of the cause, which may hold anything. */
const INTERNAL_ERROR = 'The request was rejected because an internal exception occurred. The request can be retried.'

export function answerWith(body: string, requestId: string): WireResponse {
  return createResponse(200, body, requestId)
}

export function answerRefusal({ status, code, message }: Refusal, requestId: string): WireResponse {
  return createError(status, code, message, requestId)
}

/** Any error a handler may throw; one that is not a `KmsError` is an internal fault, and its details stay inside. */
export function answerError(error: unknown, requestId: string): WireResponse {
  if (error instanceof KmsError) return createError(error.statusCode, error.code, error.message, requestId)
  return createError(500, 'KMSInternalException', INTERNAL_ERROR, requestId)
}

/** `message` is left out when there is none, as AWS does for cryptographic failures. */
function createError(status: number, code: string, message: string, requestId: string): WireResponse {
  const body = JSON.stringify(message === '' ? { __type: code } : { __type: code, message })
  return { ...createResponse(status, body, requestId), errorCode: code }
}

function createResponse(status: number, body: string, requestId: string): WireResponse {
  return {
    status,
    headers: {
      'x-amzn-RequestId': requestId,
      'Cache-Control': 'no-cache, no-store, must-revalidate, private',
      Expires: '0',
      Pragma: 'no-cache',
      'Content-Type': JSON_1_1,
    },
    body,
  }
}
