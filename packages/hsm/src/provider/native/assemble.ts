/** Putting a provider together of the parts that the running platform has, and another provider for the rest. */

import type { PrimitiveGroup, Provider } from '../../provider.ts'
import { kernelsProvider } from '../kernels/kernels.ts'

/** The primitives of one group. */
export interface NativePart {
  readonly group: PrimitiveGroup
  /** Whom `servedBy` names when the part is used. */
  readonly servedBy: string
  /** What of the group is left to whoever serves the rest. */
  readonly lacks?: string
  readonly primitives: Partial<Omit<Provider, 'name' | 'servedBy'>>
  /** Computes something with each of the primitives; what the platform does not have throws. */
  tryOut(): void
}

/**
 * @param rest serves what no part does
 * @returns it, with every part in place of its own that can be tried out without throwing
 */
export function assembleProvider(
  name: string,
  parts: readonly NativePart[],
  rest: Provider = kernelsProvider,
): Provider {
  const there = parts.filter(isThere)
  const whole = new Set(there.filter(({ lacks }) => lacks === undefined).map(({ group }) => group))
  const primitives = Object.assign({}, ...there.map((part) => part.primitives)) as NativePart['primitives']
  return {
    ...rest,
    ...primitives,
    name,
    get servedBy() {
      const servedBy = { ...rest.servedBy }
      for (const part of there) {
        const others = part.lacks === undefined ? '' : `; ${rest.servedBy[part.group]} for ${part.lacks}`
        servedBy[part.group] = part.servedBy + others
      }
      return servedBy
    },
    prepare: (groups) => rest.prepare?.(groups.filter((group) => !whole.has(group))),
  }
}

function isThere(part: NativePart): boolean {
  try {
    part.tryOut()
    return true
  } catch {
    return false
  }
}
