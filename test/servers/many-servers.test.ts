/**
 * Three servers on one PostgreSQL, as three processes: what any of them is told holds for all, and any one of them may
 * end at any time.
 */
import { randomBytes } from 'node:crypto'
import { KMS } from '@aws-sdk/client-kms'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type RunningCommand, startCommandWith } from '../support/command.ts'
import { wrapUnder } from '../support/import-material.ts'
import { startBalancer } from '../support/balancer.ts'
import { lacksPostgres, type PostgresServer, startPostgres } from '../support/postgres-server.ts'

const TOKEN = '0123456789abcdef0123456789abcdef'
const SERVERS = 3

interface Served {
  readonly url: string
  readonly port: number
  readonly kms: KMS
  readonly command: RunningCommand
}

describe.skipIf(lacksPostgres())('three servers (needs PostgreSQL)', () => {
  let postgres: PostgresServer
  let store: readonly string[]
  let servers: Served[]
  const environment = { SOFTKMS_ROOT_KEY: randomBytes(32).toString('base64') }
  const clients: KMS[] = []

  beforeAll(async () => {
    postgres = await startPostgres()
  }, 60_000)
  afterAll(() => postgres.stop())
  beforeEach(async () => {
    store = ['--store', await postgres.createDatabase()]
    // All at once: one of them makes the tables, and one of them the keyring.
    servers = await Promise.all(Array.from({ length: SERVERS }, start))
  }, 60_000)
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy()
    for (const { command } of servers) command.process.kill('SIGTERM')
    await Promise.all(servers.map(({ command }) => command.ended))
  })

  async function start(): Promise<Served> {
    const command = startCommandWith(environment, 'serve', '--port', '0', ...store, '--control-token', TOKEN)
    const ended = command.ended.then(({ stderr }) => {
      throw new Error(`a server did not start: ${stderr}`)
    })
    const [, url = ''] = await Promise.race([command.line(/^AWS_ENDPOINT_URL_KMS=(.*)$/m), ended])
    return { url, port: Number(new URL(url).port), kms: connect(url), command }
  }

  function connect(endpoint: string): KMS {
    const credentials = { accessKeyId: '000000000000', secretAccessKey: 'any' }
    const client = new KMS({ endpoint, region: 'us-east-1', credentials })
    clients.push(client)
    return client
  }

  const each = <Result>(ask: (kms: KMS, index: number) => Promise<Result>): Promise<Result>[] =>
    servers.map(({ kms }, index) => ask(kms, index))

  const nameOf = (error: unknown): string => (error instanceof Error ? error.name : String(error))

  async function createKey(): Promise<string> {
    const [first] = servers
    return (await first?.kms.createKey({}))?.KeyMetadata?.KeyId ?? ''
  }

  test('no update is lost, names are one, and what is counted is counted once', { timeout: 120_000 }, async () => {
    const KeyId = await createKey()
    const Tags = (index: number, i: number) => [{ TagKey: `tag-${index}-${i}`, TagValue: 'set' }]
    const outcomes = await Promise.all([
      // Different tags of one key, by all at once.
      ...each(async (kms, index) => {
        for (let i = 0; i < 8; i++) await kms.tagResource({ KeyId, Tags: Tags(index, i) })
        return 'tagged'
      }),
      // One name, by all at once.
      ...each((kms) => kms.createAlias({ AliasName: 'alias/one', TargetKeyId: KeyId }).then(() => 'made', nameOf)),
      ...each((kms) => kms.rotateKeyOnDemand({ KeyId }).then(() => 'rotated', nameOf)),
      ...each(async (kms, index) => {
        for (let i = 0; i < 5; i++) {
          await kms.createGrant({
            KeyId,
            GranteePrincipal: `arn:aws:iam::000000000000:role/r${index}-${i}`,
            Operations: ['Decrypt'],
          })
        }
        return 'granted'
      }),
    ])
    expect(outcomes.filter((one) => one === 'tagged' || one === 'granted')).toHaveLength(2 * SERVERS)
    const aliases = outcomes.slice(SERVERS, 2 * SERVERS)
    expect(aliases.toSorted()).toEqual(['AlreadyExistsException', 'AlreadyExistsException', 'made'])
    const rotations = outcomes.slice(2 * SERVERS, 3 * SERVERS).filter((one) => one === 'rotated').length
    expect(rotations).toBeGreaterThanOrEqual(1)
    for (const { kms } of servers) {
      expect((await kms.listResourceTags({ KeyId, Limit: 50 })).Tags).toHaveLength(8 * SERVERS)
      expect((await kms.listGrants({ KeyId, Limit: 100 })).Grants).toHaveLength(5 * SERVERS)
      expect((await kms.listKeyRotations({ KeyId })).Rotations).toHaveLength(rotations)
      expect((await kms.listAliases({ KeyId })).Aliases).toHaveLength(1)
    }
  })

  test(
    'a key that was disabled is refused everywhere as soon as that was acknowledged',
    { timeout: 120_000 },
    async () => {
      const KeyId = await createKey()
      const [first] = servers
      const { CiphertextBlob } = (await first?.kms.encrypt({ KeyId, Plaintext: Buffer.from('x') })) ?? {}
      for (let round = 0; round < 10; round++) {
        const change = servers[round % SERVERS]
        await change?.kms.disableKey({ KeyId })
        const refusals = await Promise.all(each((kms) => kms.decrypt({ CiphertextBlob }).then(() => 'opened', nameOf)))
        expect(refusals).toEqual(['DisabledException', 'DisabledException', 'DisabledException'])
        await change?.kms.enableKey({ KeyId })
        const answers = await Promise.all(each((kms) => kms.decrypt({ CiphertextBlob }).then(() => 'opened', nameOf)))
        expect(answers).toEqual(['opened', 'opened', 'opened'])
      }
    },
  )

  test('a domain key that one of them rotated is known to all, while all are used', { timeout: 120_000 }, async () => {
    const keys = await Promise.all(each(async (kms) => (await kms.createKey({})).KeyMetadata?.KeyId ?? ''))
    const rotate = startCommandWith(
      environment,
      'rotate-domain-key',
      '--endpoint-url',
      servers[0]?.url ?? '',
      '--control-token',
      TOKEN,
    )
    const rotation = { isDone: false }
    const using = each(async (kms) => {
      let count = 0
      while (!rotation.isDone || count < 20) {
        for (const KeyId of keys) {
          const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: Buffer.from('secret') })
          expect(Buffer.from((await kms.decrypt({ CiphertextBlob })).Plaintext ?? []).toString()).toBe('secret')
        }
        await kms.createKey({})
        count += 1
      }
    })
    const { code, stdout } = await rotate.ended
    rotation.isDone = true
    expect([code, stdout.startsWith('There is a new domain key')]).toEqual([0, true])
    await Promise.all(using)
    for (const { command } of servers) expect(command.stderr()).toBe('')
  })

  test('keep key material and the root key nowhere in the clear', { timeout: 120_000 }, async () => {
    const material = randomBytes(32)
    const kms = connect(servers[0]?.url ?? '')
    const { KeyMetadata } = await kms.createKey({ Origin: 'EXTERNAL' })
    const KeyId = KeyMetadata?.KeyId
    const { ImportToken, PublicKey = new Uint8Array(0) } = await kms.getParametersForImport({
      KeyId,
      WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
      WrappingKeySpec: 'RSA_2048',
    })
    const EncryptedKeyMaterial = wrapUnder('RSAES_OAEP_SHA_256', PublicKey, material)
    const ExpirationModel = 'KEY_MATERIAL_DOES_NOT_EXPIRE'
    await kms.importKeyMaterial({ KeyId, ImportToken, EncryptedKeyMaterial, ExpirationModel })
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: Buffer.from('secret') })
    // The material was imported and is used, by another server.
    expect((await servers[1]?.kms.decrypt({ CiphertextBlob }))?.KeyId).toBe(KeyMetadata?.Arn)
    const logs = servers.map(({ command }) => Buffer.from(command.stdout() + command.stderr()))
    const everything = [...(await postgres.readAll()), ...logs]
    expect(everything.some((bytes) => bytes.includes(KeyId ?? ''))).toBe(true)
    for (const secret of [material, Buffer.from(environment.SOFTKMS_ROOT_KEY, 'base64')]) {
      for (const form of [secret, secret.toString('hex'), secret.toString('base64'), secret.toString('base64url')]) {
        expect(everything.some((bytes) => bytes.includes(form))).toBe(false)
      }
    }
  })

  test('one that is killed under load costs no request that an SDK tries again', { timeout: 120_000 }, async () => {
    const balancer = await startBalancer(() => servers.map(({ port }) => port))
    try {
      const KeyId = await createKey()
      const kms = connect(balancer.url)
      const load = { isOver: false }
      let answered = 0
      const working = Array.from({ length: 8 }, async () => {
        while (!load.isOver) {
          const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: Buffer.from('secret') })
          const { Plaintext } = await kms.decrypt({ CiphertextBlob })
          expect(Buffer.from(Plaintext ?? []).toString()).toBe('secret')
          answered += 2
        }
      })
      for (const victim of [0, 1, 2]) {
        await new Promise((resolve) => setTimeout(resolve, 1000))
        servers[victim]?.command.process.kill('SIGKILL')
        await servers[victim]?.command.ended
        await new Promise((resolve) => setTimeout(resolve, 1000))
        servers[victim] = await start()
      }
      load.isOver = true
      await Promise.all(working)
      expect(answered).toBeGreaterThan(0)
      process.stdout.write(`3 kills under load, ${answered} requests answered, 0 lost\n`)
    } finally {
      await balancer.close()
    }
  })
})
