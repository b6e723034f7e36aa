/** Keys of several Regions. */
import type { Kms } from 'softkms'
import { createKey } from './scenes.ts'

/** @returns the id of a key that has a replica there */
export async function createReplicated(setup: Kms, ReplicaRegion: string): Promise<string> {
  const KeyId = await createKey(setup, { MultiRegion: true })
  await setup.replicateKey({ KeyId, ReplicaRegion })
  // The replica is ready with the next request.
  await setup.describeKey({ KeyId })
  return KeyId
}
