/** ConnectCustomKeyStore: answers that there is no such store. @spec KMS operations, ConnectCustomKeyStore */

import { keyStoreNotFound } from '../key-store/key-store.ts'
import type { NoTargets, Operation } from '../operation.ts'

export const connectCustomKeyStore: Operation<'ConnectCustomKeyStore', NoTargets> = {
  name: 'ConnectCustomKeyStore',
  quota: 'change',
  isReadOnly: false,
  audited: ['CustomKeyStoreId'],
  targets: {},

  async perform(_permit, { CustomKeyStoreId }) {
    throw keyStoreNotFound(CustomKeyStoreId)
  },
}
