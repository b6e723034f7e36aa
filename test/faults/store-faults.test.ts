/**
 * A store that fails at any step, while several writers are at work in an order that a seed decides: what was acknowledged
 * is there, and the engine has kept nothing in mind that the store does not have.
 *
 * 15 seeds; 2,000 in the slow run.
 */
import { KMS, KMSServiceException } from '@aws-sdk/client-kms'
import { createHsm } from '@softkms/hsm'
import { requestHandler } from '@softkms/server'
import { createKms } from 'softkms'
import { expect, test } from 'vitest'
import { Witness, createDraw } from '../crash/witness.ts'
import { createFaultyStore } from '../support/faulty-store.ts'
import { runs } from '../support/runs.ts'
import { createSlowStore } from '../support/slow-store.ts'

const SEEDS = runs(15, 2000)
const WRITERS = 4
const WRITES = 30
/** What the engine answers when the store leaves open what was done. */
const FAULTS: ReadonlySet<string> = new Set(['KMSInternalException', 'DependencyTimeoutException'])

const isFault = (error: unknown): boolean => error instanceof KMSServiceException && FAULTS.has(error.name)

const connect = (kms: Parameters<typeof requestHandler>[0]): KMS =>
  new KMS({
    region: 'us-east-1',
    credentials: { accessKeyId: '000000000000', secretAccessKey: 'any' },
    maxAttempts: 1,
    requestHandler: requestHandler(kms),
  })

/** All that there is to see. */
async function see(kms: KMS): Promise<unknown> {
  const { Keys = [] } = await kms.listKeys({ Limit: 1000 })
  return Promise.all(
    Keys.map(async ({ KeyId }) => ({
      key: (await kms.describeKey({ KeyId })).KeyMetadata,
      aliases: (await kms.listAliases({ KeyId })).Aliases,
      grants: (await kms.listGrants({ KeyId })).Grants,
      rotations: (await kms.listKeyRotations({ KeyId })).Rotations,
      policy: (await kms.getKeyPolicy({ KeyId })).Policy,
    })),
  )
}

const counts = { faults: 0, acknowledged: 0 }

test(
  `nothing acknowledged is lost, and nothing else is remembered, by ${SEEDS} seeds`,
  { timeout: 60_000 + SEEDS * 2000 },
  async () => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const draw = createDraw(seed)
      const memory = createSlowStore(seed)
      const store = createFaultyStore(memory, draw)
      const hsm = createHsm()
      const kms = connect(await createKms({ hsm, store }))
      const witness = new Witness(draw)
      const writing = Array.from({ length: WRITERS }, async () => {
        for (let i = 0; i < WRITES; i++) await witness.tryOnce(kms, isFault)
      })
      try {
        await Promise.all(writing)
        store.heal()
        await witness.expectAllKept(kms)
        // An engine that has seen nothing sees the same.
        expect(await see(connect(await createKms({ hsm, store: memory })))).toEqual(await see(kms))
      } catch (cause) {
        throw new Error(`seed ${seed}`, { cause })
      }
      counts.faults += store.faults
      counts.acknowledged += witness.acknowledged
    }
    expect(counts.faults).toBeGreaterThan(SEEDS)
    expect(counts.acknowledged).toBeGreaterThan(SEEDS)
    process.stdout.write(`${counts.faults} faults, ${counts.acknowledged} acknowledged writes, 0 lost\n`)
  },
)
