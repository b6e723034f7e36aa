/** The keys that a bench makes for itself, and takes away again. */

import type { KeySpec, KmsKeyUsage } from '@softkms/hsm'
import type { CallKms, FindKey } from './operation.ts'

/** The shortest that KMS allows. */
const PENDING_WINDOW_DAYS = 7

export interface BenchKeys {
  /** Makes a key of a spec and a usage when it is first asked for. */
  readonly find: FindKey
  /** Schedules the deletion of all that were made. @returns those that could not be, and why */
  release(): Promise<readonly { readonly keyId: string; readonly reason: string }[]>
}

export function createBenchKeys(call: CallKms): BenchKeys {
  const keys = new Map<string, Promise<string>>()
  const make = async (spec: KeySpec, usage: KmsKeyUsage): Promise<string> => {
    const { KeyMetadata } = await call('CreateKey', { KeySpec: spec, KeyUsage: usage, Description: 'softkms bench' })
    return (KeyMetadata as { readonly KeyId: string }).KeyId
  }
  return {
    find(spec, usage) {
      const name = `${spec} ${usage}`
      const key = keys.get(name) ?? make(spec, usage)
      keys.set(name, key)
      return key
    },
    async release() {
      const made = (await Promise.allSettled(keys.values())).flatMap((one) =>
        one.status === 'fulfilled' ? one.value : [],
      )
      const releases = made.map(async (KeyId) =>
        call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: PENDING_WINDOW_DAYS }).then(
          () => [],
          (error: unknown) => [{ keyId: KeyId, reason: error instanceof Error ? error.message : String(error) }],
        ),
      )
      return (await Promise.all(releases)).flat()
    },
  }
}
