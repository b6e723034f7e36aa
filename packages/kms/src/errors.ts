/**
 * The one error that leaves the engine.
 *
 * Owns the AWS exception names as a closed union and the HTTP status of each. The wire form belongs to
 * `server`, which leaves `message` out when it is empty, as AWS does for cryptographic failures.
 *
 * @spec wire §2
 */

/** Client faults: HTTP 400, whatever the model says. @spec wire §2 */
const CLIENT_FAULTS = [
  'AccessDeniedException',
  'AlreadyExistsException',
  'DisabledException',
  'DryRunOperationException',
  'IncorrectKeyException',
  'InvalidAliasNameException',
  'InvalidArnException',
  'InvalidCiphertextException',
  'InvalidKeyUsageException',
  'InvalidMarkerException',
  'KMSInvalidStateException',
  'LimitExceededException',
  'MalformedPolicyDocumentException',
  'NotAuthorizedException',
  'NotFoundException',
  'SerializationException',
  'TagException',
  'ThrottlingException',
  'UnknownOperationException',
  'UnsupportedOperationException',
  'ValidationException',
] as const

/** Faults of the service: HTTP 500. */
const SERVER_FAULTS = ['KMSInternalException'] as const

export type KmsErrorCode = (typeof CLIENT_FAULTS)[number] | (typeof SERVER_FAULTS)[number]

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
    this.statusCode = (SERVER_FAULTS as readonly string[]).includes(code) ? 500 : 400
  }
}
