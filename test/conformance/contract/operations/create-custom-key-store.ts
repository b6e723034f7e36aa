import { expect } from 'vitest'
import type { Contract, MemberCase } from '../contract.ts'
import { LATER, OF_CLUSTER, OF_PROXY, isNeededIn } from './key-stores.ts'

const ofCluster: MemberCase = isNeededIn(OF_CLUSTER, 'CloudHsmClusterNotFoundException')
const ofProxy: MemberCase = isNeededIn(OF_PROXY, 'XksProxyUriUnreachableException')
const IN_VPC = {
  ...OF_PROXY,
  XksProxyConnectivity: 'VPC_ENDPOINT_SERVICE',
  XksProxyVpcEndpointServiceName: 'com.amazonaws.vpce.eu-north-1.vpce-svc-0123456789abcdef0',
} as const

export const createCustomKeyStore: Contract<'CreateCustomKeyStore'> = {
  operation: 'CreateCustomKeyStore',
  request: async () => OF_CLUSTER,
  later: LATER,

  members: {
    CustomKeyStoreName: ofCluster,
    CloudHsmClusterId: ofCluster,
    TrustAnchorCertificate: ofCluster,
    KeyStorePassword: ofCluster,
    CustomKeyStoreType: ofProxy,
    XksProxyUriEndpoint: ofProxy,
    XksProxyUriPath: ofProxy,
    XksProxyVpcEndpointServiceName: isNeededIn(IN_VPC, 'XksProxyVpcEndpointServiceNotFoundException'),
    XksProxyVpcEndpointServiceOwner: {
      does: 'is for proxies in a VPC alone',
      async test({ kms }) {
        const request = kms.createCustomKeyStore({ ...OF_PROXY, XksProxyVpcEndpointServiceOwner: '111122223333' })
        await expect(request).rejects.toMatchObject({
          name: 'ValidationException',
          message: 'XksProxyVpcEndpointServiceOwner is valid only with XksProxyConnectivity VPC_ENDPOINT_SERVICE.',
        })
      },
    },
    XksProxyAuthenticationCredential: ofProxy,
    'XksProxyAuthenticationCredential.AccessKeyId': ofProxy,
    'XksProxyAuthenticationCredential.RawSecretAccessKey': ofProxy,
    XksProxyConnectivity: ofProxy,
  },

  errors: {
    CloudHsmClusterNotFoundException: {
      when: 'there is no such cluster',
      provoke: async () => ({ input: OF_CLUSTER, message: 'Cluster cluster-2a34b5cdefg is not found.' }),
    },
    LimitExceededException: { later: LATER },
    ValidationException: {
      when: 'it is said half how the store is reached',
      provoke: async () => ({
        input: { ...OF_CLUSTER, KeyStorePassword: undefined },
        message: 'KeyStorePassword is required.',
      }),
    },
    XksProxyUriUnreachableException: {
      when: 'the proxy cannot be reached',
      provoke: async () => ({
        input: OF_PROXY,
        message:
          'AWS KMS cannot communicate with the external key store proxy. This might be a transient network issue. ' +
          'If you see this error repeatedly, verify that your external key store proxy is active and is connected to ' +
          'the network, and that its endpoint URI is correct in your external key store.',
      }),
    },
    XksProxyVpcEndpointServiceNotFoundException: {
      when: 'there is no such VPC endpoint service',
      provoke: async () => ({
        input: IN_VPC,
        message: `VPC endpoint service ${IN_VPC.XksProxyVpcEndpointServiceName} is not found.`,
      }),
    },
  },
}
