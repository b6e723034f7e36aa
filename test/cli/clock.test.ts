/** `softkms clock` against `softkms serve --control`, each a process of its own. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { KMS } from '@aws-sdk/client-kms'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Ended, startCommand, startCommandWith } from '../support/command.ts'
import { type ServedKms, serveKms } from '../support/served-kms.ts'

const TOKEN = 'a-token-of-our-own-choice'
const DAY_MS = 86_400_000

async function runClock(url: string, token: string, ...words: readonly string[]): Promise<Ended> {
  const env = { AWS_ENDPOINT_URL_KMS: url, SOFTKMS_CONTROL_TOKEN: token }
  return startCommandWith(env, 'clock', ...words).ended
}

/** The time that a command has printed. @throws when it did not end well */
function timeOf({ code, stdout, stderr }: Ended): number {
  if (code !== 0 || stderr !== '') throw new Error(`ended with ${String(code)}: ${stderr}`)
  expect(stdout).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\n$/)
  return Date.parse(stdout.trim())
}

describe('ten years in one step', () => {
  let server: ServedKms
  let token = ''
  let kms: KMS

  beforeAll(async () => {
    server = await serveKms('--control')
    token = /^SOFTKMS_CONTROL_TOKEN=([0-9a-f]{64}) softkms clock advance 30d --endpoint-url (.*)$/m.exec(
      server.stdout(),
    )?.[1] as string
    const credentials = { accessKeyId: '111122223333', secretAccessKey: 'any' }
    kms = new KMS({ endpoint: server.url, region: 'eu-west-1', credentials })
  })
  afterAll(async () => {
    kms.destroy()
    await server.stop()
  })

  it('rotate a key ten times, in order, and delete another for good', async () => {
    const rotated = (await kms.createKey({})).KeyMetadata?.KeyId ?? ''
    const doomed = (await kms.createKey({})).KeyMetadata?.KeyId ?? ''
    await kms.enableKeyRotation({ KeyId: rotated })
    const first = (await kms.getKeyRotationStatus({ KeyId: rotated })).NextRotationDate?.getTime() ?? 0
    const { CiphertextBlob } = await kms.encrypt({ KeyId: rotated, Plaintext: new TextEncoder().encode('hello') })
    const lost = await kms.encrypt({ KeyId: doomed, Plaintext: new TextEncoder().encode('hello') })
    await kms.scheduleKeyDeletion({ KeyId: doomed, PendingWindowInDays: 7 })
    const before = timeOf(await runClock(server.url, token, 'show'))

    const now = timeOf(await runClock(server.url, token, 'advance', '10y'))
    expect(now).toBeGreaterThanOrEqual(before + 3650 * DAY_MS)

    const { Rotations = [] } = await kms.listKeyRotations({ KeyId: rotated })
    const dates = Rotations.map(({ RotationDate }) => RotationDate?.getTime() ?? 0)
    expect(dates).toEqual(Array.from({ length: 10 }, (_none, index) => first + index * 365 * DAY_MS))
    expect(new TextDecoder().decode((await kms.decrypt({ CiphertextBlob })).Plaintext)).toBe('hello')

    await expect(kms.describeKey({ KeyId: doomed })).rejects.toThrow(
      expect.objectContaining({ name: 'NotFoundException' }),
    )
    await expect(kms.decrypt({ CiphertextBlob: lost.CiphertextBlob })).rejects.toThrow(
      expect.objectContaining({ name: 'InvalidCiphertextException' }),
    )
    const { KeyMetadata } = await kms.createKey({})
    expect(KeyMetadata?.CreationDate?.getTime()).toBeGreaterThanOrEqual(now)
  })

  it('and on to a date, never back from it', async () => {
    const now = timeOf(await runClock(server.url, token, 'set', '2099-01-01T12:00:00+01:00'))
    expect(now - Date.UTC(2099, 0, 1, 11)).toBeGreaterThanOrEqual(0)
    expect(await runClock(server.url, token, 'set', '2098-12-31')).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: ${server.url} answered 400: instant: a clock never goes back\n`,
    })
    expect(timeOf(await runClock(server.url, token, 'show'))).toBeGreaterThanOrEqual(now)
  })

  it('beyond the year 9999 there is no time', async () => {
    expect(await runClock(server.url, token, 'advance', '8000y')).toMatchObject({ code: 1, stdout: '' })
  })

  it('a wrong token turns nothing, and is not printed', async () => {
    const wrong = 'f'.repeat(64)
    const ended = await runClock(server.url, wrong, 'advance', '10y')
    expect(ended).toEqual({ code: 1, stdout: '', stderr: `error: the control token is not that of ${server.url}\n` })
  })
})

describe('a server', () => {
  const stops: (() => Promise<void>)[] = []
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()))
  })

  async function serve(...flags: readonly string[]): Promise<ServedKms> {
    const server = await serveKms(...flags)
    stops.push(server.stop)
    return server
  }

  it('takes the token that it is given, and does not print it', async () => {
    const server = await serve('--control-token', TOKEN)
    expect(server.stdout()).toContain(`\nsoftkms clock advance 30d --endpoint-url ${server.url}\n`)
    expect(server.stdout()).not.toContain(TOKEN)
    timeOf(await startCommand('clock', 'show', '--endpoint-url', `${server.url}/`, '--control-token', TOKEN).ended)
  })

  it('that was not started with --control says so, whatever the token', async () => {
    const server = await serve()
    expect(server.stdout()).not.toContain('clock')
    expect(await runClock(server.url, TOKEN, 'show')).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: ${server.url} takes no control requests: start it with softkms serve --control\n`,
    })
  })

  it('is not controlled because a token is in its environment', async () => {
    const command = startCommandWith({ SOFTKMS_CONTROL_TOKEN: TOKEN }, 'serve', '--store', 'memory', '--port', '0')
    const [, url = ''] = await command.line(/^AWS_ENDPOINT_URL_KMS=(.*)$/m)
    const answer = await fetch(`${url}/_softkms/clock`, { headers: { Authorization: `Bearer ${TOKEN}` } })
    command.process.kill('SIGINT')
    expect(answer.status).toBe(404)
    expect((await command.ended).code).toBe(0)
  })
})

describe('something else', () => {
  let other: Server | undefined
  afterEach(() => other?.close())

  async function listen(status: number, body: string, headers: Record<string, string> = {}): Promise<string> {
    const server = createServer((_request, response) => response.writeHead(status, headers).end(body))
    other = server
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  it.each([
    [200, 'hello', 'answered 200: what answers there is not softkms'],
    [200, '{"time":"12:00"}', 'did not answer with a time'],
    [200, 'null', 'answered 200: what answers there is not softkms'],
    [502, '<html>', 'answered 502: what answers there is not softkms'],
    [403, '{"message":"no"}', 'answered 403: no'],
  ])('that answers %d %s is not taken for a clock', async (status, body, message) => {
    const url = await listen(status, body)
    expect(await runClock(url, TOKEN, 'show')).toEqual({ code: 1, stdout: '', stderr: `error: ${url} ${message}\n` })
  })

  it('that redirects does not get the token sent elsewhere', async () => {
    const url = await listen(307, '', { Location: 'http://127.0.0.1:1/' })
    const { code, stderr } = await runClock(url, TOKEN, 'advance', '1d')
    expect(stderr).toContain(`no answer from ${url}`)
    expect(code).toBe(1)
  })

  it('that does not listen at all is said in one line', async () => {
    const url = await listen(200, '')
    await new Promise((resolve) => other?.close(resolve))
    expect(await runClock(url, TOKEN, 'show')).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: no answer from ${url}: is softkms serve running there?\n`,
    })
  })
})

describe('not understood', () => {
  const control = ['--control-token', TOKEN]

  it.each([
    [['clock', 'advance', '30', ...control], 'A duration is written such as 30d', 'advance [options] <duration>'],
    [['clock', 'advance', '-30d', ...control], "unknown option '-30d'", 'advance [options] <duration>'],
    [['clock', 'advance', '999999y', ...control], 'cannot be counted', 'advance [options] <duration>'],
    [['clock', 'advance', ...control], 'missing required argument', 'advance [options] <duration>'],
    [['clock', 'set', 'tomorrow', ...control], 'An instant is written such as', 'set [options] <instant>'],
    [['clock', 'set', '2036-02-30', ...control], 'An instant is written such as', 'set [options] <instant>'],
    [['clock', 'show', 'now', ...control], 'too many arguments', 'show [options]'],
    [['clock', 'show'], 'a control token is needed: set SOFTKMS_CONTROL_TOKEN', 'show [options]'],
    [['clock', 'show', '--endpoint-url', 'localhost:8080', ...control], 'An endpoint is written', 'show [options]'],
    [['clock', 'show', '--endpoint-url', 'ftp://localhost', ...control], 'An endpoint is written', 'show [options]'],
    [['clock', 'back', '1d'], "unknown command 'back'", '[options] [command]'],
  ])('%j', async (args, message, usage) => {
    const { code, stdout, stderr } = await startCommand(...args).ended
    expect(stderr).toMatch(/^error: /)
    expect(stderr).toContain(message)
    expect(stderr).toContain(`\nUsage: softkms clock ${usage}\n`)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })

  it.each([['clock', 'show'], ['serve']])('%j with what is no token, which is not repeated', async (...words) => {
    const { code, stdout, stderr } = await startCommand(...words, '--control-token', 'short').ended
    expect(stderr).toContain('error: a control token is 16 to 256 letters, digits and characters of -._~+/\n')
    expect(stderr).not.toContain('short')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })
})
