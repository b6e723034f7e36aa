import { createMemoryStore } from '@softkms/kms'
import { describeStore } from './store.ts'

describeStore('the memory store', { open: async () => createMemoryStore() })
