/** Signatures over a raw socket: repeated and folded headers, and bodies that are never sent. */
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createCredentials } from '@softkms/server'
import { serveNode, type RunningServer } from '@softkms/server/node'
import { createProgrammedKms } from '../../support/programmed-kms.ts'
import { exchangeRaw, formatRequest, type RawAnswer } from '../../support/raw-http.ts'
import { SIGNED_AT, signWithSdk, unsigned } from '../../support/signed-requests.ts'
import { ALICE, SECRETS } from '../../support/signers.ts'

let server: RunningServer
const kms = createProgrammedKms({ ListKeys: () => ({ Keys: [] }) })

beforeAll(async () => {
  const auth = { credentials: createCredentials([ALICE]), clock: { now: () => SIGNED_AT } }
  server = await serveNode({ kms, port: 0, auth })
})

afterAll(() => server.close())

afterEach(() => {
  kms.calls.length = 0
})

type Headers = { readonly [name: string]: string | readonly string[] | undefined }

/** Signs what the SDK would send with `signed` among its headers, and sends it with `sent` instead. */
async function send(signed: { readonly [name: string]: string }, sent: Headers = {}, body = '{}') {
  const host = `127.0.0.1:${server.port}`
  const { headers } = await signWithSdk(unsigned({ host, headers: signed, body: '{}' }), ALICE)
  const { 'content-type': type, 'x-amz-target': target, ...others } = headers
  const all = { Host: host, 'Content-Type': type, 'X-Amz-Target': target, ...others, ...sent }
  return exchangeRaw(server.port, formatRequest({ headers: all, body }))
}

function told(answer: RawAnswer | undefined): readonly [number | undefined, string] {
  for (const secret of SECRETS) expect(answer?.body).not.toContain(secret)
  return [answer?.status, /"(?:__type|Keys)":"?(\w*)/.exec(answer?.body ?? '')?.[1] ?? '']
}

describe('headers', () => {
  it('are signed with their spaces trimmed and run together', async () => {
    expect(told(await send({ 'x-test': 'a b' }, { 'x-test': '  a   b \t' }))).toEqual([200, ''])
  })

  it('that are repeated are signed joined by commas, in their order', async () => {
    expect(told(await send({ 'x-test': 'a,b' }, { 'x-test': ['a', 'b'] }))).toEqual([200, ''])
    expect(told(await send({ 'x-test': 'a,b' }, { 'x-test': ['b', 'a'] }))).toEqual([400, 'InvalidSignatureException'])
  })

  it.each<readonly [string, Headers, number, string]>([
    [
      'two Authorizations',
      { authorization: ['AWS4-HMAC-SHA256 a', 'AWS4-HMAC-SHA256 b'] },
      400,
      'IncompleteSignatureException',
    ],
    ['two dates', { 'x-amz-date': ['20260102T030405Z', '20260102T030405Z'] }, 400, 'IncompleteSignatureException'],
    ['two tokens', { 'x-amz-security-token': ['a', 'b'] }, 400, 'InvalidSignatureException'],
    [
      'a header named like a member of objects',
      { __proto__: 'x', 'x-amz-__proto__': 'y' },
      400,
      'InvalidSignatureException',
    ],
    ['a date in Latin-1', { 'x-amz-date': '\u00b2\u00b2' }, 400, 'IncompleteSignatureException'],
    [
      'an Authorization of many parts',
      { authorization: `AWS4-HMAC-SHA256 ${'a=b,'.repeat(2000)}` },
      400,
      'IncompleteSignatureException',
    ],
    [
      'many signed headers',
      { authorization: `AWS4-HMAC-SHA256 Credential=a/b/c/d/e,Signature=f,SignedHeaders=host${';h'.repeat(4000)}` },
      400,
      'InvalidSignatureException',
    ],
  ])('%s', async (_what, headers, status, type) => {
    expect(told(await send({}, headers))).toEqual([status, type])
    expect(kms.calls).toEqual([])
  })
})

describe('a body', () => {
  it('of a stranger is not waited for', async () => {
    const headers = { authorization: undefined, 'Content-Length': '100000' }
    expect(told(await send({}, headers, ''))).toEqual([400, 'MissingAuthenticationTokenException'])
  })

  it('in chunks is signed as a whole', async () => {
    const headers = { 'Transfer-Encoding': 'chunked' }
    expect(told(await send({}, headers, '1\r\n{\r\n1\r\n}\r\n0\r\n\r\n'))).toEqual([200, ''])
  })
})

describe('a packed body', () => {
  const packed = gzipSync('{}')
  const coded = { 'content-encoding': 'gzip' }

  it('is signed as it is sent', async () => {
    const hash = createHash('sha256').update(packed).digest('hex')
    const signed = { ...coded, 'x-amz-content-sha256': hash }
    expect(told(await send(signed, {}, packed.toString('latin1')))).toEqual([200, ''])
  })

  it('is not what its content would be signed for, and is not unpacked for strangers', async () => {
    expect(told(await send(coded, {}, packed.toString('latin1')))).toEqual([400, 'InvalidSignatureException'])
    expect(told(await send(coded, {}, 'not packed at all'))).toEqual([400, 'InvalidSignatureException'])
    expect(kms.calls).toEqual([])
  })
})

describe('what needs no signature', () => {
  it('is the health of the server', async () => {
    const answer = await exchangeRaw(server.port, formatRequest({ method: 'GET', path: '/health', body: '' }))
    expect(answer?.status).toBe(200)
  })
})
