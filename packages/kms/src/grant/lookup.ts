/**
 * The texts under which a store finds a grant again.
 *
 * A decision must not take longer on a key with 50,000 grants than on one with a single one. So a grant is found by its
 * grantee, and where a grantee has many, by its grantee and a pair or the whole of the encryption context that it asks
 * for: no request ever looks at those that ask for another. A store keeps the texts and knows nothing of them.
 */

import type { GrantConstraints, GrantRecord } from './grant.ts'
import type { Context } from './context-constraint.ts'
import { nameOfParty } from './grant-party.ts'

/** All of one key's. */
export function lookupsOf(grant: GrantRecord): readonly string[] {
  const grantee = nameOfParty(grant.grantee, grant.region)
  return [
    lookupByGrantee(grantee),
    lookupByConstraint(grantee, constraintText(grant.constraints)),
    ...(grant.name === '' ? [] : [lookupByName(grant.name)]),
  ]
}

/** The text under which a Region's grants are found that somebody may retire; absent when nobody is named. */
export function retiringLookupOf({ region, retiring }: GrantRecord): string | undefined {
  return retiring === undefined ? undefined : nameOfParty(retiring, region)
}

export function lookupByName(name: string): string {
  return `name ${name}`
}

/** @param grantee as `nameOfParty` writes it */
export function lookupByGrantee(grantee: string): string {
  return `grantee ${grantee}`
}

/**
 * All under which those grants of a grantee are that a context can meet. There may be others among them.
 *
 * @param isWhole whether the context is all that there will be, rather than a part of it
 */
export function lookupsByContext(grantee: string, context: Context, isWhole: boolean): readonly string[] {
  const pairs = Object.entries(context)
  return [...['', ...pairs.map(pairText)], ...(isWhole ? [wholeText(context)] : [])].map((text) =>
    lookupByConstraint(grantee, text),
  )
}

function lookupByConstraint(grantee: string, text: string): string {
  return `constraint ${digest(text)} ${grantee}`
}

/** Of a part, its first pair: whoever has the part has that. */
function constraintText({ contextEquals, contextSubset }: GrantConstraints): string {
  if (contextEquals !== undefined) return wholeText(contextEquals)
  const [first] = sortedPairs(contextSubset ?? {})
  return first === undefined ? '' : pairText(first)
}

function wholeText(context: Context): string {
  return `equals ${JSON.stringify(sortedPairs(context))}`
}

function pairText(pair: readonly [string, string]): string {
  return `has ${JSON.stringify(pair)}`
}

function sortedPairs(context: Context): ReadonlyArray<readonly [string, string]> {
  return Object.entries(context).toSorted(([a], [b]) => (a < b ? -1 : 1))
}

/** FNV-1a over code units in 32 bits. Two texts that share one cost a look at a grant that does not fit, no more. */
function digest(text: string): string {
  let sum = 0x811c9dc5
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193)
  return (sum >>> 0).toString(36)
}
