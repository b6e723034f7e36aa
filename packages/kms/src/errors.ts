/**
 * The one error that leaves the engine.
 *
 * Owns the AWS exception names as a closed union and the HTTP status of each. The wire form belongs to
 * `server`, which leaves `message` out when it is empty, as AWS does for cryptographic failures.
 *
 * @spec wire §2
 */

import type { ModelledError } from './generated/errors.ts'

/** Exceptions of AWS that the API model does not have. */
export type CommonError =
  | 'AccessDeniedException'
  | 'NotAuthorizedException'
  | 'SerializationException'
  | 'ThrottlingException'
  | 'UnknownOperationException'
  | 'ValidationException'

export type KmsErrorCode = ModelledError | CommonError

/** Faults of the service. Every other code is the client's and answers 400, whatever the model says. */
const SERVER_FAULTS: Partial<Record<KmsErrorCode, number>> = {
  DependencyTimeoutException: 503,
  KMSInternalException: 500,
  KeyUnavailableException: 500,
}

/**
 * A refusal or a fault, named as AWS names it.
 *
 * `name` and `code` are both the exception name, so that code written for the AWS SDK
 * (`error.name === 'NotFoundException'`) works unchanged. An empty message means that AWS sends none.
 * Messages never hold key bytes, plaintext or encryption context values.
 */
export class KmsError extends Error {
  readonly code: KmsErrorCode
  readonly statusCode: number

  constructor(code: KmsErrorCode, message = '', options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = code
    this.code = code
    this.statusCode = SERVER_FAULTS[code] ?? 400
  }
}
