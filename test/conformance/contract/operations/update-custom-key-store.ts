import { expect } from 'vitest'
import type { Contract, MemberCase } from '../contract.ts'
import { CustomKeyStoreId, LATER, NO_SUCH_STORE, OF_CLUSTER, OF_PROXY, namesTheStore } from './key-stores.ts'

type Input = Awaited<ReturnType<Contract<'UpdateCustomKeyStore'>['request']>>

/** Of one type of store, and so refused beside what is of the other. */
function isNotFor(one: Partial<Input>, beside: Partial<Input>): MemberCase {
  return {
    does: 'is not for stores of the other type',
    async test({ kms }) {
      const request = kms.updateCustomKeyStore({ CustomKeyStoreId, ...one, ...beside })
      await expect(request).rejects.toMatchObject({ name: 'ValidationException' })
    },
  }
}

const CLUSTER = { CloudHsmClusterId: OF_CLUSTER.CloudHsmClusterId }
const ENDPOINT = { XksProxyUriEndpoint: OF_PROXY.XksProxyUriEndpoint }
const CREDENTIAL = { XksProxyAuthenticationCredential: OF_PROXY.XksProxyAuthenticationCredential }

/** Half a credential is refused for that. */
function isNeeded(): MemberCase {
  return {
    does: 'is needed in a credential',
    async test({ kms }) {
      const request = kms.updateCustomKeyStore({ CustomKeyStoreId, ...CREDENTIAL })
      await expect(request).rejects.toMatchObject({ name: 'CustomKeyStoreNotFoundException' })
    },
  }
}

export const updateCustomKeyStore: Contract<'UpdateCustomKeyStore'> = {
  operation: 'UpdateCustomKeyStore',
  request: async () => ({ CustomKeyStoreId, NewCustomKeyStoreName: 'other' }),
  later: LATER,

  members: {
    CustomKeyStoreId: namesTheStore('UpdateCustomKeyStore'),
    NewCustomKeyStoreName: { later: LATER },
    KeyStorePassword: isNotFor({ KeyStorePassword: OF_CLUSTER.KeyStorePassword }, ENDPOINT),
    CloudHsmClusterId: isNotFor(CLUSTER, ENDPOINT),
    XksProxyUriEndpoint: isNotFor(ENDPOINT, CLUSTER),
    XksProxyUriPath: isNotFor({ XksProxyUriPath: OF_PROXY.XksProxyUriPath }, CLUSTER),
    XksProxyVpcEndpointServiceName: isNotFor(
      { XksProxyVpcEndpointServiceName: 'com.amazonaws.vpce.eu-north-1.vpce-svc-0123456789abcdef0' },
      CLUSTER,
    ),
    XksProxyVpcEndpointServiceOwner: isNotFor({ XksProxyVpcEndpointServiceOwner: '111122223333' }, CLUSTER),
    XksProxyAuthenticationCredential: isNotFor(CREDENTIAL, CLUSTER),
    'XksProxyAuthenticationCredential.AccessKeyId': isNeeded(),
    'XksProxyAuthenticationCredential.RawSecretAccessKey': isNeeded(),
    XksProxyConnectivity: isNotFor({ XksProxyConnectivity: OF_PROXY.XksProxyConnectivity }, CLUSTER),
  },

  errors: { CustomKeyStoreNotFoundException: NO_SUCH_STORE },
}
