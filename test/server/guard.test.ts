/**
 * Who may call at all: one fault per case, and nothing that is refused reaches the engine or has its body read.
 */
import { describe, expect, it } from 'vitest'
import { createFetchHandler, type GuardOptions } from '@softkms/server'
import { createProgrammedKms, type ProgrammedKms } from '../support/programmed-kms.ts'
import { ask, createRequest, type WireAnswer, type WireCall } from '../support/wire.ts'

const APP = 'https://app.example'

interface Visit {
  readonly answer: WireAnswer
  readonly kms: ProgrammedKms
}

async function visit(call: WireCall, options: GuardOptions = {}): Promise<Visit> {
  const kms = createProgrammedKms({ ListKeys: () => ({ Keys: [] }) })
  return { answer: await ask(createFetchHandler(kms, options), call), kms }
}

function expectServed({ answer, kms }: Visit): void {
  expect(answer.text).toBe('{"Keys":[]}')
  expect(answer.status).toBe(200)
  expect(kms.calls).toHaveLength(1)
}

function expectRefused({ answer, kms }: Visit, status: number, code: string): void {
  expect(answer.text).toContain(`"__type":"${code}"`)
  expect(answer.status).toBe(status)
  expect(kms.calls).toHaveLength(0)
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
    expectServed(await visit({ headers: { Host } }))
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
    expectRefused(await visit({ headers: { Host } }), 403, 'AccessDeniedException')
  })

  it('is taken from the URL where the runtime keeps it there', async () => {
    expectServed(await visit({ url: 'http://localhost:9/' }))
    expectRefused(await visit({ url: 'http://rebound.example:8080/' }), 403, 'AccessDeniedException')
  })

  it('may be named by the operator, in any letter case and with any port', async () => {
    const options = { allowedHosts: ['SoftKMS.internal', '10.0.0.5', 'fd00::1', '[fd00::2]'] }
    for (const Host of ['softkms.internal', 'softkms.internal:8080', '10.0.0.5:1', '[fd00::1]:8080', '[fd00::2]']) {
      expectServed(await visit({ headers: { Host } }, options))
    }
    expectRefused(await visit({ headers: { Host: 'internal' } }, options), 403, 'AccessDeniedException')
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
    expectRefused(await visit({ headers }, { corsOrigins: [APP] }), 403, 'AccessDeniedException')
    const { answer } = await visit({ headers }, { corsOrigins: [APP] })
    expect(answer.headers.has('access-control-allow-origin')).toBe(false)
  })

  it('is not there for programs, nor for what a user typed', async () => {
    expectServed(await visit({}))
    expectServed(await visit({ headers: { 'Sec-Fetch-Site': 'none' } }))
  })

  it('that was named is served and can read the answer, errors too', async () => {
    const headers = { Origin: APP, 'Sec-Fetch-Site': 'cross-site' }
    const served = await visit({ headers }, { corsOrigins: [APP] })
    expectServed(served)
    expect(served.answer.headers.get('access-control-allow-origin')).toBe(APP)
    expect(served.answer.headers.get('vary')).toBe('Origin')
    expect(served.answer.headers.has('access-control-allow-credentials')).toBe(false)

    const failed = await visit({ headers, operation: 'Nope' }, { corsOrigins: [APP] })
    expect(failed.answer.status).toBe(400)
    expect(failed.answer.headers.get('access-control-allow-origin')).toBe(APP)
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
    const { answer } = await visit({ method: 'OPTIONS', headers: { Origin: APP, ...asking } }, { corsOrigins: [APP] })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-origin')).toBe(APP)
    expect(answer.headers.get('access-control-allow-methods')).toBe('POST')
    expect(answer.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('x-amz-target')
  })

  it('is refused for any other, and says nothing of CORS', async () => {
    const refused = await visit({ method: 'OPTIONS', headers: { Origin: 'https://evil.example', ...asking } })
    expectRefused(refused, 403, 'AccessDeniedException')
    expect([...refused.answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it('without an Origin is no preflight', async () => {
    expectRefused(await visit({ method: 'OPTIONS', headers: asking }), 403, 'AccessDeniedException')
  })
})

describe('what a page can send without asking first', () => {
  it.each(['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain', 'application/json'])(
    '%s is not parsed',
    async (type) => {
      expectRefused(await visit({ headers: { 'Content-Type': type } }), 404, 'UnknownOperationException')
    },
  )

  it('a form post has no target, and is not an operation', async () => {
    const kms = createProgrammedKms()
    const form = new URLSearchParams({ a: 'b' })
    const answer = await ask(createFetchHandler(kms), new Request('http://localhost/', { method: 'POST', body: form }))
    expectRefused({ answer, kms }, 403, 'AccessDeniedException')
  })
})

describe('health', () => {
  it('answers those who may call', async () => {
    const { answer } = await visit({ method: 'GET', url: 'http://localhost/health' })
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.text)).toMatchObject({ status: 'ok' })
    expect(answer.headers.get('content-type')).toBe('application/json')
  })

  it('is behind the guard', async () => {
    const health = { method: 'GET', url: 'http://rebound.example/health' }
    expectRefused(await visit(health), 403, 'AccessDeniedException')
    const page = { method: 'GET', url: 'http://localhost/health', headers: { 'Sec-Fetch-Site': 'cross-site' } }
    expectRefused(await visit(page), 403, 'AccessDeniedException')
  })

  it('is no operation', async () => {
    expectRefused(await visit({ url: 'http://localhost/health' }), 404, 'UnknownOperationException')
  })
})

it('leaves the body of a refused request unread', async () => {
  const request = createRequest({ headers: { Origin: 'https://evil.example' } })
  await createFetchHandler(createProgrammedKms())(request)
  expect(request.bodyUsed).toBe(false)
})
