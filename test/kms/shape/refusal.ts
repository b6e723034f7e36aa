/** Runs the validator for its refusal, so that a test can hold it as a value. */
import { KmsError, type OperationName, validateInput } from '@softkms/kms'

export interface Refusal {
  readonly code: string
  readonly message: string
}

/** @returns the refusal, or undefined when the request is accepted */
export function refusalOf(operation: OperationName, input: unknown): Refusal | undefined {
  try {
    validateInput(operation, input)
    return undefined
  } catch (error) {
    if (!(error instanceof KmsError)) throw error
    return { code: error.code, message: error.message }
  }
}

/** The one constraint that fails, without the count before it. @throws when there is not exactly one. */
export function faultOf(operation: OperationName, input: unknown): string {
  const refusal = refusalOf(operation, input)
  const [, fault] = /^1 validation error detected: (.*)$/su.exec(refusal?.message ?? '') ?? []
  if (refusal?.code !== 'ValidationException' || fault === undefined) {
    throw new Error(`not one failed constraint: ${refusal?.code} ${refusal?.message}`)
  }
  return fault
}
