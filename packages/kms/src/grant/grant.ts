/**
 * A grant: permission to do some things to one key, given to one principal, that stands beside the key's policy.
 *
 * Records are plain, immutable values; a grant is made and ends, and nothing about it changes in between.
 *
 * @spec KMS authorization §4
 */

import type { Instant } from '@softkms/lifecycle'
import { KmsError } from '../errors.ts'
import type { GrantOperation } from '../generated/types.ts'
import type { KeyId } from '../key/key-id.ts'
import type { Scope } from '../scope.ts'

declare const grantIdBrand: unique symbol

/** 64 lower-case hexadecimal digits. */
export type GrantId = string & { readonly [grantIdBrand]: true }

/** Whom a grant names, and under which of AWS's two members. */
export interface GrantParty {
  readonly type: 'principal' | 'service'
  /** An ARN or the name of a service, as it was given. */
  readonly name: string
}

/** What a request must have besides its caller and its operation; of the first two a grant has one at most. */
export interface GrantConstraints {
  readonly contextEquals?: Readonly<Record<string, string>>
  readonly contextSubset?: Readonly<Record<string, string>>
  readonly sourceArn?: string
}

/** Account and Region are the key's. */
export interface GrantRecord extends Scope {
  readonly keyId: KeyId
  readonly grantId: GrantId
  /** `''` for none. Not unique. */
  readonly name: string
  readonly createdAt: Instant
  /** From when on it counts for requests that do not bring its token. */
  readonly effectiveAt: Instant
  /** ARN of the root of the account that made it. */
  readonly issuer: string
  readonly grantee: GrantParty
  readonly retiring?: GrantParty
  /** Each once. */
  readonly operations: readonly GrantOperation[]
  readonly constraints: GrantConstraints
}

const GRANT_ID = /^[0-9a-f]{64}$/

export function isGrantId(text: string): text is GrantId {
  return GRANT_ID.test(text)
}

/** @throws KmsError `InvalidGrantIdException` */
export function parseGrantId(text: string): GrantId {
  if (isGrantId(text)) return text
  throw new KmsError('InvalidGrantIdException', `Invalid grant ID '${text}'`)
}

export function grantNotFound(grantId: GrantId): KmsError {
  return new KmsError('NotFoundException', `Grant ID ${grantId} not found`)
}
