/** UpdateCustomKeyStore: answers that there is no such store. @spec KMS operations, UpdateCustomKeyStore */

import { keyStoreNotFound } from '../key-store/key-store.ts'
import { assertOfOneType } from '../key-store/store-members.ts'
import type { NoTargets, Operation } from '../operation.ts'

export const updateCustomKeyStore: Operation<'UpdateCustomKeyStore', NoTargets> = {
  name: 'UpdateCustomKeyStore',
  quota: 'change',
  isReadOnly: false,
  audited: [
    'CloudHsmClusterId',
    'CustomKeyStoreId',
    'NewCustomKeyStoreName',
    'XksProxyConnectivity',
    'XksProxyUriEndpoint',
    'XksProxyUriPath',
    'XksProxyVpcEndpointServiceName',
    'XksProxyVpcEndpointServiceOwner',
  ],
  targets: {},

  check(input) {
    assertOfOneType(input)
  },

  async perform(_permit, { CustomKeyStoreId }) {
    throw keyStoreNotFound(CustomKeyStoreId)
  },
}
