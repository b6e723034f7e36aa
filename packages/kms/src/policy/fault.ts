/** What is wrong with a policy document, in AWS's words where they are recorded. */

import { KmsError } from '../errors.ts'

/** @returns `MalformedPolicyDocumentException`, for the caller to throw */
export function malformed(message: string): KmsError {
  return new KmsError('MalformedPolicyDocumentException', message)
}

/** What is observed of AWS, letter by letter. */
export const NO_PRINCIPAL = 'Policy contains a statement with no principal.'
export const INVALID_PRINCIPAL = 'Policy contains a statement with one or more invalid principals.'
export const LOCKOUT = 'The new key policy will not allow you to update the key policy in the future.'
export const NO_VENDOR = 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.'
export const PRINCIPAL_IN_IDENTITY = 'Policy document should not specify a principal.'

export function overlyPermissive(what: 'encryption context' | 'tag'): string {
  return (
    'OverlyPermissiveCondition: Using the ForAllValues set operator with a single-valued condition key matches requests ' +
    `without the specified ${what} or with an unspecified ${what}. To fix, remove ForAllValues.`
  )
}
