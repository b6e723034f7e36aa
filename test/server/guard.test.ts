/**
 * Who may call at all: one fault per case, and nothing that is refused reaches the engine or has its body read.
 */
import { describe, expect, it } from 'vitest'
import { createFetchHandler, type GuardOptions } from '@softkms/server'
import { createProgrammedKms } from '../support/programmed-kms.ts'
import { ask, createRequest, type WireCall } from '../support/wire.ts'

const APP = 'https://app.example'

interface Visit {
  readonly status: number
  /** `__type` of a refusal. */
  readonly code: string | undefined
  /** How often the engine was asked. */
  readonly calls: number
  readonly headers: Headers
}

const SERVED = { status: 200, code: undefined, calls: 1 }
const FORBIDDEN = { status: 403, code: 'AccessDeniedException', calls: 0 }
const NOT_AN_OPERATION = { status: 404, code: 'UnknownOperationException', calls: 0 }

async function visit(call: WireCall | Request, options: GuardOptions = {}): Promise<Visit> {
  const kms = createProgrammedKms({ ListKeys: () => ({ Keys: [] }) })
  const { status, text, headers } = await ask(createFetchHandler(kms, options), call)
  const code = /"__type":"(\w+)"/.exec(text)?.[1]
  return { status, code, calls: kms.calls.length, headers }
}

describe('Host', () => {
  it.each([
    'localhost',
    'localhost:8080',
    'LOCALHOST:8080',
    'localhost.',
    'kms.localhost:4566',
    '127.0.0.1',
    '127.0.0.1:1',
    '[::1]',
    '[::1]:65535',
    'kms.us-east-1.amazonaws.com',
    'kms-fips.us-gov-west-1.amazonaws.com:443',
    'kms.eu-west-1.api.aws',
    'kms-fips.ca-central-1.api.aws',
    'kms.cn-north-1.amazonaws.com.cn',
    'kms.cn-northwest-1.api.amazonwebservices.com.cn',
    'vpce-0a1b-2c3d.kms.eu-central-1.vpce.amazonaws.com',
  ])('%s is ours', async (Host) => {
    expect(await visit({ headers: { Host } })).toMatchObject(SERVED)
  })

  it.each([
    'evil.example',
    'evil.example:8080',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'notlocalhost',
    '.localhost.example',
    'kms.us-east-1.amazonaws.com.evil.example',
    'evil-kms.us-east-1.amazonaws.com',
    's3.us-east-1.amazonaws.com',
    'kms.a.b.amazonaws.com',
    '0.0.0.0:8080',
    '192.168.1.10',
    '127.0.0.2',
    '[::2]',
    '::1',
    'localhost:8080:9090',
    'localhost:port',
    'localhost/',
    'user@localhost',
    'localhost, evil.example',
    'localhost evil',
    '',
  ])('%j is not', async (Host) => {
    expect(await visit({ headers: { Host } })).toMatchObject(FORBIDDEN)
  })

  it('is taken from the URL where the runtime keeps it there', async () => {
    expect(await visit({ url: 'http://localhost:9/' })).toMatchObject(SERVED)
    expect(await visit({ url: 'http://rebound.example:8080/' })).toMatchObject(FORBIDDEN)
  })

  it('may be named by the operator, in any letter case and with any port', async () => {
    const options = { allowedHosts: ['SoftKMS.internal', '10.0.0.5', 'fd00::1', '[fd00::2]'] }
    for (const Host of ['softkms.internal', 'softkms.internal:8080', '10.0.0.5:1', '[fd00::1]:8080', '[fd00::2]']) {
      expect(await visit({ headers: { Host } }, options)).toMatchObject(SERVED)
    }
    expect(await visit({ headers: { Host: 'internal' } }, options)).toMatchObject(FORBIDDEN)
  })

  it.each(['localhost:8080', 'http://softkms', '*', '', 'a b', '[::1]:80'])('cannot be named as %j', (allowed) => {
    expect(() => createFetchHandler(createProgrammedKms(), { allowedHosts: [allowed] })).toThrow(TypeError)
  })
})

describe('Origin', () => {
  it.each([
    ['another site', { Origin: 'https://evil.example' }],
    ['the null origin', { Origin: 'null' }],
    ['a page of this very address', { Origin: 'http://127.0.0.1:8080' }],
    ['an empty origin', { Origin: '' }],
    ['a cross-site request without Origin', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a same-site request without Origin', { 'Sec-Fetch-Site': 'same-site' }],
    ['a site nobody knows', { 'Sec-Fetch-Site': 'elsewhere' }],
    ['an origin that only starts like the named one', { Origin: `${APP}.evil.example` }],
    ['the named origin with a path', { Origin: `${APP}/` }],
    ['two origins', { Origin: `${APP}, https://evil.example` }],
  ])('%s is refused', async (_what, headers) => {
    expect(await visit({ headers }, { corsOrigins: [APP] })).toMatchObject(FORBIDDEN)
    const { headers: answered } = await visit({ headers }, { corsOrigins: [APP] })
    expect(answered.has('access-control-allow-origin')).toBe(false)
  })

  it('is not there for programs, nor for what a user typed', async () => {
    expect(await visit({})).toMatchObject(SERVED)
    expect(await visit({ headers: { 'Sec-Fetch-Site': 'none' } })).toMatchObject(SERVED)
  })

  it('that was named is served and can read the answer, errors too', async () => {
    const headers = { Origin: APP, 'Sec-Fetch-Site': 'cross-site' }
    const served = await visit({ headers }, { corsOrigins: [APP] })
    expect(served).toMatchObject(SERVED)
    expect(served.headers.get('access-control-allow-origin')).toBe(APP)
    expect(served.headers.get('vary')).toBe('Origin')
    expect(served.headers.has('access-control-allow-credentials')).toBe(false)

    const failed = await visit({ headers, operation: 'Nope' }, { corsOrigins: [APP] })
    expect(failed.status).toBe(400)
    expect(failed.headers.get('access-control-allow-origin')).toBe(APP)
  })

  it.each(['*', 'null', 'app.example', `${APP}/`, 'https://app.example:443', 'file:///x', ''])(
    'cannot be named as %j',
    (origin) => {
      expect(() => createFetchHandler(createProgrammedKms(), { corsOrigins: [origin] })).toThrow(TypeError)
    },
  )
})

describe('preflight', () => {
  const asking = { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'x-amz-target' }

  it('is answered for a named origin', async () => {
    const answer = await visit({ method: 'OPTIONS', headers: { Origin: APP, ...asking } }, { corsOrigins: [APP] })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-origin')).toBe(APP)
    expect(answer.headers.get('access-control-allow-methods')).toBe('POST')
    expect(answer.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('x-amz-target')
  })

  it('is refused for any other, and says nothing of CORS', async () => {
    const refused = await visit({ method: 'OPTIONS', headers: { Origin: 'https://evil.example', ...asking } })
    expect(refused).toMatchObject(FORBIDDEN)
    expect([...refused.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it('without an Origin is no preflight', async () => {
    expect(await visit({ method: 'OPTIONS', headers: asking })).toMatchObject(FORBIDDEN)
  })
})

describe('what a page can send without asking first', () => {
  it.each(['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain', 'application/json'])(
    '%s is not parsed',
    async (type) => {
      expect(await visit({ headers: { 'Content-Type': type } })).toMatchObject(NOT_AN_OPERATION)
    },
  )

  it('a form post has no target, and is not an operation', async () => {
    const body = new URLSearchParams({ a: 'b' })
    expect(await visit(new Request('http://localhost/', { method: 'POST', body }))).toMatchObject(FORBIDDEN)
  })
})

describe('health', () => {
  it('answers those who may call', async () => {
    const call = { method: 'GET', url: 'http://localhost/health' }
    const answer = await ask(createFetchHandler(createProgrammedKms()), call)
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.text)).toMatchObject({ status: 'ok' })
    expect(answer.headers.get('content-type')).toBe('application/json')
  })

  it('is behind the guard', async () => {
    const health = { method: 'GET', url: 'http://rebound.example/health' }
    expect(await visit(health)).toMatchObject(FORBIDDEN)
    const page = { method: 'GET', url: 'http://localhost/health', headers: { 'Sec-Fetch-Site': 'cross-site' } }
    expect(await visit(page)).toMatchObject(FORBIDDEN)
  })

  it('is no operation', async () => {
    expect(await visit({ url: 'http://localhost/health' })).toMatchObject(NOT_AN_OPERATION)
  })
})

it('leaves the body of a refused request unread', async () => {
  const request = createRequest({ headers: { Origin: 'https://evil.example' } })
  await createFetchHandler(createProgrammedKms())(request)
  expect(request.bodyUsed).toBe(false)
})
