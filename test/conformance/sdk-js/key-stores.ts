/** Custom key stores: each operation once with what it answers where there is none. */
import { expect } from 'vitest'
import { type Successes, expectAnswer, expectRefusal } from './answers.ts'

const CustomKeyStoreId = 'cks-1234567890abcdef0'
const NOT_FOUND = ['CustomKeyStoreNotFoundException', `Custom key store ${CustomKeyStoreId} is not found.`] as const

export const KEY_STORE_ANSWERS = {
  async ConnectCustomKeyStore(kms) {
    await expectRefusal(kms.connectCustomKeyStore({ CustomKeyStoreId }), ...NOT_FOUND)
  },

  async CreateCustomKeyStore(kms) {
    const cluster = {
      CustomKeyStoreName: 'mine',
      CloudHsmClusterId: 'cluster-2a34b5cdefg',
      KeyStorePassword: 'kmsPswd12',
      TrustAnchorCertificate: '-----BEGIN CERTIFICATE-----',
    }
    const message = 'Cluster cluster-2a34b5cdefg is not found.'
    await expectRefusal(kms.createCustomKeyStore(cluster), 'CloudHsmClusterNotFoundException', message)
  },

  async DeleteCustomKeyStore(kms) {
    await expectRefusal(kms.deleteCustomKeyStore({ CustomKeyStoreId }), ...NOT_FOUND)
  },

  async DescribeCustomKeyStores(kms) {
    expect(await expectAnswer(kms.describeCustomKeyStores())).toStrictEqual({ CustomKeyStores: [], Truncated: false })
    await expectRefusal(kms.describeCustomKeyStores({ CustomKeyStoreId }), ...NOT_FOUND)
  },

  async DisconnectCustomKeyStore(kms) {
    await expectRefusal(kms.disconnectCustomKeyStore({ CustomKeyStoreId }), ...NOT_FOUND)
  },

  async UpdateCustomKeyStore(kms) {
    await expectRefusal(kms.updateCustomKeyStore({ CustomKeyStoreId }), ...NOT_FOUND)
  },
} satisfies Partial<Successes>
