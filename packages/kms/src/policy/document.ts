/**
 * Key policy documents: the default one, and the form that any other must have.
 *
 * Policies are stored as they came, once `parse.ts` has found nothing wrong with them.
 *
 * @spec KMS authorization §2
 */

import { KmsError } from '../errors.ts'
import { formatRootArn } from '../principal/principal.ts'
import { type Scope, partitionOf } from '../scope.ts'
import { parseDocument } from './parse.ts'

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
      "AWS" : "${formatRootArn(account, partitionOf(region))}"
    },
    "Action" : "kms:*",
    "Resource" : "*"
  } ]
}`
}

/**
 * Takes a policy as it was given.
 *
 * @throws KmsError `LimitExceededException` when it is too long, `MalformedPolicyDocumentException` when it is no
 * key policy
 */
export function parsePolicy(text: string): string {
  // The model allows U+0020 to U+00FF only, which take one or two bytes each.
  let length = 0
  for (let i = 0; i < text.length; i++) length += text.charCodeAt(i) < 0x80 ? 1 : 2
  if (length > MAX_POLICY_LENGTH) {
    throw new KmsError('LimitExceededException', `The policy is longer than ${MAX_POLICY_LENGTH} bytes.`)
  }
  parseDocument(text, 'resource-based policy')
  return text
}

/** @throws KmsError `NotFoundException` for any name but `default` */
export function assertPolicyName(name: string | undefined): void {
  if (name === undefined || name === POLICY_NAME) return
  throw new KmsError('NotFoundException', 'No such policy exists')
}
