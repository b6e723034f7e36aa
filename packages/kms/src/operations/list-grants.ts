/** ListGrants: the grants on a key, all or one principal's. @spec KMS operations, ListGrants */

import { KmsError } from '../errors.ts'
import { formatGrant } from '../grant/format-grant.ts'
import { type GrantId, type GrantParty, type GrantRecord, parseGrantId } from '../grant/grant.ts'
import { assertPrincipal, isListedAs, nameOfParty } from '../grant/grant-party.ts'
import { lookupByGrantee } from '../grant/lookup.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'
import { readPage } from '../paging/page.ts'
import { assertServiceCalls } from '../principal/service-caller.ts'
import type { ValidInput } from '../shape/valid.ts'
import type { KeyName, Page, Store } from '../store/store.ts'

const PAGE_SIZES = { fallback: 50, most: 100 } as const

export const listGrants: Operation<'ListGrants', { key: Target }> = {
  name: 'ListGrants',
  quota: 'listDetails',
  isReadOnly: true,
  audited: ['GrantId', 'GranteePrincipal', 'GranteeServicePrincipal', 'KeyId', 'Limit', 'Marker'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  check({ GrantId, GranteePrincipal, GranteeServicePrincipal }) {
    if (GrantId !== undefined) parseGrantId(GrantId)
    if (GranteePrincipal !== undefined) assertPrincipal(GranteePrincipal)
    if (GranteePrincipal !== undefined && GranteeServicePrincipal !== undefined) {
      throw new KmsError('ValidationException', 'You cannot specify both GranteePrincipal and GranteeServicePrincipal.')
    }
  },

  async perform({ targets }, input, { scope, store, principal }) {
    const { key } = targets.key
    if (input.GranteeServicePrincipal !== undefined) assertServiceCalls(principal, 'GranteeServicePrincipal')
    const grantee = granteeOf(input)
    const lookup = grantee && lookupByGrantee(nameOfParty(grantee, key.region))
    const grantId = input.GrantId === undefined ? undefined : parseGrantId(input.GrantId)
    const { items, members } = await readPage(
      { operation: 'ListGrants', scope, filter: [key.account, key.keyId, grantee?.name, grantId].join(' ') },
      input,
      PAGE_SIZES,
      (after, limit) =>
        grantId === undefined ? store.listGrants(key, { after, limit }, lookup) : readOne(store, key, grantId, after),
      (grant) => grant.grantId,
    )
    const found = items.filter((grant) => grantee === undefined || isListedAs(grant.grantee, grantee, key.region))
    return { Grants: found.map(formatGrant), ...members }
  },
}

function granteeOf(input: ValidInput<'ListGrants'>): GrantParty | undefined {
  const { GranteePrincipal, GranteeServicePrincipal } = input
  if (GranteePrincipal !== undefined) return { type: 'principal', name: GranteePrincipal }
  return GranteeServicePrincipal === undefined ? undefined : { type: 'service', name: GranteeServicePrincipal }
}

async function readOne(
  store: Store,
  key: KeyName,
  grantId: GrantId,
  after: string | undefined,
): Promise<Page<GrantRecord>> {
  const grant = await store.getGrant(key, grantId)
  const isOnPage = grant !== undefined && (after === undefined || after < grantId)
  return { items: isOnPage ? [grant] : [], isTruncated: false }
}
