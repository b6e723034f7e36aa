import type { Contract } from '../contract.ts'
import { CustomKeyStoreId, LATER, NO_SUCH_STORE, namesTheStore } from './key-stores.ts'

export const connectCustomKeyStore: Contract<'ConnectCustomKeyStore'> = {
  operation: 'ConnectCustomKeyStore',
  request: async () => ({ CustomKeyStoreId }),
  later: LATER,
  members: { CustomKeyStoreId: namesTheStore('ConnectCustomKeyStore') },
  errors: { CustomKeyStoreNotFoundException: NO_SUCH_STORE },
}
