/**
 * Custom key stores, of which there are none: what is asked of them is checked, authorized and then refused as AWS
 * refuses it for a store, a cluster or a proxy that is not there.
 *
 * @covers KMS custom-key-stores, section B
 */
import type { ImplementedOperation, KmsErrorCode } from '@softkms/kms'
import { expect, test } from 'vitest'
import { bytesOf, call, expectRefusal, refusalOf, startKms } from '../../support/kms-fixture.ts'
import { USER, allow, policyOf, startPolicyScene } from '../../support/policy-scene.ts'

const CLUSTER = {
  CustomKeyStoreName: 'mine',
  CloudHsmClusterId: 'cluster-2a34b5cdefg',
  KeyStorePassword: 'kmsPswd12',
  TrustAnchorCertificate: '-----BEGIN CERTIFICATE-----',
}
const PROXY = {
  CustomKeyStoreName: 'mine',
  CustomKeyStoreType: 'EXTERNAL_KEY_STORE',
  XksProxyConnectivity: 'PUBLIC_ENDPOINT',
  XksProxyUriEndpoint: 'https://xks.example.com',
  XksProxyUriPath: '/prefix/kms/xks/v1',
  XksProxyAuthenticationCredential: { AccessKeyId: 'A'.repeat(20), RawSecretAccessKey: 'a'.repeat(43) },
}
const SERVICE = {
  XksProxyConnectivity: 'VPC_ENDPOINT_SERVICE',
  XksProxyVpcEndpointServiceName: 'com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0',
}
const ID = { CustomKeyStoreId: 'cks-1234567890abcdef0' }
const NOT_FOUND = 'Custom key store cks-1234567890abcdef0 is not found.'

test.each<readonly [ImplementedOperation, object, KmsErrorCode, string]>([
  ['ConnectCustomKeyStore', ID, 'CustomKeyStoreNotFoundException', NOT_FOUND],
  ['DisconnectCustomKeyStore', ID, 'CustomKeyStoreNotFoundException', NOT_FOUND],
  ['DeleteCustomKeyStore', ID, 'CustomKeyStoreNotFoundException', NOT_FOUND],
  ['UpdateCustomKeyStore', ID, 'CustomKeyStoreNotFoundException', NOT_FOUND],
  ['UpdateCustomKeyStore', { ...ID, KeyStorePassword: 'kmsPswd12' }, 'CustomKeyStoreNotFoundException', NOT_FOUND],
  ['DescribeCustomKeyStores', ID, 'CustomKeyStoreNotFoundException', NOT_FOUND],
  [
    'DescribeCustomKeyStores',
    { CustomKeyStoreName: 'mine' },
    'CustomKeyStoreNotFoundException',
    'Custom key store mine is not found.',
  ],
  ['CreateCustomKeyStore', CLUSTER, 'CloudHsmClusterNotFoundException', 'Cluster cluster-2a34b5cdefg is not found.'],
  [
    'CreateCustomKeyStore',
    { ...CLUSTER, CustomKeyStoreType: 'AWS_CLOUDHSM' },
    'CloudHsmClusterNotFoundException',
    'Cluster cluster-2a34b5cdefg is not found.',
  ],
  [
    'CreateCustomKeyStore',
    PROXY,
    'XksProxyUriUnreachableException',
    'AWS KMS cannot communicate with the external key store proxy. This might be a transient network issue. If you ' +
      'see this error repeatedly, verify that your external key store proxy is active and is connected to the ' +
      'network, and that its endpoint URI is correct in your external key store.',
  ],
  [
    'CreateCustomKeyStore',
    { ...PROXY, ...SERVICE, XksProxyVpcEndpointServiceOwner: '111122223333' },
    'XksProxyVpcEndpointServiceNotFoundException',
    `VPC endpoint service ${SERVICE.XksProxyVpcEndpointServiceName} is not found.`,
  ],
])('%s of what is not there: %o', async (operation, input, code, message) => {
  await expectRefusal(await startKms(), operation, input, code, message)
})

test.each<readonly [ImplementedOperation, object, string]>([
  ...(['CloudHsmClusterId', 'KeyStorePassword', 'TrustAnchorCertificate'] as const).flatMap(
    (member): ReadonlyArray<readonly [ImplementedOperation, object, string]> => [
      ['CreateCustomKeyStore', { ...CLUSTER, [member]: undefined }, `${member} is required.`],
      [
        'CreateCustomKeyStore',
        { ...PROXY, [member]: CLUSTER[member] },
        `${member} is not valid for CustomKeyStoreType EXTERNAL_KEY_STORE.`,
      ],
    ],
  ),
  ...(
    ['XksProxyConnectivity', 'XksProxyUriEndpoint', 'XksProxyUriPath', 'XksProxyAuthenticationCredential'] as const
  ).flatMap((member): ReadonlyArray<readonly [ImplementedOperation, object, string]> => [
    ['CreateCustomKeyStore', { ...PROXY, [member]: undefined }, `${member} is required.`],
    [
      'CreateCustomKeyStore',
      { ...CLUSTER, [member]: PROXY[member] },
      `${member} is not valid for CustomKeyStoreType AWS_CLOUDHSM.`,
    ],
    [
      'UpdateCustomKeyStore',
      { ...ID, KeyStorePassword: 'kmsPswd12', [member]: PROXY[member] },
      `You cannot specify KeyStorePassword and ${member} in the same request.`,
    ],
  ]),
  [
    'CreateCustomKeyStore',
    { ...PROXY, XksProxyConnectivity: 'VPC_ENDPOINT_SERVICE' },
    'XksProxyVpcEndpointServiceName is required.',
  ],
  [
    'CreateCustomKeyStore',
    { ...PROXY, ...SERVICE, XksProxyConnectivity: 'PUBLIC_ENDPOINT' },
    'XksProxyVpcEndpointServiceName is valid only with XksProxyConnectivity VPC_ENDPOINT_SERVICE.',
  ],
  [
    'CreateCustomKeyStore',
    { ...PROXY, XksProxyVpcEndpointServiceOwner: '111122223333' },
    'XksProxyVpcEndpointServiceOwner is valid only with XksProxyConnectivity VPC_ENDPOINT_SERVICE.',
  ],
  [
    'CreateCustomKeyStore',
    { ...CLUSTER, XksProxyVpcEndpointServiceOwner: '111122223333' },
    'XksProxyVpcEndpointServiceOwner is not valid for CustomKeyStoreType AWS_CLOUDHSM.',
  ],
  [
    'UpdateCustomKeyStore',
    { ...ID, CloudHsmClusterId: CLUSTER.CloudHsmClusterId, XksProxyVpcEndpointServiceOwner: '111122223333' },
    'You cannot specify CloudHsmClusterId and XksProxyVpcEndpointServiceOwner in the same request.',
  ],
  [
    'DescribeCustomKeyStores',
    { ...ID, CustomKeyStoreName: 'mine' },
    'You cannot specify CustomKeyStoreId and CustomKeyStoreName in the same request.',
  ],
])('%s of members that do not belong together: %o', async (operation, input, message) => {
  await expectRefusal(await startKms(), operation, input, 'ValidationException', message)
})

test('there are none to describe', async () => {
  const { kms } = await startKms()
  const none = { CustomKeyStores: [], Truncated: false }
  expect(await kms.describeCustomKeyStores()).toEqual(none)
  expect(await kms.describeCustomKeyStores({ Limit: 1000 })).toEqual(none)
})

test('a marker of something else is refused', async () => {
  const fixture = await startKms()
  for (let i = 0; i < 2; i++) await fixture.kms.createKey()
  const { NextMarker } = await fixture.kms.listKeys({ Limit: 1 })
  for (const Marker of [NextMarker, 'x']) {
    await expectRefusal(fixture, 'DescribeCustomKeyStores', { Marker }, 'InvalidMarkerException', 'Invalid marker.')
  }
})

const REQUESTS: Partial<Record<ImplementedOperation, object>> = {
  ConnectCustomKeyStore: ID,
  CreateCustomKeyStore: CLUSTER,
  CreateKey: { ...ID, Origin: 'AWS_CLOUDHSM' },
  DeleteCustomKeyStore: ID,
  DescribeCustomKeyStores: ID,
  DisconnectCustomKeyStore: ID,
  GenerateRandom: { ...ID, NumberOfBytes: 1 },
  UpdateCustomKeyStore: ID,
}

test.each(Object.entries(REQUESTS))('%s asks leave before it tells what is there', async (operation, input) => {
  const { kms, iam } = await startPolicyScene()
  iam.set(USER, { identity: [policyOf(allow({ Action: 'kms:Nothing' }))] })
  const name = operation as ImplementedOperation
  const { code, message } = await refusalOf(call(kms.as(USER), name, input))
  expect(code).toBe('AccessDeniedException')
  expect(message).toContain(`User: ${USER} is not authorized to perform: kms:${name} on resource: *`)
  iam.set(USER, { identity: [policyOf(allow({ Action: `kms:${name}`, Resource: '*' }))] })
  expect((await refusalOf(call(kms.as(USER), name, input))).code).toMatch(/NotFoundException$/u)
})

test('passwords and credentials are not recorded', async () => {
  const { kms, audit } = await startKms()
  await refusalOf(call(kms, 'CreateCustomKeyStore', CLUSTER))
  await refusalOf(call(kms, 'CreateCustomKeyStore', PROXY))
  await refusalOf(call(kms, 'UpdateCustomKeyStore', { ...ID, KeyStorePassword: 'kmsPswd12' }))
  expect(audit.entries.map(({ request }) => Object.keys(request))).toEqual([
    ['CloudHsmClusterId', 'CustomKeyStoreName'],
    ['CustomKeyStoreName', 'CustomKeyStoreType', 'XksProxyConnectivity', 'XksProxyUriEndpoint', 'XksProxyUriPath'],
    ['CustomKeyStoreId'],
  ])
})

test("each of their operations has AWS's rate of five a second", async () => {
  const { kms } = await startKms({ requestRates: 'aws' })
  for (let i = 0; i < 5; i++) await kms.describeCustomKeyStores()
  expect((await refusalOf(kms.describeCustomKeyStores())).code).toBe('ThrottlingException')
  expect((await refusalOf(call(kms, 'ConnectCustomKeyStore', ID))).code).toBe('CustomKeyStoreNotFoundException')
})

test('an answer for a recipient is refused before a custom key store is looked for', async () => {
  const Recipient = { AttestationDocument: bytesOf('x'), KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' }
  const message = 'The attestation document in the request could not be verified.'
  const input = { ...ID, NumberOfBytes: 1, Recipient }
  await expectRefusal(await startKms(), 'GenerateRandom', input, 'ValidationException', message)
})
