/**
 * ListRetirableGrants: what a principal of the caller's account may retire, on whoever's keys.
 *
 * @spec KMS operations, ListRetirableGrants; authorization §4
 */

import { KmsError } from '../errors.ts'
import { formatGrant, readParty } from '../grant/format-grant.ts'
import { assertPrincipal, isListedAs, nameOfParty } from '../grant/grant-party.ts'
import type { NoTargets, Operation } from '../operation.ts'
import { readPage } from '../paging/page.ts'
import { hiddenKey } from '../policy/access-denied.ts'
import { nameOfService, parsePrincipal } from '../principal/principal.ts'
import { assertServiceCalls } from '../principal/service-caller.ts'
import type { Scope } from '../scope.ts'

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

  // A service has no policies of its own, and needs none to ask about itself.
  asks: async ({ RetiringServicePrincipal: service }, { principal, scope: { region } }) =>
    service !== undefined && nameOfService(service, region) === nameOfService(principal, region)
      ? []
      : [{ action: 'kms:ListRetirableGrants', about: 'nothing' }],

  async perform(_permit, input, { scope, store, principal }) {
    const { RetiringPrincipal, RetiringServicePrincipal } = input
    if (RetiringServicePrincipal !== undefined) assertServiceCalls(principal, 'RetiringServicePrincipal')
    const asked = readParty(RetiringPrincipal, RetiringServicePrincipal)
    // `check` has seen to it that one of them is there.
    if (asked === undefined) throw new KmsError('KMSInternalException')
    if (!isOwn(asked.name, principal, scope)) {
      throw hiddenKey({ principal, action: 'kms:ListRetirableGrants', isNamedByCiphertext: false })
    }
    const { items, members } = await readPage(
      { operation: 'ListRetirableGrants', scope, filter: asked.name },
      input,
      PAGE_SIZES,
      (after, limit) => store.listRetirableGrants(scope.region, { after, limit }, nameOfParty(asked, scope.region)),
      (grant) => grant.grantId,
    )
    const found = items.filter(({ retiring }) => retiring !== undefined && isListedAs(retiring, asked, scope.region))
    return { Grants: found.map(formatGrant), ...members }
  },
}

/** Whether the caller is of the account whose principal it asks about, or is the service that it asks about. */
function isOwn(name: string, caller: string, { account, region }: Scope): boolean {
  const owner = parsePrincipal(name)?.account
  return owner === undefined ? nameOfService(name, region) === nameOfService(caller, region) : owner === account
}
