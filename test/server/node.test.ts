/**
 * The node:http door: hostile and broken clients over a raw socket. After each of them the server still answers.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { fc } from '@fast-check/vitest'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { serveNode, type RunningServer } from '@softkms/server/node'
import { createProgrammedKms, type ProgrammedKms } from '../support/programmed-kms.ts'
import { exchangeRaw, formatRequest, RawConnection } from '../support/raw-http.ts'

/** Operations that the tests let finish when they like. */
const waiting: (() => void)[] = []
const signals: (() => boolean)[] = []

let kms: ProgrammedKms
let server: RunningServer

beforeAll(async () => {
  kms = createProgrammedKms({
    ListKeys: () => ({ Keys: [] }),
    ListAliases: async (_input, { signal }) => {
      signals.push(() => signal?.aborted === true)
      await new Promise<void>((resolve) => waiting.push(resolve))
      return { Aliases: [] }
    },
  })
  server = await serveNode({ kms, port: 0, corsOrigins: ['https://app.example'] })
})

afterAll(async () => {
  await server.close()
})

afterEach(async () => {
  for (const finish of waiting.splice(0)) finish()
  signals.length = 0
  kms.calls.length = 0
  const answer = await exchangeRaw(server.port, formatRequest())
  if (answer?.body !== '{"Keys":[]}') throw new Error('the server no longer answers')
  kms.calls.length = 0
})

async function until(isTrue: () => boolean): Promise<void> {
  for (let waited = 0; !isTrue(); waited += 5) {
    if (waited > 5000) throw new Error('did not happen in 5 seconds')
    await sleep(5)
  }
}

describe('a good client', () => {
  it('is answered, and keeps its connection', async () => {
    const connection = new RawConnection(server.port).send(formatRequest())
    const first = await connection.next()
    expect(first).toMatchObject({ status: 200, body: '{"Keys":[]}' })
    expect(first?.headers).toMatchObject({
      'content-type': 'application/x-amz-json-1.1',
      'content-length': '11',
      connection: 'keep-alive',
    })
    expect(first?.headers['date']).toBeDefined()
    expect((await connection.send(formatRequest()).next())?.status).toBe(200)
    connection.socket.destroy()
  })

  it('may send several requests at once, and gets the answers in order', async () => {
    const requests = [formatRequest({ path: '/x' }), formatRequest(), formatRequest({ body: '[' }), formatRequest()]
    const connection = new RawConnection(server.port).send(requests.join(''))
    const statuses: (number | undefined)[] = []
    for (const _ of requests) statuses.push((await connection.next())?.status)
    expect(statuses).toEqual([404, 200, 400, 200])
    connection.socket.destroy()
  })

  it('may send its body in chunks, byte by byte', async () => {
    const connection = new RawConnection(server.port)
    const text = formatRequest({ headers: { 'Transfer-Encoding': 'chunked' }, body: '1\r\n{\r\n1\r\n}\r\n0\r\n\r\n' })
    for (const character of text) {
      connection.send(character)
      await sleep(0)
    }
    expect((await connection.next())?.status).toBe(200)
    connection.socket.destroy()
  })

  it('may ask before it sends its body', async () => {
    const request = formatRequest({ headers: { Expect: '100-continue', 'Content-Length': '2' }, body: '' })
    const connection = new RawConnection(server.port).send(request)
    expect((await connection.next())?.status).toBe(100)
    expect((await connection.send('{}').next())?.status).toBe(200)
    connection.socket.destroy()
  })

  it('sees its health', async () => {
    const request = formatRequest({ method: 'GET', path: '/health', body: '' })
    expect(await exchangeRaw(server.port, request)).toMatchObject({ status: 200, body: /"status":"ok"/ })
  })
})

describe('refused from its headers alone', () => {
  it.each([
    ['a rebound Host', { Host: 'evil.example:8080' }, 403],
    ['no Host', { Host: undefined }, 400],
    ['two Hosts', { Host: ['localhost', 'evil.example'] }, 400],
    ['the same Host twice', { Host: ['localhost', 'localhost'] }, 400],
    ['a foreign Origin', { Origin: 'https://evil.example' }, 403],
    ['the null Origin', { Origin: 'null' }, 403],
    ['two Origins', { Origin: ['https://app.example', 'https://app.example'] }, 403],
    ['a cross-site request', { 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['two targets', { 'X-Amz-Target': ['TrentService.ListKeys', 'TrentService.ListKeys'] }, 400],
    ['two content types', { 'Content-Type': ['application/x-amz-json-1.1', 'text/plain'] }, 404],
    ['no content type', { 'Content-Type': undefined }, 404],
    ['two Authorizations', { Authorization: ['AWS4-HMAC-SHA256 a', 'AWS4-HMAC-SHA256 b'] }, 400],
  ])('%s', async (_what, headers, status) => {
    // The body is announced and never sent: whoever answers has not waited for it.
    const request = formatRequest({ headers: { ...headers, 'Content-Length': '100000' }, body: '' })
    expect((await exchangeRaw(server.port, request))?.status).toBe(status)
    expect(kms.calls).toEqual([])
  })

  it('a form post', async () => {
    const body = 'X-Amz-Target=TrentService.ListKeys'
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'X-Amz-Target': undefined }
    expect((await exchangeRaw(server.port, formatRequest({ headers, body })))?.status).toBe(403)
    expect(kms.calls).toEqual([])
  })

  it('a request to a proxy', async () => {
    const request = formatRequest({ path: 'http://evil.example/' })
    expect((await exchangeRaw(server.port, request))?.status).toBe(400)
  })

  it('a body that is announced by asking first', async () => {
    const request = formatRequest({ headers: { Expect: '100-continue', Host: 'evil.example' }, body: '' })
    expect((await exchangeRaw(server.port, request))?.status).toBe(403)
  })

  it('HTTP/1.0 without Host', async () => {
    expect((await exchangeRaw(server.port, 'GET /health HTTP/1.0\r\n\r\n'))?.status).toBe(400)
  })
})

describe('a named page', () => {
  it('gets its preflight answered, without a body or a length of one', async () => {
    const headers = { Origin: 'https://app.example', 'Access-Control-Request-Method': 'POST' }
    const answer = await exchangeRaw(server.port, formatRequest({ method: 'OPTIONS', headers, body: '' }))
    expect(answer?.status).toBe(204)
    expect(answer?.headers).toMatchObject({ 'access-control-allow-origin': 'https://app.example' })
    expect(answer?.headers['content-length']).toBeUndefined()
  })
})

describe('a body that is too long', () => {
  const tooLarge = {
    status: 413,
    body: '{"__type":"RequestEntityTooLargeException","message":"HTTP content length exceeded 1048576 bytes."}',
  }

  it('is refused by its declared length', async () => {
    const request = formatRequest({ headers: { 'Content-Length': '1048577' }, body: '' })
    const connection = new RawConnection(server.port).send(request)
    const answer = await connection.next()
    expect(answer).toMatchObject(tooLarge)
    expect(answer?.headers['connection']).toBe('close')
    await connection.isClosed
  })

  it('is refused as soon as its chunks prove it, and the connection ends', async () => {
    const connection = new RawConnection(server.port)
    connection.send(formatRequest({ headers: { 'Transfer-Encoding': 'chunked' }, body: '' }))
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`
    for (let sent = 0; sent <= 1_048_576; sent += 65_536) connection.send(chunk)
    expect(await connection.next()).toMatchObject(tooLarge)
    await connection.isClosed
    expect(kms.calls).toEqual([])
  })

  it('may go on arriving for a while without costing the client its answer', async () => {
    const connection = new RawConnection(server.port)
    connection.send(formatRequest({ headers: { 'Content-Length': '4000000' }, body: ' '.repeat(4_000_000) }))
    expect(await connection.next()).toMatchObject(tooLarge)
    await connection.isClosed
  })
})

describe('a client that does not speak HTTP', () => {
  it.each([
    ['nonsense', 'hello\r\n\r\n', 400],
    ['a TLS handshake', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000', 400],
    ['a length that is no number', formatRequest({ headers: { 'Content-Length': 'x' } }), 400],
    ['a negative length', formatRequest({ headers: { 'Content-Length': '-1' } }), 400],
    ['two lengths', formatRequest({ headers: { 'Content-Length': ['2', '3'] } }), 400],
    ['length and chunks', formatRequest({ headers: { 'Content-Length': '2', 'Transfer-Encoding': 'chunked' } }), 400],
    ['a chunk without size', formatRequest({ headers: { 'Transfer-Encoding': 'chunked' }, body: 'zz\r\n' }), 400],
    ['a header with a NUL', formatRequest({ headers: { 'X-A': 'a\0b' } }), 400],
    ['too long a header', formatRequest({ headers: { 'X-A': 'a'.repeat(20_000) } }), 431],
  ])('%s', async (_what, text, status) => {
    const connection = new RawConnection(server.port).send(text)
    expect((await connection.next())?.status).toBe(status)
    await connection.isClosed
    expect(kms.calls).toEqual([])
  })

  it('but any bytes at all costs nobody else an answer', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 100 }), async (bytes) => {
        const connection = new RawConnection(server.port)
        connection.socket.end(bytes)
        await connection.isClosed
        expect((await exchangeRaw(server.port, formatRequest()))?.status).toBe(200)
      }),
      { numRuns: 50 },
    )
  })

  it('any more gets the answers that are due first', async () => {
    const slow = formatRequest({ headers: { 'X-Amz-Target': 'TrentService.ListAliases' } })
    const connection = new RawConnection(server.port).send(`${slow}nonsense\r\n\r\n`)
    await until(() => waiting.length === 1)
    waiting.pop()?.()
    expect(await connection.next()).toMatchObject({ status: 200, body: '{"Aliases":[]}' })
    expect((await connection.next())?.status).toBe(400)
    await connection.isClosed
  })
})

describe('a slow client', () => {
  let impatient: RunningServer

  beforeAll(async () => {
    impatient = await serveNode({ kms, port: 0, headersTimeoutMs: 200, requestTimeoutMs: 400 })
  })

  afterAll(() => impatient.close())

  it.each([
    ['its headers', 'POST / HTTP/1.1\r\nHost: loc'],
    ['its body', formatRequest({ headers: { 'Content-Length': '10' } })],
  ])('that never finishes %s is dropped', async (_what, text) => {
    const connection = new RawConnection(impatient.port).send(text)
    expect((await connection.next())?.status).toBe(408)
    await connection.isClosed
    expect(kms.calls).toEqual([])
  })
})

describe('a client that goes away', () => {
  it('in the middle of its body leaves no trace', async () => {
    const connection = new RawConnection(server.port).send(formatRequest({ headers: { 'Content-Length': '10' } }))
    await sleep(20)
    connection.socket.destroy()
    await connection.isClosed
    expect(kms.calls).toEqual([])
  })

  it('while the engine works aborts that work', async () => {
    const request = formatRequest({ headers: { 'X-Amz-Target': 'TrentService.ListAliases' } })
    const connection = new RawConnection(server.port).send(request)
    await until(() => signals.length === 1)
    expect(signals[0]?.()).toBe(false)
    connection.socket.resetAndDestroy()
    await until(() => signals[0]?.() === true)
  })
})
