import type { Kms } from 'softkms'
import type { Contract } from '../contract.ts'
import { createKey } from './scenes.ts'

export async function createEncapsulationKey(setup: Kms): Promise<string> {
  return createKey(setup, { KeySpec: 'ML_KEM_512', KeyUsage: 'ENCAPSULATE_DECAPSULATE' })
}

export const encapsulate: Contract<'Encapsulate'> = {
  operation: 'Encapsulate',
  request: async ({ setup }) => ({ KeyId: await createEncapsulationKey(setup), EncapsulationAlgorithm: 'ML_KEM' }),

  members: {},

  errors: {},
}
