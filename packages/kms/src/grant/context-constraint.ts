/**
 * What grants ask of encryption contexts.
 *
 * @spec KMS authorization §4 (constraints)
 */

import type { GrantConstraints } from './grant.ts'

export type Context = Readonly<Record<string, string>>

export function isContextMet({ contextEquals, contextSubset }: GrantConstraints, context: Context): boolean {
  if (contextEquals !== undefined && !isSame(contextEquals, context)) return false
  return contextSubset === undefined || isWithin(contextSubset, context)
}

/**
 * Whether every context that `child` lets pass passes `parent`, too.
 *
 * A child that names one context lets pass that one alone; a child that names a part of contexts lets pass that part,
 * and more.
 */
export function isContextNoWider(child: GrantConstraints, parent: GrantConstraints): boolean {
  const { contextEquals, contextSubset } = child
  if (contextEquals !== undefined) return isContextMet(parent, contextEquals)
  if (parent.contextEquals !== undefined) return false
  return parent.contextSubset === undefined || isWithin(parent.contextSubset, contextSubset ?? {})
}

function isSame(a: Context, b: Context): boolean {
  return Object.keys(a).length === Object.keys(b).length && isWithin(a, b)
}

/** Whether all pairs of `part` are in `whole`. */
function isWithin(part: Context, whole: Context): boolean {
  return Object.entries(part).every(([key, value]) => Object.hasOwn(whole, key) && whole[key] === value)
}
