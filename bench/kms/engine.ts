/**
 * The whole engine in this process: pipeline, store, envelope and HSM, with no wire between.
 *
 * Policies decide, states are asked and every request is recorded, as on a server.
 */

import { KEY_SPECS, type KeyFamilyName, type KeySpec, type PrimitiveGroup } from '@softkms/hsm'
import { createMemoryAudit } from '@softkms/kms'
import { createKms } from 'softkms'
import { createBenchKeys } from '../../packages/cli/src/bench/bench-keys.ts'
import { operationsOfSpec } from '../../packages/cli/src/bench/operations.ts'
import type { LevelBench } from '../level.ts'
import { type Pace, measureAll } from '../measure.ts'
import { type OwnProvider, readyProviders } from '../providers.ts'
import type { Entry } from '../row.ts'

const GROUPS: Readonly<Record<KeyFamilyName, readonly PrimitiveGroup[]>> = {
  symmetric: ['AES-256-GCM', 'HMAC'],
  hmac: ['HMAC'],
  rsa: ['RSA'],
  ec: ['ECDSA', 'ECDH'],
  edwards: ['Ed25519'],
  'ml-dsa': ['ML-DSA'],
  'ml-kem': ['ML-KEM'],
}

/** To make a key with BigInt. */
const TAKES_SECONDS: ReadonlySet<KeySpec> = new Set<KeySpec>(['RSA_3072', 'RSA_4096'])

export const benchEngine: LevelBench = async (task) => {
  const entries: Entry[] = []
  for (const own of await readyProviders(task.providers)) entries.push(...(await entriesOf(own, task.pace)))
  task.begin(entries.map(({ provider }) => provider))
  await measureAll('engine', entries, task)
}

async function entriesOf({ name, provider, computes }: OwnProvider, { isQuick }: Pace): Promise<readonly Entry[]> {
  const kms = await createKms({ provider, audit: createMemoryAudit() })
  const call = async (operation: string, input: object) => kms.execute(operation, input, kms.defaults)
  const members = async (operation: string, input: object) => (await call(operation, input)) as Record<string, unknown>
  const { find } = createBenchKeys(members)
  return (Object.keys(KEY_SPECS) as KeySpec[])
    .filter((spec) => !isQuick || !TAKES_SECONDS.has(spec))
    .filter((spec) => computes(...GROUPS[KEY_SPECS[spec].family]))
    .flatMap((spec) => operationsOfSpec(members, spec, find))
    .map((subject) => ({ provider: name, subject }))
}
