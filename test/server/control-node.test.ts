/** Control requests through a socket: what no fetch would send. */
import { virtualClock } from '@softkms/kms'
import { serveNode } from '@softkms/server/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProgrammedKms } from '../support/programmed-kms.ts'
import { exchangeRaw, formatRequest, type RawAnswer, RawConnection, type RawRequest } from '../support/raw-http.ts'

const TOKEN = '0123456789abcdef0123456789abcdef'
const clock = virtualClock()
const kms = createProgrammedKms()
let server: Awaited<ReturnType<typeof serveNode>>

beforeAll(async () => {
  server = await serveNode({ kms, port: 0, control: { token: TOKEN, clock } })
})
afterAll(() => server.close())

function formatTurn({ headers, ...others }: RawRequest = {}): string {
  return formatRequest({
    path: '/_softkms/clock',
    body: '{"advance":1000}',
    headers: {
      'Content-Type': 'application/json',
      'X-Amz-Target': undefined,
      Authorization: `Bearer ${TOKEN}`,
      ...headers,
    },
    ...others,
  })
}

async function exchange(request: RawRequest): Promise<RawAnswer | undefined> {
  return exchangeRaw(server.port, formatTurn(request))
}

describe('over HTTP', () => {
  it('the clock is turned', async () => {
    const before = clock.now()
    const answer = await exchange({})
    expect(answer).toMatchObject({ status: 200, body: JSON.stringify({ now: new Date(before + 1000).toISOString() }) })
    expect(clock.now()).toBe(before + 1000)
  })

  it.each<[string, number, RawRequest]>([
    ['two tokens', 401, { headers: { Authorization: [`Bearer ${TOKEN}`, `Bearer ${TOKEN}`] } }],
    ['a wrong token and then the right one', 401, { headers: { Authorization: ['Bearer x', `Bearer ${TOKEN}`] } }],
    ['two Hosts', 400, { headers: { Host: ['localhost', 'localhost'] } }],
    ['no Host', 400, { headers: { Host: undefined } }],
    ['a rebound Host', 403, { headers: { Host: 'evil.example' } }],
    ['two types', 415, { headers: { 'Content-Type': ['application/json', 'application/json'] } }],
    [
      'a path with two slashes',
      404,
      { path: '//_softkms/clock', headers: { 'X-Amz-Target': 'TrentService.ListKeys' } },
    ],
    ['a path that climbs', 404, { path: '/x/../_softkms/clock', headers: { 'X-Amz-Target': 'TrentService.ListKeys' } }],
    ['a body that is declared huge', 413, { headers: { 'Content-Length': String(2 ** 40) } }],
    ['a huge body without token', 401, { headers: { 'Content-Length': String(2 ** 40), Authorization: undefined } }],
    ['a length that is no number', 400, { headers: { 'Content-Length': '1e3' } }],
  ])('%s: %j', async (_name, status, request) => {
    const before = clock.now()
    expect((await exchange(request))?.status).toBe(status)
    expect(clock.now()).toBe(before)
    expect(kms.calls).toEqual([])
  })

  it('a body that goes on and on gets its refusal', async () => {
    const before = clock.now()
    const connection = new RawConnection(server.port).send(
      formatTurn({ headers: { 'Transfer-Encoding': 'chunked' }, body: `5000\r\n${' '.repeat(0x5000)}\r\n` }),
    )
    expect((await connection.next())?.status).toBe(413)
    connection.socket.destroy()
    expect(clock.now()).toBe(before)
  })
})
