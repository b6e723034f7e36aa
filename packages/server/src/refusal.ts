/**
 * What the front door itself refuses, before the engine is asked.
 *
 * The codes are AWS's, from the layer in front of its services; the engine's own are `KmsErrorCode`.
 */

export type WireErrorCode =
  | 'AccessDeniedException'
  | 'ExpiredTokenException'
  | 'IncompleteSignatureException'
  | 'InvalidSignatureException'
  | 'MalformedHttpRequestException'
  | 'MissingAuthenticationTokenException'
  | 'RequestAbortedException'
  | 'RequestEntityTooLargeException'
  | 'ThrottlingException'
  | 'UnknownOperationException'
  | 'UnrecognizedClientException'

export interface Refusal {
  readonly status: number
  readonly code: WireErrorCode
  /** Empty when AWS sends none. */
  readonly message: string
}

export function refuse(status: number, code: WireErrorCode, message = ''): Refusal {
  return { status, code, message }
}
