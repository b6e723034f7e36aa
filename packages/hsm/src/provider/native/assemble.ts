/** Putting a provider together of the parts that the running platform has, and noble for the rest. */

import type { PrimitiveGroup, Provider } from '../../provider.ts'
import { nobleProvider } from '../noble.ts'

/** The primitives of one group. */
export interface NativePart {
  readonly group: PrimitiveGroup
  /** Whom `servedBy` names when the part is used. */
  readonly servedBy: string
  readonly primitives: Partial<Omit<Provider, 'name' | 'servedBy'>>
  /** Computes something with each of the primitives; what the platform does not have throws. */
  tryOut(): void
}

/** @returns noble, with every part in place of its own that can be tried out without throwing */
export function assembleProvider(name: string, parts: readonly NativePart[]): Provider {
  let provider: Provider = { ...nobleProvider, name }
  for (const { group, servedBy, primitives } of parts.filter(isThere)) {
    provider = { ...provider, ...primitives, servedBy: { ...provider.servedBy, [group]: servedBy } }
  }
  return provider
}

function isThere(part: NativePart): boolean {
  try {
    part.tryOut()
    return true
  } catch {
    return false
  }
}
