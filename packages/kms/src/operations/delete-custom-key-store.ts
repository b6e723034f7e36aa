/** DeleteCustomKeyStore: answers that there is no such store. @spec KMS operations, DeleteCustomKeyStore */

import { keyStoreNotFound } from '../key-store/key-store.ts'
import type { NoTargets, Operation } from '../operation.ts'

export const deleteCustomKeyStore: Operation<'DeleteCustomKeyStore', NoTargets> = {
  name: 'DeleteCustomKeyStore',
  quota: 'change',
  isReadOnly: false,
  audited: ['CustomKeyStoreId'],
  targets: {},

  async perform(_permit, { CustomKeyStoreId }) {
    throw keyStoreNotFound(CustomKeyStoreId)
  },
}
