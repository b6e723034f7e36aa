/**
 * `softkms serve` on PostgreSQL, and PostgreSQL itself, killed at random moments while writers are at work: nothing
 * acknowledged is lost.
 *
 * 5 kills; 50 in the slow run. Every second one is the database's.
 */
import { randomBytes, randomInt } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { KMS, KMSServiceException } from '@aws-sdk/client-kms'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startCommandWith } from '../support/command.ts'
import { lacksPostgres, type PostgresServer, startPostgres } from '../support/postgres-server.ts'
import { isSlow } from '../support/runs.ts'
import { Witness, createDraw } from './witness.ts'

const KILLS = isSlow ? 50 : 5
const WRITERS = 4
const LONGEST_LIFE_MS = 600
const EACH_KILL_MS = 30_000

let postgres: PostgresServer | undefined
beforeAll(async () => {
  if (!lacksPostgres()) postgres = await startPostgres()
}, 60_000)
afterAll(() => postgres?.stop())

const LEAVES_OPEN: ReadonlySet<string> = new Set(['DependencyTimeoutException', 'KMSInternalException'])

/** Whether nothing is known of what was asked: the server or the database is gone. */
const isFault = (error: unknown): boolean => !(error instanceof KMSServiceException) || LEAVES_OPEN.has(error.name)

test.skipIf(lacksPostgres())(
  `nothing acknowledged is lost in ${KILLS} kills (needs PostgreSQL)`,
  { timeout: KILLS * EACH_KILL_MS },
  async () => {
    const seed = randomInt(2 ** 32)
    const draw = createDraw(seed)
    const witness = new Witness(draw)
    const environment = { SOFTKMS_ROOT_KEY: randomBytes(32).toString('base64') }
    const url = (await postgres?.createDatabase()) ?? ''
    for (let kill = 0; kill <= KILLS; kill++) {
      const server = startCommandWith(environment, 'serve', '--port', '0', '--store', url)
      const [, endpoint = ''] = await server.line(/^AWS_ENDPOINT_URL_KMS=(.*)$/m)
      const credentials = { accessKeyId: '000000000000', secretAccessKey: 'any' }
      const kms = new KMS({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 })
      await witness.expectAllKept(kms).catch((cause: unknown) => {
        throw new Error(`after ${kill} kills, seed ${seed}`, { cause })
      })
      const load = { isOver: kill === KILLS }
      const writing = Array.from({ length: WRITERS }, async () => {
        while (!load.isOver) await witness.tryOnce(kms, isFault)
      })
      await wait(100 + draw(LONGEST_LIFE_MS))
      if (kill % 2 === 1) {
        await postgres?.kill()
        await postgres?.restart()
        // The server goes on with the database that is there again.
        await wait(draw(LONGEST_LIFE_MS))
      }
      load.isOver = true
      server.process.kill('SIGKILL')
      await Promise.all([server.ended, ...writing])
      kms.destroy()
    }
    expect(witness.acknowledged).toBeGreaterThan(KILLS)
    process.stdout.write(`${KILLS} kills, ${witness.acknowledged} acknowledged writes, 0 lost\n`)
  },
)
