/**
 * Which members a custom key store of each type needs, and which it cannot have.
 *
 * @spec KMS custom-key-stores, section B; operations, CreateCustomKeyStore and UpdateCustomKeyStore
 */

import { KmsError } from '../errors.ts'
import type { CustomKeyStoreType } from '../generated/types.ts'
import type { ValidInput } from '../shape/valid.ts'

type Member = keyof ValidInput<'CreateCustomKeyStore'>

const CLUSTER_MEMBERS = ['CloudHsmClusterId', 'KeyStorePassword', 'TrustAnchorCertificate'] as const
const PROXY_MEMBERS = [
  'XksProxyConnectivity',
  'XksProxyUriEndpoint',
  'XksProxyUriPath',
  'XksProxyAuthenticationCredential',
] as const
const SERVICE_MEMBERS = ['XksProxyVpcEndpointServiceName', 'XksProxyVpcEndpointServiceOwner'] as const

export function storeTypeOf(input: ValidInput<'CreateCustomKeyStore'>): CustomKeyStoreType {
  return input.CustomKeyStoreType ?? 'AWS_CLOUDHSM'
}

/**
 * Asks for every member that a new store of its type needs, and for no other's.
 *
 * @throws KmsError `ValidationException`
 */
export function assertWhole(input: ValidInput<'CreateCustomKeyStore'>): void {
  const type = storeTypeOf(input)
  const isExternal = type === 'EXTERNAL_KEY_STORE'
  const isInVpc = input.XksProxyConnectivity === 'VPC_ENDPOINT_SERVICE'
  const needed: readonly Member[] = isExternal
    ? [...PROXY_MEMBERS, ...(isInVpc ? ['XksProxyVpcEndpointServiceName' as const] : [])]
    : CLUSTER_MEMBERS
  const foreign: readonly Member[] = isExternal ? CLUSTER_MEMBERS : [...PROXY_MEMBERS, ...SERVICE_MEMBERS]

  const missing = needed.find((member) => input[member] === undefined)
  if (missing !== undefined) throw new KmsError('ValidationException', `${missing} is required.`)
  const mixed = foreign.find((member) => input[member] !== undefined)
  if (mixed !== undefined) {
    throw new KmsError('ValidationException', `${mixed} is not valid for CustomKeyStoreType ${type}.`)
  }
  const unused = isInVpc ? undefined : SERVICE_MEMBERS.find((member) => input[member] !== undefined)
  if (unused !== undefined) {
    throw new KmsError('ValidationException', `${unused} is valid only with XksProxyConnectivity VPC_ENDPOINT_SERVICE.`)
  }
}

/**
 * Refuses a change that no store of either type could take.
 *
 * @throws KmsError `ValidationException`
 */
export function assertOfOneType(input: ValidInput<'UpdateCustomKeyStore'>): void {
  const ofCluster = (['CloudHsmClusterId', 'KeyStorePassword'] as const).find((member) => input[member] !== undefined)
  const ofProxy = [...PROXY_MEMBERS, ...SERVICE_MEMBERS].find((member) => input[member] !== undefined)
  if (ofCluster !== undefined && ofProxy !== undefined) throw notTogether(ofCluster, ofProxy)
}

export function notTogether(one: string, other: string): KmsError {
  return new KmsError('ValidationException', `You cannot specify ${one} and ${other} in the same request.`)
}
