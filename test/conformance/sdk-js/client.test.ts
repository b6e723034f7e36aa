/**
 * How the AWS SDK for JavaScript behaves as a client here: whom it speaks for, how it pages, when it gives up, and what
 * it does with connections.
 *
 * @covers wire §1
 */
import { Agent } from 'node:http'
import type { Socket } from 'node:net'
import { KMS, paginateListAliases, paginateListKeys } from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACCOUNT, OTHER_ACCOUNT, OTHER_REGION, REGION, bytesOf } from '../../support/kms-fixture.ts'
import { serveKms } from '../../support/served-kms.ts'
import { DOORS, type Door } from './doors.ts'
import { createTestKey } from './keys.ts'

const secretAccessKey = 'any'
/** Leaves a request unsigned, as a client without credentials does. */
const anonymous = { sign: async <Request>(request: Request): Promise<Request> => request }

describe.each(DOORS)('$name', ({ open }) => {
  let door: Door

  beforeAll(async () => {
    door = await open()
  })
  afterAll(() => door.close())

  async function scopeOf(kms: KMS): Promise<string> {
    const { arn } = await createTestKey(kms)
    return arn.split(':').slice(1, 5).join(':')
  }

  it.each([
    ['an access key of 12 digits is the account', { accessKeyId: OTHER_ACCOUNT, secretAccessKey }, OTHER_ACCOUNT],
    [
      'any other access key stands for the default one',
      { accessKeyId: 'AKIAEXAMPLE', secretAccessKey },
      '000000000000',
    ],
    ['a session token changes nothing', { accessKeyId: ACCOUNT, secretAccessKey, sessionToken: 'any' }, ACCOUNT],
  ])('%s', async (_title, credentials, account) => {
    expect(await scopeOf(door.client({ credentials }))).toBe(`aws:kms:${REGION}:${account}`)
  })

  it.each([
    ['ap-southeast-2', 'aws'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['cn-north-1', 'aws-cn'],
  ])('a client for %s works there', async (region, partition) => {
    expect(await scopeOf(door.client({ region }))).toBe(`${partition}:kms:${region}:${ACCOUNT}`)
  })

  it('a client that does not sign gets the defaults', async () => {
    expect(await scopeOf(door.client({ signer: anonymous }))).toBe('aws:kms:us-east-1:000000000000')
  })

  it('accounts and Regions do not see each other', async () => {
    const here = door.client({ credentials: { accessKeyId: '777777777777', secretAccessKey } })
    const elsewhere = door.client({
      credentials: { accessKeyId: '777777777777', secretAccessKey },
      region: OTHER_REGION,
    })
    const { KeyId } = await createTestKey(here)
    expect((await here.listKeys()).Keys).toMatchObject([{ KeyId }])
    expect((await elsewhere.listKeys()).Keys).toEqual([])
    await expect(elsewhere.describeKey({ KeyId })).rejects.toMatchObject({ name: 'NotFoundException' })
  })

  it('paginates keys, each once', async () => {
    const client = door.client({ credentials: { accessKeyId: '888888888888', secretAccessKey } })
    const created = await Promise.all(Array.from({ length: 7 }, async () => (await createTestKey(client)).KeyId))
    const pages: number[] = []
    const listed = new Set<string | undefined>()
    for await (const { Keys = [] } of paginateListKeys({ client, pageSize: 3 }, {})) {
      pages.push(Keys.length)
      for (const { KeyId } of Keys) listed.add(KeyId)
    }
    expect(pages).toEqual([3, 3, 1])
    expect(listed).toEqual(new Set(created))
  })

  it('paginates the aliases of one key, each once', async () => {
    const client = door.client({ credentials: { accessKeyId: '999999999999', secretAccessKey } })
    const [{ KeyId }, other] = [await createTestKey(client), await createTestKey(client)]
    const names = Array.from({ length: 5 }, (_, i) => `alias/page-${i}`)
    for (const AliasName of names) await client.createAlias({ AliasName, TargetKeyId: KeyId })
    await client.createAlias({ AliasName: 'alias/page-of-another', TargetKeyId: other.KeyId })
    const listed: (string | undefined)[] = []
    for await (const { Aliases = [] } of paginateListAliases({ client, pageSize: 2 }, { KeyId })) {
      listed.push(...Aliases.map(({ AliasName }) => AliasName))
    }
    expect(listed).toEqual(names)
  })

  it('an abort before or during a request rejects it, and the next one is served', async () => {
    const kms = door.client()
    const { KeyId } = await createTestKey(kms)
    await expect(kms.describeKey({ KeyId }, { abortSignal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    })
    const controller = new AbortController()
    const attempt = kms.encrypt({ KeyId, Plaintext: bytesOf('x') }, { abortSignal: controller.signal })
    controller.abort()
    await expect(attempt).rejects.toMatchObject({ name: 'AbortError' })
    expect((await kms.describeKey({ KeyId })).KeyMetadata?.KeyId).toBe(KeyId)
  })

  it('50 requests at once each get their own answer', async () => {
    const kms = door.client()
    const { KeyId } = await createTestKey(kms)
    const texts = Array.from({ length: 50 }, (_, i) => `message ${i}`)
    const opened = await Promise.all(
      texts.map(async (text) => {
        const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: bytesOf(text) })
        const { Plaintext } = await kms.decrypt({ CiphertextBlob })
        return new TextDecoder().decode(Plaintext)
      }),
    )
    expect(opened).toEqual(texts)
  })
})

describe('over HTTP', () => {
  it('keeps a connection alive through successes and refusals', async () => {
    const server = await serveKms()
    const sockets = new Set<Socket>()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    agent.on('free', (socket: Socket) => sockets.add(socket))
    const kms = new KMS({
      endpoint: server.url,
      region: REGION,
      credentials: { accessKeyId: ACCOUNT, secretAccessKey },
      requestHandler: { httpAgent: agent },
    })
    const { KeyId } = await createTestKey(kms)
    for (let i = 0; i < 20; i++) {
      await kms.generateDataKey({ KeyId, KeySpec: 'AES_256' })
      await expect(kms.decrypt({ CiphertextBlob: bytesOf('no blob') })).rejects.toThrow('UnknownError')
    }
    expect(sockets.size).toBe(1)
    kms.destroy()
    await server.stop()
  })
})
