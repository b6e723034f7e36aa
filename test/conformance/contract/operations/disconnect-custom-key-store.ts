import type { Contract } from '../contract.ts'
import { CustomKeyStoreId, LATER, NO_SUCH_STORE, namesTheStore } from './key-stores.ts'

export const disconnectCustomKeyStore: Contract<'DisconnectCustomKeyStore'> = {
  operation: 'DisconnectCustomKeyStore',
  request: async () => ({ CustomKeyStoreId }),
  later: LATER,
  members: { CustomKeyStoreId: namesTheStore('DisconnectCustomKeyStore') },
  errors: { CustomKeyStoreNotFoundException: NO_SUCH_STORE },
}
