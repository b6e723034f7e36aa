/**
 * Who may retire a grant: whom it names for it, its grantee if it says so, and the account that made it.
 *
 * @spec KMS authorization §4 (Retire)
 */

import { STRENGTH, type Strength } from '../policy/compile-principal.ts'
import type { Principal } from '../principal/principal.ts'
import type { GrantRecord } from './grant.ts'
import { nameOfParty, namesOfCaller } from './grant-party.ts'

/** How firmly a grant lets a caller retire it; `DELEGATED` leaves it to the policies of the caller's account. */
export function strengthToRetire(
  { region, grantee, retiring, issuer, operations }: GrantRecord,
  caller: Principal,
): Strength {
  const retirers = new Set([
    issuer,
    ...(retiring === undefined ? [] : [nameOfParty(retiring, region)]),
    ...(operations.includes('RetireGrant') ? [nameOfParty(grantee, region)] : []),
  ])
  return namesOfCaller(caller, region).find(({ name }) => retirers.has(name))?.strength ?? STRENGTH.NONE
}
