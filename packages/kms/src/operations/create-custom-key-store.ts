/**
 * CreateCustomKeyStore: answers what AWS answers of a cluster that is not there and a proxy that cannot be reached.
 *
 * @spec KMS operations, CreateCustomKeyStore; custom-key-stores, M14
 */

import { KmsError } from '../errors.ts'
import { assertWhole, storeTypeOf } from '../key-store/store-members.ts'
import type { NoTargets, Operation } from '../operation.ts'

export const createCustomKeyStore: Operation<'CreateCustomKeyStore', NoTargets> = {
  name: 'CreateCustomKeyStore',
  quota: 'change',
  isReadOnly: false,
  audited: [
    'CloudHsmClusterId',
    'CustomKeyStoreName',
    'CustomKeyStoreType',
    'XksProxyConnectivity',
    'XksProxyUriEndpoint',
    'XksProxyUriPath',
    'XksProxyVpcEndpointServiceName',
    'XksProxyVpcEndpointServiceOwner',
  ],
  targets: {},

  check(input) {
    assertWhole(input)
  },

  async perform(_permit, input) {
    if (storeTypeOf(input) === 'AWS_CLOUDHSM') {
      throw new KmsError('CloudHsmClusterNotFoundException', `Cluster ${input.CloudHsmClusterId} is not found.`)
    }
    if (input.XksProxyVpcEndpointServiceName !== undefined) {
      throw new KmsError(
        'XksProxyVpcEndpointServiceNotFoundException',
        `VPC endpoint service ${input.XksProxyVpcEndpointServiceName} is not found.`,
      )
    }
    throw new KmsError(
      'XksProxyUriUnreachableException',
      'AWS KMS cannot communicate with the external key store proxy. This might be a transient network issue. ' +
        'If you see this error repeatedly, verify that your external key store proxy is active and is connected to the ' +
        'network, and that its endpoint URI is correct in your external key store.',
    )
  },
}
