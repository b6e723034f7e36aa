/**
 * What is wrong with a grant that somebody asks for, as far as the request alone tells.
 *
 * @spec KMS authorization §4; operations, CreateGrant; wire §4
 */

import { KmsError } from '../errors.ts'
import type { ValidInput } from '../shape/valid.ts'
import { assertPrincipal } from './grant-party.ts'

/** @spec KMS authorization §4 */
const MOST_PAIRS = 8
const LONGEST_TEXT = 384

/** @throws KmsError `ValidationException`, `InvalidArnException` for a principal that is none */
export function checkGrant(input: ValidInput<'CreateGrant'>): void {
  checkParties(input)
  checkOperations(input.Operations)
  checkConstraints(input.Constraints)
}

function checkParties(input: ValidInput<'CreateGrant'>): void {
  const { GranteePrincipal, GranteeServicePrincipal, RetiringPrincipal, RetiringServicePrincipal, Constraints } = input
  if ((GranteePrincipal === undefined) === (GranteeServicePrincipal === undefined)) {
    throw invalid('You must specify exactly one of GranteePrincipal and GranteeServicePrincipal.')
  }
  if (RetiringPrincipal !== undefined && RetiringServicePrincipal !== undefined) {
    throw invalid('You cannot specify both RetiringPrincipal and RetiringServicePrincipal.')
  }
  if (GranteeServicePrincipal !== undefined) {
    if (Constraints?.SourceArn === undefined) {
      throw invalid('A grant with a GranteeServicePrincipal must have a SourceArn constraint.')
    }
    if (RetiringPrincipal === undefined && RetiringServicePrincipal === undefined) {
      throw invalid('A grant with a GranteeServicePrincipal must have a RetiringPrincipal or RetiringServicePrincipal.')
    }
  }
  if (GranteePrincipal !== undefined) assertPrincipal(GranteePrincipal)
  if (RetiringPrincipal !== undefined) assertPrincipal(RetiringPrincipal)
}

function checkOperations(operations: readonly string[]): void {
  if (operations.length === 0) throw invalid('Grants must contain at least one operation.')
  if (operations.every((operation) => operation === 'CreateGrant')) {
    throw invalid('Grants must not contain only the CreateGrant operation.')
  }
}

function checkConstraints(constraints: ValidInput<'CreateGrant'>['Constraints']): void {
  const { EncryptionContextEquals: equals, EncryptionContextSubset: subset } = constraints ?? {}
  if (equals !== undefined && subset !== undefined) {
    throw invalid('More than one constraint supplied')
  }
  const context = equals ?? subset
  if (context === undefined) return
  const pairs = Object.entries(context)
  if (pairs.length > MOST_PAIRS) {
    throw invalid(`A grant constraint must not have more than ${MOST_PAIRS} encryption context pairs.`)
  }
  if (pairs.some(([key, value]) => key.length > LONGEST_TEXT || value.length > LONGEST_TEXT)) {
    throw invalid(`The text of a grant constraint must not be longer than ${LONGEST_TEXT} characters.`)
  }
}

function invalid(message: string): KmsError {
  return new KmsError('ValidationException', message)
}
