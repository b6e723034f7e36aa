/**
 * Key policy documents: the default one, and the form that any other must have.
 *
 * Policies are stored as they came. What they say is not decided on here.
 *
 * @spec KMS authorization §2
 */

import { KmsError } from '../errors.ts'
import { type Scope, partitionOf } from '../scope.ts'

/** The only name that a key policy can have. */
export const POLICY_NAME = 'default'

/** Bytes; the model allows more than the service does. */
const MAX_POLICY_LENGTH = 32_768

/** What a key gets when nobody gives it a policy: the account's IAM decides. */
export function formatDefaultPolicy({ account, region }: Scope): string {
  return `{
  "Version" : "2012-10-17",
  "Id" : "key-default-1",
  "Statement" : [ {
    "Sid" : "Enable IAM User Permissions",
    "Effect" : "Allow",
    "Principal" : {
      "AWS" : "arn:${partitionOf(region)}:iam::${account}:root"
    },
    "Action" : "kms:*",
    "Resource" : "*"
  } ]
}`
}

/**
 * Takes a policy as it was given.
 *
 * @throws KmsError `LimitExceededException` when it is too long, `MalformedPolicyDocumentException` when it is not a
 * JSON object with a statement
 */
export function parsePolicy(text: string): string {
  // The model allows U+0020 to U+00FF only, which take one or two bytes each.
  let length = 0
  for (let i = 0; i < text.length; i++) length += text.charCodeAt(i) < 0x80 ? 1 : 2
  if (length > MAX_POLICY_LENGTH) {
    throw new KmsError('LimitExceededException', `The policy is longer than ${MAX_POLICY_LENGTH} bytes.`)
  }
  if (!isPolicyDocument(parseJson(text))) {
    throw new KmsError('MalformedPolicyDocumentException', 'The new key policy is not valid.')
  }
  return text
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new KmsError('MalformedPolicyDocumentException', 'The new key policy is not valid JSON.')
  }
}

function isPolicyDocument(value: unknown): boolean {
  return isObject(value) && isObject(value['Statement'])
}

/** Objects and arrays: a policy's Statement may be either. */
function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/** @throws KmsError `NotFoundException` for any name but `default` */
export function assertPolicyName(name: string | undefined): void {
  if (name === undefined || name === POLICY_NAME) return
  throw new KmsError('NotFoundException', 'No such policy exists')
}
