/**
 * Whether a grant allows what a request asks for, and if not, what is in the way.
 *
 * Whether the caller is the grantee is not asked here: grants are found by their grantees.
 *
 * @spec KMS authorization §4
 */

import type { Instant } from '@softkms/lifecycle'
import type { GrantOperation } from '../generated/types.ts'
import { type Context, isContextMet, isContextNoWider } from './context-constraint.ts'
import type { GrantConstraints, GrantId, GrantRecord } from './grant.ts'

/** The part of a grant that another one must not exceed. */
export type GrantReach = Pick<GrantRecord, 'operations' | 'constraints'>

/** What a request is to a grant. */
export interface GrantedRequest {
  readonly operation: GrantOperation
  readonly context: Context
  /** `aws:SourceArn`, when the caller says on whose behalf it calls. */
  readonly sourceArn: string | undefined
  readonly now: Instant
  /** The grants whose tokens the request brings. */
  readonly presented: ReadonlySet<GrantId>
  /** The grant that CreateGrant is to make. */
  readonly child?: GrantReach | undefined
}

/** What keeps a grant from allowing a request. */
export type GrantMiss =
  /** The operation is not among the grant's. */
  | 'Operations'
  /** The encryption context is not the one, or has not the part, that the grant names. */
  | 'EncryptionContext'
  /** The request is not made on behalf of the resource that the grant names. */
  | 'SourceArn'
  /** The grant that would be made allows more than this one. */
  | 'Child'
  /** The grant is not in effect yet, and the request does not bring its token. */
  | 'NotYetEffective'

/** The operations to which it does not matter what the grant asks of contexts. */
const WITHOUT_CONTEXT: ReadonlySet<GrantOperation> = new Set<GrantOperation>(['DescribeKey', 'RetireGrant'])

/** @returns nothing when the grant allows the request */
export function missesOf(grant: GrantRecord, request: GrantedRequest): readonly GrantMiss[] {
  const { operations, constraints } = grant
  const { operation, child } = request
  const misses: GrantMiss[] = []
  if (!operations.includes(operation)) misses.push('Operations')
  if (child !== undefined) {
    if (!isNoWider(child, grant)) misses.push('Child')
  } else if (!WITHOUT_CONTEXT.has(operation) && !isContextMet(constraints, request.context)) {
    misses.push('EncryptionContext')
  }
  if (!isFromSource(constraints, request)) misses.push('SourceArn')
  if (request.now < grant.effectiveAt && !request.presented.has(grant.grantId)) misses.push('NotYetEffective')
  return misses
}

export function isGranting(grant: GrantRecord, request: GrantedRequest): boolean {
  return missesOf(grant, request).length === 0
}

/** Whether everything that `child` allows its parent allows, too. */
function isNoWider(child: GrantReach, parent: GrantReach): boolean {
  const { sourceArn } = parent.constraints
  return (
    child.operations.every((operation) => parent.operations.includes(operation)) &&
    isContextNoWider(child.constraints, parent.constraints) &&
    (sourceArn === undefined || child.constraints.sourceArn === sourceArn)
  )
}

function isFromSource({ sourceArn }: GrantConstraints, request: GrantedRequest): boolean {
  return sourceArn === undefined || request.operation === 'RetireGrant' || request.sourceArn === sourceArn
}

export function isAboutContext(operation: GrantOperation): boolean {
  return !WITHOUT_CONTEXT.has(operation)
}
