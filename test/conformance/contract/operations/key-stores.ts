/** Custom key stores, of which no account has one yet: what their operations answer. */
import type { OperationInputs } from '@softkms/kms'
import { expect } from 'vitest'
import type { ErrorCase, MemberCase } from '../contract.ts'
import { send } from '../send.ts'

export const CustomKeyStoreId = 'cks-1234567890abcdef0'
export const LATER = 'custom key stores'

/** Whole descriptions of stores of either type, whose cluster and whose proxy are not there. */
export const OF_CLUSTER = {
  CustomKeyStoreName: 'mine',
  CloudHsmClusterId: 'cluster-2a34b5cdefg',
  KeyStorePassword: 'kmsPswd12',
  TrustAnchorCertificate: '-----BEGIN CERTIFICATE-----',
} as const satisfies OperationInputs['CreateCustomKeyStore']
export const OF_PROXY = {
  CustomKeyStoreName: 'mine',
  CustomKeyStoreType: 'EXTERNAL_KEY_STORE',
  XksProxyConnectivity: 'PUBLIC_ENDPOINT',
  XksProxyUriEndpoint: 'https://proxy.example.com',
  XksProxyUriPath: '/kms/xks/v1',
  XksProxyAuthenticationCredential: {
    AccessKeyId: 'ABCDEFGHIJKLMNOPQRST',
    RawSecretAccessKey: 'a'.repeat(43),
  },
} as const satisfies OperationInputs['CreateCustomKeyStore']

export const NO_SUCH_STORE: ErrorCase<{ readonly CustomKeyStoreId: string }> = {
  when: 'there is no such store',
  provoke: async () => ({
    input: { CustomKeyStoreId },
    message: `Custom key store ${CustomKeyStoreId} is not found.`,
  }),
}

export function namesTheStore(
  operation: 'ConnectCustomKeyStore' | 'DeleteCustomKeyStore' | 'DisconnectCustomKeyStore' | 'UpdateCustomKeyStore',
): MemberCase {
  return {
    does: 'names the store',
    async test({ kms }) {
      const message = `Custom key store ${CustomKeyStoreId} is not found.`
      await expect(send(kms, operation, { CustomKeyStoreId })).rejects.toMatchObject({ message })
    },
  }
}

/** A member that a description must have, or else it is refused in other words. */
export function isNeededIn(input: OperationInputs['CreateCustomKeyStore'], name: string): MemberCase {
  return {
    does: `is needed in ${input.CustomKeyStoreType ?? 'AWS_CLOUDHSM'}`,
    async test({ kms }) {
      await expect(kms.createCustomKeyStore(input)).rejects.toMatchObject({ name })
    },
  }
}
