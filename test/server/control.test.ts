/**
 * Control requests: who may make them, and what a clock that is turned by HTTP refuses. One fault per case; what is
 * refused turns nothing.
 */
import { KmsError, virtualClock } from '@softkms/kms'
import { createFetchHandler, type HandlerOptions, isControlToken } from '@softkms/server'
import { describe, expect, it } from 'vitest'
import { createProgrammedKms } from '../support/programmed-kms.ts'

const TOKEN = '0123456789abcdef0123456789abcdef'
const START = '2030-01-01T00:00:00.000Z'
const CLOCK = 'http://127.0.0.1:8080/_softkms/clock'

interface Visit {
  readonly method?: string
  readonly url?: string
  readonly body?: RequestInit['body']
  /** Besides and instead of those of a good request; `undefined` takes one away. */
  readonly headers?: { readonly [name: string]: string | undefined }
}

/** A server with a turnable clock, and what its visitors get. */
function startControl(options: HandlerOptions = {}) {
  const kms = createProgrammedKms({ ListKeys: () => ({ Keys: [] }) })
  const clock = virtualClock()
  const handle = createFetchHandler(kms, { control: { token: TOKEN, clock }, ...options })
  async function visit({ method = 'POST', url = CLOCK, body = '{"advance":1}', headers = {} }: Visit = {}) {
    const merged = Object.entries({ Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json', ...headers })
    const request = new Request(url, {
      method,
      headers: merged.filter((header): header is [string, string] => header[1] !== undefined),
      ...(method === 'POST' && { body, duplex: 'half' }),
    })
    const response = await handle(request)
    return { status: response.status, headers: response.headers, text: await response.text(), request }
  }
  return { kms, clock, visit }
}

/** Makes one request of a fresh server, which must leave the clock alone. */
async function expectUnturned(visit: Visit, options: HandlerOptions = {}) {
  const server = startControl(options)
  const answer = await server.visit(visit)
  expect(new Date(server.clock.now()).toISOString()).toBe(START)
  expect(server.kms).toMatchObject({ timesPerformed: 0, calls: [] })
  return answer
}

describe('the clock', () => {
  it('is read by GET, which turns nothing', async () => {
    const answer = await expectUnturned({ method: 'GET' })
    expect(answer).toMatchObject({ status: 200, text: JSON.stringify({ now: START }) })
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it.each([
    ['{"advance":"30d"}', '2030-01-31T00:00:00.000Z'],
    ['{"advance":"1h30m"}', '2030-01-01T01:30:00.000Z'],
    ['{"advance":1500}', '2030-01-01T00:00:01.500Z'],
    ['{"advance":0}', START],
    ['{"to":"2036-02-29"}', '2036-02-29T00:00:00.000Z'],
    ['{"to":"2030-01-01T02:00:00+01:00"}', '2030-01-01T01:00:00.000Z'],
    [`{"to":"${START}"}`, START],
    ['{"to":"9999-12-31T23:59:59.999Z"}', '9999-12-31T23:59:59.999Z'],
  ])('is turned by %s, and what is due is performed once', async (body, now) => {
    const { clock, kms, visit } = startControl()
    expect(await visit({ body })).toMatchObject({ status: 200, text: JSON.stringify({ now }) })
    expect(new Date(clock.now()).toISOString()).toBe(now)
    expect(kms.timesPerformed).toBe(1)
  })

  it.each([
    '{"advance":-1}',
    '{"advance":"-1d"}',
    '{"advance":0.5}',
    '{"advance":1e99}',
    '{"advance":1e999}',
    '{"advance":9007199254740992}',
    '{"advance":"280000y"}',
    '{"advance":""}',
    '{"advance":"soon"}',
    '{"advance":null}',
    '{"advance":true}',
    '{"advance":[1]}',
    '{"advance":{}}',
    '{"advance":1,"to":"2036-01-01"}',
    '{"advance":1,"by":1}',
    '{"__proto__":{"advance":1}}',
    '{"to":"2029-12-31T23:59:59.999Z"}',
    '{"to":"1969-12-31"}',
    '{"to":"+010000-01-01T00:00:00Z"}',
    '{"to":"2036-02-30"}',
    '{"to":2085696000000}',
    '{"Advance":1}',
    '{}',
  ])('is not turned by %s', async (body) => {
    const { status, text } = await expectUnturned({ body })
    expect(text).toMatch(/^\{"code":"InvalidRequest"/)
    expect(status).toBe(400)
  })

  it.each([
    ['{"advance":NaN}', 'The body is not JSON'],
    ['{"advance":1', 'The body is not JSON'],
    ['', 'The body is not JSON'],
    ['\uFEFF{"advance":1}', 'The body is not JSON'],
    ['advance=1', 'The body is not JSON'],
    ['null', 'The body is not a JSON object'],
    ['1', 'The body is not a JSON object'],
    ['[{"advance":1}]', 'The body is not a JSON object'],
  ])('is not turned by the body %j', async (body, message) => {
    const { status, text } = await expectUnturned({ body })
    expect({ status, answer: JSON.parse(text) as unknown }).toEqual({
      status: 400,
      answer: { code: 'InvalidRequest', message },
    })
  })

  it('is not turned by bytes that are no UTF-8', async () => {
    const body = new TextEncoder().encode('{"advance":"1d?"}')
    body[body.indexOf(0x3f)] = 0xff
    expect((await expectUnturned({ body })).status).toBe(400)
  })

  it('stays turned when what was due fails, which only whoever runs the server learns', async () => {
    const faults: unknown[] = []
    const clock = virtualClock()
    const fault = new KmsError('KMSInternalException', '', { cause: new Error('secret details') })
    const kms = { ...createProgrammedKms(), performDue: () => Promise.reject(fault) }
    const handle = createFetchHandler(kms, {
      control: { token: TOKEN, clock },
      onInternalError: (cause, { operation }) => faults.push({ cause, operation }),
    })
    const headers = { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json' }
    const response = await handle(new Request(CLOCK, { method: 'POST', headers, body: '{"to":"2036-01-01"}' }))
    expect(response.status).toBe(500)
    expect(await response.json()).toEqual({ code: 'InternalFault', message: 'The request could not be completed' })
    expect(faults).toEqual([{ cause: fault, operation: 'POST /_softkms/clock' }])
    expect(clock.now()).toBe(Date.UTC(2036, 0, 1))
  })
})

describe('without the token', () => {
  const UNAUTHORIZED = { status: 401, text: '{"code":"Unauthorized","message":"A control token is required"}' }

  it.each([
    ['none', undefined],
    ['another', `Bearer ${TOKEN.replace('f', 'e')}`],
    ['another last character', `Bearer ${TOKEN.slice(0, -1)}0`],
    ['another first character', `Bearer x${TOKEN.slice(1)}`],
    ['the beginning of it', `Bearer ${TOKEN.slice(0, -1)}`],
    ['more than it', `Bearer ${TOKEN}0`],
    ['it in upper case', `Bearer ${TOKEN.toUpperCase()}`],
    ['an empty one', 'Bearer '],
    ['no scheme', TOKEN],
    ['the scheme Basic', `Basic ${btoa(`softkms:${TOKEN}`)}`],
    ['the scheme Token', `Token ${TOKEN}`],
    ['it twice', `Bearer ${TOKEN}, Bearer ${TOKEN}`],
    ['it with a parameter', `Bearer ${TOKEN}; realm=x`],
    ['a signature', `AWS4-HMAC-SHA256 Credential=${TOKEN}/20300101/us-east-1/kms/aws4_request`],
    ['a very long one', `Bearer ${TOKEN.repeat(1000)}`],
  ])('but with %s, it is refused without a hint', async (_name, Authorization) => {
    for (const method of ['GET', 'POST']) {
      const answer = await expectUnturned({ method, headers: { Authorization } })
      expect(answer).toMatchObject(UNAUTHORIZED)
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    }
  })

  it('nothing else is found out: not which controls there are, nor how a body should be', async () => {
    const headers = { Authorization: undefined }
    const url = 'http://127.0.0.1:8080/_softkms/'
    const answers = [
      await expectUnturned({ headers, url }),
      await expectUnturned({ headers, url: `${url}faults` }),
      await expectUnturned({ headers, method: 'DELETE' }),
      await expectUnturned({ headers: { ...headers, 'Content-Type': 'text/plain' } }),
      await expectUnturned({ headers, body: 'x' }),
    ]
    for (const answer of answers) expect(answer).toMatchObject(UNAUTHORIZED)
  })

  it('a body is not read', async () => {
    const { request } = await expectUnturned({ headers: { Authorization: undefined } })
    expect(request.bodyUsed).toBe(false)
  })

  it('a token in the query is none', async () => {
    const url = `${CLOCK}?access_token=${TOKEN}`
    expect(await expectUnturned({ url, headers: { Authorization: undefined } })).toMatchObject(UNAUTHORIZED)
  })
})

describe('with the token', () => {
  it('the scheme may be written in any case, and the path may have a query', async () => {
    const { visit } = startControl()
    expect((await visit({ headers: { Authorization: `bearer ${TOKEN}` } })).status).toBe(200)
    expect((await visit({ url: `${CLOCK}?x=1` })).status).toBe(200)
  })

  it.each(['', 'clock/', 'Clock', 'clock/now', 'faults', '%63lock'])('there is no control %j', async (path) => {
    const { status, text } = await expectUnturned({ url: `http://127.0.0.1:8080/_softkms/${path}` })
    expect(text).toContain('"code":"NotFound"')
    expect(status).toBe(404)
  })

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'])('%s is not allowed', async (method) => {
    const { status, headers } = await expectUnturned({ method })
    expect({ status, allow: headers.get('allow') }).toEqual({ status: 405, allow: 'GET, POST' })
  })

  it.each(['text/plain', 'application/x-amz-json-1.1', 'application/x-www-form-urlencoded', 'application/jsonx', ''])(
    'a body of type %j is refused unread',
    async (type) => {
      const { status, request } = await expectUnturned({ headers: { 'Content-Type': type } })
      expect({ status, wasRead: request.bodyUsed }).toEqual({ status: 415, wasRead: false })
    },
  )

  it('the type may have parameters', async () => {
    const { visit } = startControl()
    expect((await visit({ headers: { 'Content-Type': 'Application/JSON; charset=utf-8' } })).status).toBe(200)
  })

  it('a body has at most 16,384 bytes', async () => {
    const bodyOf = (length: number): string => `{"advance":1}${' '.repeat(length - 13)}`
    expect((await startControl().visit({ body: bodyOf(16_384) })).status).toBe(200)
    const { status, text } = await expectUnturned({ body: bodyOf(16_385) })
    expect(text).toContain('"code":"BodyTooLarge"')
    expect(status).toBe(413)
    const declared = await expectUnturned({ headers: { 'Content-Length': '16385' } })
    expect({ status: declared.status, wasRead: declared.request.bodyUsed }).toEqual({ status: 413, wasRead: false })
  })

  it('a body without end is not read to its end', async () => {
    let pulled = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1
        controller.enqueue(new Uint8Array(1024).fill(0x20))
      },
    })
    expect((await expectUnturned({ body })).status).toBe(413)
    expect(pulled).toBeLessThan(30)
  })
})

describe('the guard comes first', () => {
  it.each([
    ['a rebound name', { Host: 'evil.example:8080' }],
    ['a foreign page', { Origin: 'https://evil.example' }],
    ['a page without a name', { Origin: 'null' }],
    ['an image on a foreign page', { 'Sec-Fetch-Site': 'cross-site' }],
    ['the same site by another name', { 'Sec-Fetch-Site': 'same-site' }],
  ])('%s is refused, token or not', async (_name, headers) => {
    for (const method of ['GET', 'POST']) {
      const answer = await expectUnturned({ method, headers })
      expect(answer).toMatchObject({ status: 403, request: { bodyUsed: false } })
      expect(answer.text).toContain('"__type":"AccessDeniedException"')
      expect((await expectUnturned({ method, headers: { ...headers, Authorization: undefined } })).status).toBe(403)
    }
  })

  it('a page that was named needs the token, too, and can then read the answer', async () => {
    const options = { corsOrigins: ['https://app.example'] }
    const headers = { Origin: 'https://app.example' }
    expect((await expectUnturned({ headers: { ...headers, Authorization: undefined } }, options)).status).toBe(401)
    const answer = await startControl(options).visit({ headers })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example')
  })
})

describe('a server that was not told to take control requests', () => {
  it.each(['GET', 'POST'])('answers %s as for any path that is not there', async (method) => {
    const answer = await expectUnturned({ method }, { control: undefined })
    expect(answer).toMatchObject({ status: 404, text: '{"__type":"UnknownOperationException"}' })
    expect(answer.headers.has('www-authenticate')).toBe(false)
  })
})

describe('operations', () => {
  it('go on beside control, and do not need the token', async () => {
    const { kms, visit } = startControl()
    const answer = await visit({
      url: 'http://127.0.0.1:8080/',
      body: '{}',
      headers: {
        Authorization: undefined,
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': 'TrentService.ListKeys',
      },
    })
    expect(answer.status).toBe(200)
    expect(kms.calls).toHaveLength(1)
  })
})

describe('a control token', () => {
  it.each(['a'.repeat(16), 'a'.repeat(256), 'AZaz09-._~+/0123', 'MDEyMzQ1Njc4OWFiY2RlZg=='])('can be %s', (token) => {
    expect(isControlToken(token)).toBe(true)
  })

  it.each(['', 'a'.repeat(15), 'a'.repeat(257), `${'a'.repeat(16)} `, `=${'a'.repeat(16)}`, 'pässword-pässword'])(
    'cannot be %j, and the refusal does not repeat it',
    (token) => {
      expect(isControlToken(token)).toBe(false)
      const attempt = (): unknown =>
        createFetchHandler(createProgrammedKms(), { control: { token, clock: virtualClock() } })
      expect(attempt).toThrow(new TypeError('control.token must be 16 to 256 characters of a bearer token'))
    },
  )
})
