import type { Contract } from '../contract.ts'
import { CustomKeyStoreId, LATER, NO_SUCH_STORE, namesTheStore } from './key-stores.ts'

export const deleteCustomKeyStore: Contract<'DeleteCustomKeyStore'> = {
  operation: 'DeleteCustomKeyStore',
  request: async () => ({ CustomKeyStoreId }),
  later: LATER,
  members: { CustomKeyStoreId: namesTheStore('DeleteCustomKeyStore') },
  errors: { CustomKeyStoreNotFoundException: NO_SUCH_STORE },
}
