/** Keys with grants on them. */
import type { Kms } from 'softkms'
import { ACCOUNT } from '../../../support/kms-fixture.ts'
import { REGION } from '../world.ts'
import { createKey } from './scenes.ts'

export const GRANTEE = `arn:aws:iam::${ACCOUNT}:role/grantee`
export const OTHER_GRANTEE = `arn:aws:iam::${ACCOUNT}:role/other`
export const RETIRER = `arn:aws:iam::${ACCOUNT}:role/retirer`
export const SERVICE = 'sqs.amazonaws.com'
export const SourceArn = `arn:aws:sqs:${REGION}:${ACCOUNT}:queue`

/** What no grant has for its id. */
export const UNKNOWN_GRANT = '0'.repeat(64)

export interface Granted {
  readonly KeyId: string
  readonly GrantId: string
  readonly GrantToken: string
}

/** @returns a grant on a key, that the retirer may retire */
export async function createGrantOn(setup: Kms, KeyId: string, GranteePrincipal: string = GRANTEE): Promise<Granted> {
  const { GrantId = '', GrantToken = '' } = await setup.createGrant({
    KeyId,
    GranteePrincipal,
    RetiringPrincipal: RETIRER,
    Operations: ['Decrypt'],
  })
  return { KeyId, GrantId, GrantToken }
}

/** @returns the id of a grant to a service, that the service may retire */
export async function createGrantTo(setup: Kms, KeyId: string, service: string): Promise<string> {
  const { GrantId = '' } = await setup.createGrant({
    KeyId,
    GranteeServicePrincipal: service,
    RetiringServicePrincipal: service,
    Operations: ['Decrypt'],
    Constraints: { SourceArn },
  })
  return GrantId
}

/** The service that calls as itself; its key policy decides alone what it may. */
export function asItself(setup: Kms, service: string): Kms {
  return { ...setup, defaults: { ...setup.defaults, principal: service } }
}

export async function createGranted(setup: Kms): Promise<Granted> {
  return createGrantOn(setup, await createKey(setup))
}

export async function grantIdsOn(setup: Kms, KeyId: string): Promise<readonly (string | undefined)[]> {
  const { Grants = [] } = await setup.listGrants({ KeyId })
  return Grants.map(({ GrantId }) => GrantId)
}
