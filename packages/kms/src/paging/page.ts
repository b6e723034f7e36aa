/** One page of a list, in AWS's terms. @spec KMS operations, "Pagination" */

import type { Scope } from '../scope.ts'
import type { Page } from '../store/store.ts'
import { type ListIdentity, formatMarker, parseMarker } from './marker.ts'

export interface PagingMembers {
  readonly Limit?: number | undefined
  readonly Marker?: string | undefined
}

export interface PageSizes {
  readonly fallback: number
  /** A greater Limit gets this many. */
  readonly most: number
}

export interface PagedAnswer<Item> {
  readonly items: Item[]
  readonly members: { readonly Truncated: boolean; readonly NextMarker?: string }
}

/**
 * Reads one page of a list.
 *
 * @param nameOf the name by which the list is ordered
 * @throws KmsError `InvalidMarkerException`
 */
export async function readPage<Item>(
  list: Omit<ListIdentity, keyof Scope> & { readonly scope: Scope },
  input: PagingMembers,
  sizes: PageSizes,
  read: (after: string | undefined, limit: number) => Promise<Page<Item>>,
  nameOf: (item: Item) => string,
): Promise<PagedAnswer<Item>> {
  const { operation, filter, scope } = list
  const identity: ListIdentity = { operation, filter, account: scope.account, region: scope.region }
  const limit = Math.min(input.Limit ?? sizes.fallback, sizes.most)
  const { items, isTruncated } = await read(parseMarker(identity, input.Marker), limit)
  const last = items.at(-1)
  const members =
    isTruncated && last !== undefined
      ? { Truncated: true, NextMarker: formatMarker(identity, nameOf(last)) }
      : { Truncated: false }
  return { items: [...items], members }
}

/**
 * Pages through a list that is at hand whole.
 *
 * @param whole in the order of the names, so that a page goes on rightly although the item before it is gone
 * @param isAfter whether an item comes after the name in the marker, which a caller may have made up
 */
export function pageOf<Item>(
  whole: readonly Item[],
  isAfter: (item: Item, name: string) => boolean,
): (after: string | undefined, limit: number) => Promise<Page<Item>> {
  return async (after, limit) => {
    const rest = after === undefined ? whole : whole.filter((item) => isAfter(item, after))
    return { items: rest.slice(0, limit), isTruncated: rest.length > limit }
  }
}
