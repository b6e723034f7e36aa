/**
 * `softkms serve` on SQLite, killed at random moments while four writers are at work: nothing acknowledged is lost.
 *
 * 10 kills; 200 in the slow run, which prints how many writes they were and how many were lost.
 */
import { randomBytes, randomInt } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { KMS } from '@aws-sdk/client-kms'
import { expect, test } from 'vitest'
import { startCommandWith } from '../support/command.ts'
import { isSlow } from '../support/runs.ts'
import { makeFolder } from '../support/sqlite-folder.ts'
import { Witness, createDraw } from './witness.ts'

const KILLS = isSlow ? 200 : 10
const WRITERS = 4
const LONGEST_LIFE_MS = 400
const EACH_KILL_MS = 20_000

test(`nothing acknowledged is lost in ${KILLS} kills`, { timeout: KILLS * EACH_KILL_MS }, async () => {
  const folder = makeFolder()
  const seed = randomInt(2 ** 32)
  const draw = createDraw(seed)
  const witness = new Witness(draw)
  const environment = { SOFTKMS_ROOT_KEY: randomBytes(32).toString('base64') }
  for (let kill = 0; kill <= KILLS; kill++) {
    const server = startCommandWith(environment, 'serve', '--port', '0', '--store', `sqlite:${folder}`)
    const [, endpoint = ''] = await server.line(/^AWS_ENDPOINT_URL_KMS=(.*)$/m)
    const kms = new KMS({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: '000000000000', secretAccessKey: 'any' },
      maxAttempts: 1,
    })
    await witness.expectAllKept(kms).catch((cause: unknown) => {
      throw new Error(`after ${kill} kills, seed ${seed}`, { cause })
    })
    const written = kill < KILLS ? Array.from({ length: WRITERS }, () => witness.writeUntilGone(kms)) : []
    await wait(draw(LONGEST_LIFE_MS))
    server.process.kill('SIGKILL')
    await Promise.all([server.ended, ...written])
    kms.destroy()
  }
  expect(witness.acknowledged).toBeGreaterThan(KILLS)
  process.stdout.write(`${KILLS} kills, ${witness.acknowledged} acknowledged writes, 0 lost\n`)
})
