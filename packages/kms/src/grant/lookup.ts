/**
 * The texts under which a store finds a grant again.
 *
 * A decision must not take longer on a key with 50,000 grants than on one with a single one. So a grant is found by its
 * grantee, and where a grantee has many, by all that a request must have besides: its operation, its source and its
 * encryption context. A context of which a grant names a part is found pair by pair. A store keeps the texts and knows
 * nothing of them.
 */

import { nobleProvider } from '@softkms/hsm'
import type { GrantOperation } from '../generated/types.ts'
import { formatHex } from '../hex.ts'
import { isAboutContext } from './allowance.ts'
import type { Context } from './context-constraint.ts'
import type { GrantConstraints, GrantRecord } from './grant.ts'
import { nameOfParty } from './grant-party.ts'

export type Pair = readonly [key: string, value: string]

/** What a grant asks of encryption contexts: to be these pairs and no others, or to have them among theirs. */
export interface WantedContext {
  readonly isWhole: boolean
  /** In the order of `sortedPairs`. */
  readonly pairs: readonly Pair[]
}

/** What a request must have besides its caller, for the grants that are found under one text. */
export interface Reach {
  readonly operation: GrantOperation
  readonly sourceArn: string | undefined
  readonly context: WantedContext
}

/** All of one key's. Texts may be there twice. */
export function lookupsOf(grant: GrantRecord): readonly string[] {
  const grantee = nameOfParty(grant.grantee, grant.region)
  const { operations, constraints } = grant
  const { sourceArn } = constraints
  const context = wantedContext(constraints)
  return [
    lookupByGrantee(grantee),
    ...operations.map((operation) =>
      lookupByReach(grantee, { operation, sourceArn, context: isAboutContext(operation) ? context : ANY_CONTEXT }),
    ),
    ...(context.isWhole ? [] : context.pairs.slice(1)).map((_, i) =>
      lookupByBeginning(grantee, context.pairs.slice(0, i + 1)),
    ),
    ...(grant.name === '' ? [] : [lookupBySameness(grant)]),
  ]
}

/** The text under which a Region's grants are found that somebody may retire; absent when nobody is named. */
export function retiringLookupOf({ region, retiring }: GrantRecord): string | undefined {
  return retiring === undefined ? undefined : nameOfParty(retiring, region)
}

/** Of the grants that the same request would make: all but their ids and times are the same. */
export function lookupBySameness({ name, issuer, grantee, retiring, operations, constraints }: GrantRecord): string {
  const { contextEquals, contextSubset, sourceArn } = constraints
  const contexts = [contextEquals, contextSubset].map((context) => context && sortedPairs(context))
  const parties = [grantee, retiring].map((party) => party && [party.type, party.name])
  return `same ${digest([name, issuer, parties, operations.toSorted(), contexts, sourceArn])}`
}

/** @param grantee as `nameOfParty` writes it */
export function lookupByGrantee(grantee: string): string {
  return `grantee ${grantee}`
}

export function lookupByReach(grantee: string, { operation, sourceArn, context }: Reach): string {
  return `reach ${operation} ${digest([sourceArn, context.isWhole, context.pairs])} ${grantee}`
}

/** Of the grants that name these pairs first, and more after them. */
export function lookupByBeginning(grantee: string, pairs: readonly Pair[]): string {
  return `beginning ${digest(pairs)} ${grantee}`
}

export const ANY_CONTEXT: WantedContext = { isWhole: false, pairs: [] }

function wantedContext({ contextEquals, contextSubset = {} }: GrantConstraints): WantedContext {
  return { isWhole: contextEquals !== undefined, pairs: sortedPairs(contextEquals ?? contextSubset) }
}

export function sortedPairs(context: Context): readonly Pair[] {
  return Object.entries(context).toSorted(([a], [b]) => (a < b ? -1 : 1))
}

/** As long as a text may be that is taken as it is. */
const LONGEST = 256

/** A short text that no other value has, whoever thought of the values. */
function digest(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length <= LONGEST ? text : formatHex(nobleProvider.digest('SHA-256', bytesOf(text)))
}

/** Two for each code unit. */
function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(2 * text.length)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i))
  return bytes
}
