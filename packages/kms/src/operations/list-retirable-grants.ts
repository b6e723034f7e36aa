/**
 * ListRetirableGrants: what a principal of the caller's account may retire, on whoever's keys.
 *
 * @spec KMS operations, ListRetirableGrants; authorization §4
 */

import { KmsError } from '../errors.ts'
import { formatGrant } from '../grant/format-grant.ts'
import { assertPrincipal, nameOfParty } from '../grant/grant-party.ts'
import type { NoTargets, Operation } from '../operation.ts'
import { readPage } from '../paging/page.ts'
import { hiddenKey } from '../policy/access-denied.ts'
import { parsePrincipal } from '../principal/principal.ts'
import { assertServiceCalls } from '../principal/service-caller.ts'

const PAGE_SIZES = { fallback: 50, most: 100 } as const

export const listRetirableGrants: Operation<'ListRetirableGrants', NoTargets> = {
  name: 'ListRetirableGrants',
  quota: 'listDetails',
  isReadOnly: true,
  audited: ['Limit', 'Marker', 'RetiringPrincipal', 'RetiringServicePrincipal'],
  targets: {},

  check({ RetiringPrincipal, RetiringServicePrincipal }) {
    if ((RetiringPrincipal === undefined) === (RetiringServicePrincipal === undefined)) {
      throw new KmsError(
        'ValidationException',
        'You must specify exactly one of RetiringPrincipal and RetiringServicePrincipal.',
      )
    }
    if (RetiringPrincipal !== undefined) assertPrincipal(RetiringPrincipal)
  },

  // A service is of no account and has no policies there; what it may retire itself it may see.
  asks: async ({ RetiringServicePrincipal }, { principal }) =>
    RetiringServicePrincipal === principal ? [] : [{ action: 'kms:ListRetirableGrants', about: 'nothing' }],

  async perform(_permit, input, { scope, store, principal }) {
    const { RetiringPrincipal, RetiringServicePrincipal } = input
    if (RetiringServicePrincipal !== undefined) assertServiceCalls(principal, 'RetiringServicePrincipal')
    const name = RetiringPrincipal ?? RetiringServicePrincipal ?? ''
    if (RetiringPrincipal !== undefined && !isOwn(RetiringPrincipal, scope.account)) {
      throw hiddenKey({ principal, action: 'kms:ListRetirableGrants', isNamedByCiphertext: false })
    }
    const { items, members } = await readPage(
      { operation: 'ListRetirableGrants', scope, filter: name },
      input,
      PAGE_SIZES,
      (after, limit) => store.listRetirableGrants(scope.region, { after, limit }, nameOfParty({ name })),
      (grant) => grant.grantId,
    )
    return { Grants: items.filter(({ retiring }) => retiring?.name === name).map(formatGrant), ...members }
  },
}

function isOwn(text: string, account: string): boolean {
  const owner = parsePrincipal(text)?.account
  return owner === undefined || owner === account
}
