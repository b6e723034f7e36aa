/** Our providers, ready to compute, and which of them compute a thing themselves. */

import type { PrimitiveGroup, Provider } from '@softkms/hsm'
import { type ProviderName, PROVIDERS } from '../packages/cli/src/providers.ts'

export interface OwnProvider {
  readonly name: ProviderName
  readonly provider: Provider
  /** Whether the group is not handed on to another one of them, whose row would only be repeated. */
  readonly computes: (...groups: readonly PrimitiveGroup[]) => boolean
}

/** @param names of those that are wanted; all of them when absent */
export async function readyProviders(names?: readonly ProviderName[]): Promise<readonly OwnProvider[]> {
  const all = [...PROVIDERS].map(([name, create]) => [name, create()] as const)
  for (const [, provider] of all) {
    await provider.prepare?.(Object.keys(provider.servedBy) as PrimitiveGroup[])
  }
  const wanted = all.filter(([name]) => names === undefined || names.includes(name))
  return wanted.map(([name, provider]) => {
    const others: readonly string[] = all.map(([other]) => other).filter((other) => other !== name)
    return {
      name,
      provider,
      computes: (...groups) => groups.some((group) => !others.includes(provider.servedBy[group])),
    }
  })
}
