/** Whose account and which Region a request is for. Nothing is verified; what cannot be read is refused. */
import { describe, expect, it } from 'vitest'
import { createFetchHandler } from '@softkms/server'
import { createProgrammedKms } from '../support/programmed-kms.ts'
import { ask, authorize, type WireCall } from '../support/wire.ts'

const DEFAULTS = { account: '000000000000', region: 'us-east-1' }

async function visit(call: WireCall) {
  const kms = createProgrammedKms({ ListKeys: () => ({ Keys: [] }) })
  const answer = await ask(createFetchHandler(kms), call)
  const caller = kms.calls[0]?.caller
  return { answer, scope: caller && { account: caller.account, region: caller.region } }
}

function presign(parameters: { readonly [name: string]: string }): string {
  return `http://localhost/?${new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': '111122223333/20260102/eu-west-1/kms/aws4_request',
    'X-Amz-Date': '20260102T030405Z',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': '00',
    ...parameters,
  }).toString()}`
}

describe('the scope', () => {
  it('of an unsigned request is what the service has for a default', async () => {
    expect((await visit({})).scope).toEqual(DEFAULTS)
  })

  it.each([
    ['111122223333/20260102/eu-west-1/kms/aws4_request', { account: '111122223333', region: 'eu-west-1' }],
    ['AKIDEXAMPLE/20260102/us-gov-west-1/kms/aws4_request', { account: '000000000000', region: 'us-gov-west-1' }],
    ['11112222333/20260102/ap-southeast-5/kms/aws4_request', { account: '000000000000', region: 'ap-southeast-5' }],
    ['1111222233334/20260102/us-isob-east-1/kms/aws4_request', { account: '000000000000', region: 'us-isob-east-1' }],
  ])('of %s', async (credential, scope) => {
    expect((await visit({ headers: { Authorization: authorize(credential) } })).scope).toEqual(scope)
  })

  it('does not depend on how the header is spaced', async () => {
    const Authorization =
      'AWS4-HMAC-SHA256 Signature=00,SignedHeaders=host,   Credential=111122223333/20260102/eu-west-1/kms/aws4_request'
    expect((await visit({ headers: { Authorization } })).scope).toEqual({
      account: '111122223333',
      region: 'eu-west-1',
    })
  })

  it('of a presigned request is in its query', async () => {
    expect((await visit({ url: presign({}) })).scope).toEqual({ account: '111122223333', region: 'eu-west-1' })
  })

  it('is not taken from a query that is not a signature', async () => {
    expect((await visit({ url: 'http://localhost/?Action=ListKeys' })).scope).toEqual(DEFAULTS)
  })
})

describe('refused as incomplete', () => {
  it.each([
    [
      'a header that is no signature',
      'X',
      "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. " +
        "Authorization header requires 'SignedHeaders' parameter.",
    ],
    ['another scheme', 'Bearer abc', "requires 'Credential' parameter"],
    ['an empty header', '', "requires 'Credential' parameter"],
    [
      'no credential',
      'AWS4-HMAC-SHA256 SignedHeaders=host, Signature=00',
      "Authorization header requires 'Credential' parameter.",
    ],
    [
      'an empty credential',
      'AWS4-HMAC-SHA256 Credential=, SignedHeaders=host, Signature=00',
      "Authorization header requires 'Credential' parameter.",
    ],
    ['four parts', authorize('111122223333/20260102/eu-west-1/kms'), 'exactly 5 slash-delimited elements'],
    [
      'six parts',
      authorize('a/111122223333/20260102/eu-west-1/kms/aws4_request'),
      'exactly 5 slash-delimited elements',
    ],
    ['no access key', authorize('/20260102/eu-west-1/kms/aws4_request'), 'exactly 5 slash-delimited elements'],
    [
      'another algorithm',
      'AWS4-ECDSA-P256-SHA256 Credential=a/20260102/kms/aws4_request, SignedHeaders=host, Signature=00',
      "Unsupported AWS 'algorithm'",
    ],
    ['two headers in one', `${authorize('a/b/eu-west-1/kms/aws4_request')}, ${authorize('x')}`, 'each parameter once'],
  ])('%s', async (_what, Authorization, message) => {
    const { answer, scope } = await visit({ headers: { Authorization } })
    expect(scope).toBeUndefined()
    expect(answer.status).toBe(400)
    const body = JSON.parse(answer.text) as { __type: string; message: string }
    expect(body.__type).toBe('IncompleteSignatureException')
    expect(body.message).toContain(message)
  })

  it.each(['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Date', 'X-Amz-SignedHeaders', 'X-Amz-Signature'])(
    'a presigned request without %s',
    async (name) => {
      const { answer } = await visit({ url: presign({ [name]: '' }) })
      expect(answer.text).toContain(`AWS query-string parameters must include '${name}'.`)
    },
  )

  it('without repeating the header', async () => {
    const { answer } = await visit({ headers: { Authorization: 'AWS4-HMAC-SHA256 Signature=cafe' } })
    expect(answer.text).not.toContain('cafe')
  })
})

describe('refused as invalid', () => {
  it.each([
    ['a Region that is none', 'eu_west/kms/aws4_request', 'Credential should be scoped to a valid region.'],
    ['no Region', '/kms/aws4_request', 'Credential should be scoped to a valid region.'],
    ['another service', 'eu-west-1/s3/aws4_request', "Credential should be scoped to correct service: 'kms'."],
    ['another ending', 'eu-west-1/kms/aws5', "Credential should be scoped with a valid terminator: 'aws4_request'."],
  ])('%s', async (_what, rest, message) => {
    const { answer, scope } = await visit({ headers: { Authorization: authorize(`AKID/20260102/${rest}`) } })
    expect(scope).toBeUndefined()
    expect(JSON.parse(answer.text)).toEqual({ __type: 'InvalidSignatureException', message })
    expect(answer.status).toBe(400)
  })

  it('a request that is signed in two places', async () => {
    const Authorization = authorize('111122223333/20260102/eu-west-1/kms/aws4_request')
    const { answer } = await visit({ url: presign({}), headers: { Authorization } })
    expect(answer.text).toContain('"__type":"InvalidSignatureException"')
  })
})
