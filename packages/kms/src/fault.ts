/**
 * What fails beneath the engine is not the caller's to see: it gets one of AWS's three server faults, without a message,
 * and whoever runs the engine finds the cause in it. An HSM that has too much to do is told as AWS tells that.
 *
 * @spec KMS operations (errors of each); wire §2
 */

import { HsmError, type HsmErrorCode } from '@softkms/hsm'
import { KmsError, type KmsErrorCode } from './errors.ts'
import { operationErrors } from './generated/errors.ts'
import type { OperationName } from './generated/types.ts'
import { StoreError } from './store/store-error.ts'

/** An HSM that serves nobody, now or ever: nothing is wrong with the request or its key. */
const HSM_IS_AWAY: ReadonlySet<HsmErrorCode> = new Set(['SELF_TESTING', 'SELF_TEST_FAILED', 'UNAVAILABLE', 'ZEROIZED'])

/** The fault of a request that failed for `cause`; an internal one where AWS lists no other for the operation. */
export function faultOf(cause: unknown, operation: OperationName): KmsError {
  // That is no fault: the caller may ask again.
  if (cause instanceof HsmError && cause.code === 'BUSY') {
    return new KmsError('ThrottlingException', 'Rate exceeded', { cause })
  }
  const code = codeOf(cause)
  const listed: readonly KmsErrorCode[] = operationErrors[operation]
  return listed.includes(code) ? new KmsError(code, '', { cause }) : internalFault(cause)
}

export function internalFault(cause: unknown): KmsError {
  return new KmsError('KMSInternalException', '', { cause })
}

function codeOf(cause: unknown): KmsErrorCode {
  if (!(cause instanceof HsmError || cause instanceof StoreError)) return 'KMSInternalException'
  if (cause.code === 'TIMED_OUT') return 'DependencyTimeoutException'
  return cause instanceof HsmError && HSM_IS_AWAY.has(cause.code) ? 'KeyUnavailableException' : 'KMSInternalException'
}
