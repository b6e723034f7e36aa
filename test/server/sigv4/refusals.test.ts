/**
 * What a request that is not rightly signed is told: AWS's names and texts, in AWS's order, and HTTP 400.
 *
 * @covers wire §4 (signature layer)
 */
import { describe, expect, it } from 'vitest'
import { createCredentials } from '@softkms/server'
import {
  presignWithSdk,
  type Signed,
  SIGNED_AT,
  signWithSdk,
  toRequest,
  unsigned,
} from '../../support/signed-requests.ts'
import { ALICE, createVerifyingServer, SESSION } from '../../support/signers.ts'

const MINUTE = 60_000

interface Told {
  readonly type: string
  readonly message: string
}

async function tell(signed: Signed, now: number = SIGNED_AT, server = createVerifyingServer(now)): Promise<Told> {
  const response = await server.handle(toRequest(signed))
  const { __type: type, message } = (await response.json()) as { readonly __type?: string; readonly message?: string }
  if (response.status === 200) return { type: 'OK', message: '' }
  expect(response.status).toBe(400)
  expect(server.kms.calls).toEqual([])
  return { type: type ?? '', message: message ?? '' }
}

const OK: Told = { type: 'OK', message: '' }
const MISMATCH: Told = {
  type: 'InvalidSignatureException',
  message:
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
    'and signing method. Consult the service documentation for details.',
}
const MISSING: Told = { type: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' }
const UNRECOGNIZED: Told = {
  type: 'UnrecognizedClientException',
  message: 'The security token included in the request is invalid.',
}

const incomplete = (message: string): Told => ({ type: 'IncompleteSignatureException', message })
const invalid = (message: string): Told => ({ type: 'InvalidSignatureException', message })

const REQUEST = unsigned()

function withHeaders(signed: Signed, headers: { readonly [name: string]: string | undefined }): Signed {
  const merged = Object.entries({ ...signed.headers, ...headers }).filter(([, value]) => value !== undefined)
  return { ...signed, headers: Object.fromEntries(merged) as Signed['headers'] }
}

/** A good request whose `Authorization` says otherwise. */
async function authorize(change: (header: string) => string): Promise<Signed> {
  const signed = await signWithSdk(REQUEST, ALICE)
  return withHeaders(signed, { authorization: change(signed.headers['authorization'] ?? '') })
}

describe('no signature', () => {
  it.each([undefined, '', 'Basic dXNlcjpwYXNz', 'Bearer abc', 'AWS AKIA:sig'])('%j', async (authorization) => {
    const signed = await signWithSdk(REQUEST, ALICE)
    expect(await tell(withHeaders(signed, { authorization }))).toEqual(MISSING)
  })
})

describe('a signature with parts missing, twice or not to be read', () => {
  const cases: readonly (readonly [string, (header: string) => string, Told])[] = [
    [
      'no parts',
      () => 'AWS4-HMAC-SHA256',
      incomplete(
        "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. " +
          "Authorization header requires 'SignedHeaders' parameter.",
      ),
    ],
    [
      'no signature',
      (header) => header.replace(/, Signature=.*/, ''),
      incomplete("Authorization header requires 'Signature' parameter."),
    ],
    [
      'two signatures',
      (header) => `${header}, Signature=${'0'.repeat(64)}`,
      incomplete('Authorization header must have each parameter once.'),
    ],
    [
      'another algorithm',
      (header) => header.replace('AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA512'),
      incomplete("Unsupported AWS 'algorithm': only AWS4-HMAC-SHA256 for now."),
    ],
    [
      'four parts of a credential',
      (header) => header.replace('/aws4_request', ''),
      incomplete('Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.'),
    ],
    [
      'everything wrong with the scope',
      (header) => header.replace(/\/20260102\/.*?,/, '/20260103/eu_west/s3/aws5_request,'),
      invalid(
        "Credential should be scoped to a valid region. Credential should be scoped to correct service: 'kms'. " +
          "Credential should be scoped with a valid terminator: 'aws4_request'. " +
          'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.',
      ),
    ],
    [
      'the host not signed',
      (header) => header.replace('host;', ''),
      invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."),
    ],
    [
      'the date not signed',
      (header) => header.replace('x-amz-date;', ''),
      invalid("'X-Amz-Date' must be a 'SignedHeader' in the AWS Authorization."),
    ],
    [
      'the target not signed',
      (header) => header.replace(';x-amz-target', ''),
      invalid("'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization."),
    ],
    ['signed headers out of order', (header) => header.replace('content-type;host', 'host;content-type'), MISMATCH],
    ['a signed header twice', (header) => header.replace('host;', 'host;host;'), MISMATCH],
    ['signed headers in capitals', (header) => header.replace('content-type;', 'Content-Type;'), MISMATCH],
    ['a signed header that is not there', (header) => header.replace('host;', 'host;range;'), MISMATCH],
    ['a signature in capitals', (header) => header.replace(/[0-9a-f]{64}$/, (hex) => hex.toUpperCase()), MISMATCH],
    ['a short signature', (header) => header.slice(0, -1), MISMATCH],
    ['a long signature', (header) => `${header}0`, MISMATCH],
    ['no digits', (header) => header.replace(/[0-9a-f]{64}$/, 'z'.repeat(64)), MISMATCH],
    [
      'an access key that nobody has',
      (header) => header.replace(ALICE.accessKeyId, 'AKIANOBODYNOBODY0001'),
      UNRECOGNIZED,
    ],
    [
      'an access key that is a member of objects',
      (header) => header.replace(ALICE.accessKeyId, '__proto__'),
      UNRECOGNIZED,
    ],
    ['the access key of another', (header) => header.replace(ALICE.accessKeyId, SESSION.accessKeyId), MISMATCH],
  ]
  it.each(cases)('%s', async (_what, change, told) => {
    expect(await tell(await authorize(change))).toEqual(told)
  })

  it('in two places', async () => {
    const { url } = await presignWithSdk(REQUEST, ALICE)
    expect(await tell({ ...(await signWithSdk(REQUEST, ALICE)), url })).toEqual(
      invalid("Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."),
    )
  })
})

describe('the time', () => {
  const expired = invalid(
    'Signature expired: 20260102T030405Z is now earlier than 20260102T030406Z (20260102T030906Z - 5 min.)',
  )
  const early = invalid(
    'Signature not yet current: 20260102T030405Z is still later than 20260102T030404Z (20260102T025904Z + 5 min.)',
  )
  it.each([
    ['now', 0, OK],
    ['five minutes later', 5 * MINUTE, OK],
    ['a second after that', 5 * MINUTE + 1000, expired],
    ['five minutes earlier', -5 * MINUTE, OK],
    ['a second before that', -5 * MINUTE - 1000, early],
  ])('%s', async (_when, offset, told) => {
    expect(await tell(await signWithSdk(REQUEST, ALICE), SIGNED_AT + offset)).toEqual(told)
  })

  it('is the affair of the operator', async () => {
    const server = createVerifyingServer(SIGNED_AT + 61_000, { maxSkewMs: 90_000 })
    expect(await tell(await signWithSdk(REQUEST, ALICE), 0, server)).toEqual(OK)
    const strict = createVerifyingServer(SIGNED_AT + 31_000, { maxSkewMs: 30_000 })
    expect((await tell(await signWithSdk(REQUEST, ALICE), 0, strict)).message).toContain('- 30 sec.)')
    for (const maxSkewMs of [0, -1000, 1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => createVerifyingServer(0, { maxSkewMs })).toThrow(RangeError)
    }
  })

  const notBasic = incomplete("Date must be in ISO-8601 'basic format'. See http://en.wikipedia.org/wiki/ISO_8601")
  it.each(['20260102', '2026-01-02T03:04:05Z', '20260231T030405Z', '20260102T250405Z', 'now', ''])(
    'cannot be read: %j',
    async (date) => {
      expect(await tell(withHeaders(await signWithSdk(REQUEST, ALICE), { 'x-amz-date': date }))).toEqual(notBasic)
    },
  )

  it('is not there', async () => {
    expect(await tell(withHeaders(await signWithSdk(REQUEST, ALICE), { 'x-amz-date': undefined }))).toEqual(
      incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."),
    )
  })

  it('may be in the Date header, which must then be signed, and be a date', async () => {
    const signed = await signWithSdk(REQUEST, ALICE)
    const dated = (date: string): Signed => withHeaders(signed, { 'x-amz-date': undefined, date })
    expect(await tell(dated('Fri, 02 Jan 2026 03:04:05 GMT'))).toEqual(
      invalid("'Date' must be a 'SignedHeader' in the AWS Authorization."),
    )
    expect((await tell(dated('Fri, 02 Jan 2026 02:04:05 GMT'))).message).toContain(
      'Signature expired: 20260102T020405Z',
    )
    for (const date of ['2 January 2026', '2026-01-02', 'Fri, 32 Jan 2026 03:04:05 GMT', '20260231T030405Z', '0']) {
      expect(await tell(dated(date))).toEqual(notBasic)
    }
  })

  it('comes before the access key, and the access key before the signature', async () => {
    const stranger = { ...ALICE, accessKeyId: 'AKIANOBODYNOBODY0001' }
    const signed = await signWithSdk(REQUEST, stranger)
    expect((await tell(signed, SIGNED_AT + 10 * MINUTE)).message).toContain('Signature expired')
    expect(await tell(signed)).toEqual(UNRECOGNIZED)
  })
})

describe('a presigned request', () => {
  it.each([
    ['within its time', 59_000, 60, OK],
    ['at its end', 60_000, 60, OK],
    [
      'after it',
      61_000,
      60,
      invalid('Signature expired: 20260102T030405Z is now earlier than 20260102T030406Z (20260102T030506Z - 1 min.)'),
    ],
    ['for a week', 604_800_000, 604_800, OK],
    [
      'too early',
      -6 * MINUTE,
      604_800,
      invalid(
        'Signature not yet current: 20260102T030405Z is still later than 20260102T030305Z (20260102T025805Z + 5 min.)',
      ),
    ],
  ])('%s', async (_when, offset, expiresIn, told) => {
    expect(await tell(await presignWithSdk(REQUEST, ALICE, { expiresIn }), SIGNED_AT + offset)).toEqual(told)
  })

  it.each(['', '-1', '1e3', '604801', '9999999999', '60 '])('cannot be good for %j seconds', async (expires) => {
    const signed = await presignWithSdk(REQUEST, ALICE)
    const url = signed.url.replace('X-Amz-Expires=900', `X-Amz-Expires=${encodeURIComponent(expires)}`)
    expect(url).not.toBe(signed.url)
    expect(await tell({ ...signed, url })).toMatchObject({ type: 'IncompleteSignatureException' })
  })

  it('without parts is told which, and told of each that is there twice', async () => {
    const signed = await presignWithSdk(REQUEST, ALICE)
    expect(await tell({ ...signed, url: signed.url.replace('X-Amz-Signature', 'X-Amz-Sig') })).toEqual(
      incomplete("AWS query-string parameters must include 'X-Amz-Signature'. Re-examine the query-string parameters."),
    )
    expect(await tell({ ...signed, url: `${signed.url}&X-Amz-Expires=900` })).toEqual(
      incomplete('AWS query-string parameters must each be given once.'),
    )
  })

  it('whose encoding is none fits nothing', async () => {
    const signed = await presignWithSdk(REQUEST, ALICE)
    for (const tail of ['&a=%', '&a=%zz', '&a=%ff', '&%c3=1']) {
      expect(await tell({ ...signed, url: signed.url + tail })).toEqual(MISMATCH)
    }
  })
})

describe('a session', () => {
  const { sessionToken: _, ...tokenless } = SESSION
  it('is expired from the instant at which it ends', async () => {
    const at = SESSION.expiration.getTime()
    expect(await tell(await signWithSdk(REQUEST, SESSION, at - 1000), at - 1)).toEqual(OK)
    const expired: Told = {
      type: 'ExpiredTokenException',
      message: 'The security token included in the request is expired',
    }
    expect(await tell(await signWithSdk(REQUEST, SESSION, at), at)).toEqual(expired)
    expect(await tell(await presignWithSdk(REQUEST, SESSION, { at }), at)).toEqual(expired)
  })

  it.each([
    ['without its token', tokenless],
    ['with another token', { ...SESSION, sessionToken: `${SESSION.sessionToken}x` }],
    ['with a shorter token', { ...SESSION, sessionToken: SESSION.sessionToken.slice(0, -1) }],
    ['which is none, but brings a token', { ...ALICE, sessionToken: SESSION.sessionToken }],
  ])('%s', async (_what, signer) => {
    expect(await tell(await signWithSdk(REQUEST, signer))).toEqual(UNRECOGNIZED)
    expect(await tell(await presignWithSdk(REQUEST, signer))).toEqual(UNRECOGNIZED)
  })

  it('learns nothing of its token with the wrong secret', async () => {
    const forger = { ...SESSION, secretAccessKey: 'not-the-secret', sessionToken: 'not-the-token' }
    const late = SESSION.expiration.getTime() + MINUTE
    expect(await tell(await signWithSdk(REQUEST, forger, late), late)).toEqual(MISMATCH)
  })
})

describe('the body', () => {
  it('may be declared, rightly', async () => {
    const { createHash } = await import('node:crypto')
    const hash = createHash('sha256').update(REQUEST.body).digest('hex')
    const sign = (value: string): Promise<Signed> =>
      signWithSdk(unsigned({ headers: { 'x-amz-content-sha256': value } }), ALICE)
    expect(await tell(await sign(hash))).toEqual(OK)
    expect(await tell(await sign(hash.toUpperCase()))).toEqual(MISMATCH)
  })

  it.each(['UNSIGNED-PAYLOAD', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'])(
    'must be signed: %s is of S3',
    async (value) => {
      const request = unsigned({ headers: { 'x-amz-content-sha256': value } })
      expect(await tell(await signWithSdk(request, ALICE))).toEqual(MISMATCH)
    },
  )
})

describe('the Region', () => {
  it('is that of the endpoint, where its name says one', async () => {
    const sign = (region: string): Promise<Signed> =>
      signWithSdk(unsigned({ host: 'kms-fips.eu-west-1.amazonaws.com', region }), ALICE)
    expect(await tell(await sign('eu-west-1'))).toEqual(OK)
    expect(await tell(await sign('us-east-1'))).toEqual(invalid('Credential should be scoped to a valid region.'))
  })
})

describe('what is asked before who asks', () => {
  it('is whether there is such an operation', async () => {
    const signed = await signWithSdk(REQUEST, { ...ALICE, secretAccessKey: 'not-the-secret' })
    expect(await tell(withHeaders(signed, { 'x-amz-target': 'TrentService.Nothing' }))).toEqual({
      type: 'UnknownOperationException',
      message: '',
    })
  })

  it('is not what the body means', async () => {
    const request = unsigned({ body: '{' })
    expect(await tell(await signWithSdk(request, { ...ALICE, secretAccessKey: 'not-the-secret' }))).toEqual(MISMATCH)
    expect(await tell(await signWithSdk(request, ALICE))).toMatchObject({ type: 'SerializationException' })
  })
})

describe('a caller that names itself', () => {
  it('is refused, however well it signs', async () => {
    const { kms, handle } = createVerifyingServer()
    const request = unsigned({ headers: { 'x-softkms-caller': 'arn:aws:iam::444455556666:root' } })
    const response = await handle(toRequest(await signWithSdk(request, ALICE)))
    expect([response.status, kms.calls]).toEqual([403, []])
  })

  it('cannot be believed by a server that verifies', async () => {
    const { createFetchHandler } = await import('@softkms/server')
    const auth = { credentials: createCredentials([ALICE]) }
    const { kms } = createVerifyingServer()
    expect(() => createFetchHandler(kms, { auth, trustCallerHeader: true })).toThrow(TypeError)
  })
})

describe('credentials that come and go', () => {
  it('count from the next request on', async () => {
    const credentials = createCredentials()
    const server = (): ReturnType<typeof createVerifyingServer> => createVerifyingServer(SIGNED_AT, { credentials })
    const shared = server()
    const signed = await signWithSdk(REQUEST, ALICE)
    expect(await tell(signed, 0, shared)).toEqual(UNRECOGNIZED)
    credentials.set(ALICE)
    expect(await tell(signed, 0, shared)).toEqual(OK)
    shared.kms.calls.length = 0
    // The signing key that was kept for the old secret is good for nothing now.
    credentials.set({ ...ALICE, secretAccessKey: 'another-secret' })
    expect(await tell(signed, 0, shared)).toEqual(MISMATCH)
    expect(await tell(await signWithSdk(REQUEST, { ...ALICE, secretAccessKey: 'another-secret' }), 0, shared)).toEqual(
      OK,
    )
    shared.kms.calls.length = 0
    expect([credentials.delete(ALICE.accessKeyId), credentials.delete(ALICE.accessKeyId)]).toEqual([true, false])
    expect(await tell(signed, 0, shared)).toEqual(UNRECOGNIZED)
  })

  it('that cannot be looked up let nobody in', async () => {
    const faults: unknown[] = []
    const { kms } = createVerifyingServer()
    const { createFetchHandler } = await import('@softkms/server')
    const find = (): never => {
      throw new Error('the directory is down')
    }
    const handle = createFetchHandler(kms, {
      auth: { credentials: { find }, clock: { now: () => SIGNED_AT } },
      onInternalError: (cause) => faults.push(cause),
    })
    const response = await handle(toRequest(await signWithSdk(REQUEST, ALICE)))
    expect([response.status, kms.calls, faults.length]).toEqual([500, [], 1])
    expect(await response.text()).not.toContain('directory')
  })
})
