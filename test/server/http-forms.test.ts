/**
 * The forms that HTTP allows a request, over a raw socket: what a proxy, a packing client or another HTTP library may
 * send and the SDKs do not.
 *
 * @covers wire §1
 */
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningServer, serveNode } from '@softkms/server/node'
import { type ProgrammedKms, createProgrammedKms } from '../support/programmed-kms.ts'
import { RawConnection, exchangeRaw, formatRequest } from '../support/raw-http.ts'

const UNKNOWN = '{"__type":"UnknownOperationException"}'
const NO_NAME =
  '{"__type":"AccessDeniedException","message":"Unable to determine service/operation name to be authorized"}'
const MALFORMED =
  '{"__type":"MalformedHttpRequestException","message":"The request body could not be decoded by its Content-Encoding."}'
const A_DATE: unknown = expect.stringMatching(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/)
const A_UUID: unknown = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
const SERVED = { status: 200, body: '{"Keys":[]}' }

let kms: ProgrammedKms
let server: RunningServer

beforeAll(async () => {
  kms = createProgrammedKms({ ListKeys: () => ({ Keys: [] }), EnableKey: () => ({}) })
  server = await serveNode({ kms, port: 0 })
})
afterAll(() => server.close())

const send = (text: string) => exchangeRaw(server.port, text)

/** Bytes as the Latin-1 text that a raw connection sends byte for byte. */
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

describe('every answer', () => {
  it.each([
    ['a success', {}, 200],
    ['one without a body', { headers: { 'X-Amz-Target': 'TrentService.EnableKey' } }, 200],
    ['a refusal', { body: '[' }, 400],
    ['an unknown target', { headers: { 'X-Amz-Target': 'TrentService.Nope' } }, 400],
    ['no target', { headers: { 'X-Amz-Target': undefined } }, 400],
    ['another type', { headers: { 'Content-Type': 'application/json' } }, 404],
    ['another method', { method: 'PUT' }, 403],
  ])('%s has the headers of AWS', async (_what, request, status) => {
    const answer = await send(formatRequest(request))
    expect(answer?.status).toBe(status)
    expect(answer?.headers).toMatchObject({
      'content-type': 'application/x-amz-json-1.1',
      'content-length': String(answer?.body.length),
      'cache-control': 'no-cache, no-store, must-revalidate, private',
      expires: '0',
      pragma: 'no-cache',
      date: A_DATE,
      'x-amzn-requestid': A_UUID,
    })
  })

  it('is plain, whatever coding the client would take', async () => {
    const answer = await send(formatRequest({ headers: { 'Accept-Encoding': 'gzip, br', Accept: 'application/cbor' } }))
    expect(answer).toMatchObject(SERVED)
    expect(answer?.headers['content-encoding']).toBeUndefined()
  })

  it('leaves the connection open, a refusal too', async () => {
    const connection = new RawConnection(server.port)
    for (const [request, status] of [
      [formatRequest({ body: '{' }), 400],
      [formatRequest({ path: '/x' }), 404],
      [formatRequest({ method: 'GET', headers: { 'Content-Length': undefined }, body: '' }), 403],
      [formatRequest(), 200],
    ] as const) {
      const answer = await connection.send(request).next()
      expect([answer?.status, answer?.headers['connection']]).toEqual([status, 'keep-alive'])
    }
    connection.socket.destroy()
  })

  it('ends the connection when the client asks for it', async () => {
    const connection = new RawConnection(server.port).send(formatRequest({ headers: { Connection: 'close' } }))
    expect(await connection.next()).toMatchObject(SERVED)
    await connection.isClosed
  })
})

describe('HTTP/1.0', () => {
  it('is served, and its connection ends', async () => {
    const connection = new RawConnection(server.port).send(formatRequest().replace('HTTP/1.1', 'HTTP/1.0'))
    expect(await connection.next()).toMatchObject(SERVED)
    await connection.isClosed
  })
})

describe('a method', () => {
  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])('%s is for no operation', async (method) => {
    expect(await send(formatRequest({ method }))).toMatchObject({ status: 403, body: NO_NAME })
  })

  it('HEAD gets the headers of its refusal, and no body', async () => {
    const connection = new RawConnection(server.port)
    connection.send(formatRequest({ method: 'HEAD', headers: { Connection: 'close' } }))
    let text = ''
    connection.socket.on('data', (part: string) => (text += part))
    await connection.isClosed
    expect(text).toMatch(/^HTTP\/1\.1 403 /)
    expect(text.slice(text.indexOf('\r\n\r\n'))).toBe('\r\n\r\n')
  })

  it('that asks for another protocol is served in this one', async () => {
    const headers = { Connection: 'Upgrade', Upgrade: 'h2c' }
    expect(await send(formatRequest({ headers }))).toMatchObject(SERVED)
  })
})

describe('a target', () => {
  const host = (): string => `localhost:${server.port}`
  const to = (path: string, Host = host()): string => formatRequest({ path, headers: { Host } })

  it('may have a query', async () => {
    expect(await send(formatRequest({ path: '/?a=b' }))).toMatchObject(SERVED)
    expect(await send(formatRequest({ path: '/?' }))).toMatchObject(SERVED)
  })

  it.each(['/x', '/x?a=b', '//', '/%2f', '*'])('%s is not here', async (path) => {
    expect(await send(formatRequest({ path }))).toMatchObject({ status: 404, body: UNKNOWN })
  })

  it('may be whole, as to a proxy, when it and Host name us', async () => {
    for (const path of [
      `http://${host()}/`,
      `http://${host()}`,
      `http://${host()}?a=b`,
      `HTTP://${host().toUpperCase()}/`,
    ]) {
      expect(await send(to(path))).toMatchObject(SERVED)
    }
    expect((await send(to(`http://${host()}/x`)))?.status).toBe(404)
  })

  it('may not name another host than Host does', async () => {
    const { calls } = kms
    calls.length = 0
    for (const authority of ['evil.example', `localhost:${server.port}0`, `user@${host()}`, '']) {
      expect((await send(to(`http://${authority}/`)))?.status).toBe(400)
    }
    expect((await send(to(`http://${host()}/`, 'evil.example')))?.status).toBe(400)
    expect((await send(to('http://evil.example/', 'evil.example')))?.status).toBe(403)
    expect(calls).toEqual([])
  })
})

describe('a body', () => {
  it('in chunks may have extensions and trailers', async () => {
    const chunks = '1;a=b\r\n{\r\n1\r\n}\r\n0\r\nX-Amz-Target: TrentService.EnableKey\r\nX-More: 1\r\n\r\n'
    const chunked = formatRequest({ headers: { 'Transfer-Encoding': 'chunked', Trailer: 'X-More' }, body: chunks })
    const connection = new RawConnection(server.port).send(chunked + formatRequest())
    expect(await connection.next()).toMatchObject(SERVED)
    expect(await connection.next()).toMatchObject(SERVED)
    connection.socket.destroy()
  })

  it('that is not there is malformed', async () => {
    const answer = await send(formatRequest({ headers: { 'Content-Length': undefined }, body: '' }))
    expect(answer).toMatchObject({ status: 400, body: '{"__type":"SerializationException"}' })
  })

  it('may be packed by gzip, and is measured unpacked', async () => {
    const packed = (text: string, coding = 'gzip'): string =>
      formatRequest({ headers: { 'Content-Encoding': coding }, body: latin1(gzipSync(text)) })
    kms.calls.length = 0
    const connection = new RawConnection(server.port)
    expect(await connection.send(packed('{"Limit":3}')).next()).toMatchObject(SERVED)
    expect(await connection.send(packed('{"Limit":3}', 'GZip')).next()).toMatchObject(SERVED)
    expect(kms.calls.map(({ input }) => input)).toEqual([{ Limit: 3 }, { Limit: 3 }])
    expect(await connection.send(packed(`{"Limit":3}${' '.repeat(1_048_565)}`)).next()).toMatchObject(SERVED)
    // A hundred megabytes in a hundred kilobytes.
    expect((await connection.send(packed(' '.repeat(100_000_000))).next())?.status).toBe(413)
    expect(await connection.send(formatRequest()).next()).toMatchObject(SERVED)
    connection.socket.destroy()
  })

  it.each([
    ['what gzip never made', 'gzip', '{}'],
    ['nothing', 'gzip', ''],
    ['half of it', 'gzip', latin1(gzipSync('{}').subarray(0, 12))],
    ['with a wrong checksum', 'gzip', latin1(gzipSync('{}').fill(0, 13, 17))],
    ['in a coding that nobody knows', 'br', '{}'],
    ['packed twice', 'gzip, gzip', latin1(gzipSync(gzipSync('{}')))],
  ])('%s is malformed', async (_what, coding, body) => {
    kms.calls.length = 0
    const answer = await send(formatRequest({ headers: { 'Content-Encoding': coding }, body }))
    expect(answer).toMatchObject({ status: 400, body: MALFORMED })
    expect(kms.calls).toEqual([])
  })

  it('may say that it is not packed', async () => {
    expect(await send(formatRequest({ headers: { 'Content-Encoding': 'identity' } }))).toMatchObject(SERVED)
  })
})

describe('JSON', () => {
  const inputOf = async (body: string): Promise<unknown> => {
    kms.calls.length = 0
    expect(await send(formatRequest({ body }))).toMatchObject(SERVED)
    return kms.calls[0]?.input
  }

  it('with a member twice means the last', async () => {
    expect(await inputOf('{"Limit":1,"Limit":2}')).toEqual({ Limit: 2 })
    expect(await inputOf('{"Limit":1,"Limit":null}')).toEqual({})
  })

  it('may write an integer in any way', async () => {
    for (const number of ['3', '3.0', '30e-1', '0.3E+1'])
      expect(await inputOf(`{"Limit":${number}}`)).toEqual({ Limit: 3 })
  })

  it.each(['2147483648', '-2147483649', '1e400', '9007199254740993', '0.5'])('%s is no integer', async (number) => {
    const body = '{"__type":"SerializationException","message":"NUMBER_VALUE can not be converted to an Integer"}'
    expect(await send(formatRequest({ body: `{"Limit":${number}}` }))).toMatchObject({ status: 400, body })
  })

  it('may have white space around, and more members than the model', async () => {
    expect(await inputOf(' \r\n\t{ "Limit" : 3 , "More" : { "Limit" : [ 4 ] } } \n')).toEqual({ Limit: 3 })
  })
})
