/** Which errors an operation may answer: those of the model, those of every operation, and the guesses on record. */
import { type KmsErrorCode, type OperationName, operationErrors, operationShapes } from '@softkms/kms'

/** Errors that the front layer or every operation may answer, which the API's model leaves out. */
const COMMON_ERRORS: readonly KmsErrorCode[] = [
  'AccessDeniedException',
  'NotAuthorizedException',
  'SerializationException',
  'ThrottlingException',
  'ValidationException',
]

/** Where an error is answered that the model does not list for the operation: guesses, all of them on record. */
const BEYOND_THE_MODEL: readonly string[] = [
  'DeleteAlias InvalidAliasNameException',
  'DescribeKey InvalidGrantTokenException',
  'ListKeyPolicies InvalidMarkerException',
  'UpdateAlias InvalidAliasNameException',
]

export function isKnownToModel(operation: OperationName, code: KmsErrorCode): boolean {
  const modelled: readonly KmsErrorCode[] = operationErrors[operation]
  return (
    modelled.includes(code) ||
    COMMON_ERRORS.includes(code) ||
    BEYOND_THE_MODEL.includes(`${operation} ${code}`) ||
    (code === 'InvalidArnException' && namesKey(operation))
  )
}

/** A malformed ARN has one answer wherever it stands: another guess. */
function namesKey(operation: OperationName): boolean {
  return Object.keys(operationShapes[operation].input.members).some((member) => member.endsWith('KeyId'))
}
