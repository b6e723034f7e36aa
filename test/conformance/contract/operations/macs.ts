/** What both operations on MACs need. */
import type { Kms } from 'softkms'
import { createKey } from './scenes.ts'

export const MacAlgorithm = 'HMAC_SHA_256'

export async function createMacKey(setup: Kms): Promise<string> {
  return createKey(setup, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
}
