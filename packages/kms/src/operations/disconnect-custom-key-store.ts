/** DisconnectCustomKeyStore: answers that there is no such store. @spec KMS operations, DisconnectCustomKeyStore */

import { keyStoreNotFound } from '../key-store/key-store.ts'
import type { NoTargets, Operation } from '../operation.ts'

export const disconnectCustomKeyStore: Operation<'DisconnectCustomKeyStore', NoTargets> = {
  name: 'DisconnectCustomKeyStore',
  quota: 'change',
  isReadOnly: false,
  audited: ['CustomKeyStoreId'],
  targets: {},

  async perform(_permit, { CustomKeyStoreId }) {
    throw keyStoreNotFound(CustomKeyStoreId)
  },
}
