/** The client's requests and how it takes answers; where it goes when nobody says. */
import { type IncomingHttpHeaders, type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCredentials } from '../../packages/cli/src/kms-client/credentials.ts'
import { awsEndpoint, findPlace, parseEndpoint, regionOfKey } from '../../packages/cli/src/kms-client/endpoint.ts'
import { createKmsClient } from '../../packages/cli/src/kms-client/kms-client.ts'

const ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'token' }

interface Seen {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

let server: Server
let endpoint: URL
let seen: Seen[]
let answer: { readonly status: number; readonly body: string; readonly location?: string }

beforeAll(async () => {
  seen = []
  server = createServer((request, response) => {
    text(request).then(
      (body) => {
        const parsed: unknown = JSON.parse(body)
        seen.push({ method: request.method, url: request.url, headers: request.headers, body: parsed })
        response.writeHead(answer.status, answer.location === undefined ? {} : { location: answer.location })
        return response.end(answer.body)
      },
      () => response.destroy(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endpoint = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

describe('requests', () => {
  it('are AWS JSON, signed for the Region of the key, and blobs go both ways', async () => {
    answer = { status: 200, body: JSON.stringify({ KeyId: ARN, Plaintext: 'AAECAw==' }) }
    const kms = createKmsClient({ endpoint, region: 'us-east-1', credentials })
    const request = { KeyId: ARN, CiphertextBlob: Uint8Array.of(255, 254), EncryptionContext: { tenant: 'ä' } }
    expect(await kms.decrypt(request)).toEqual({ KeyId: ARN, Plaintext: Uint8Array.of(0, 1, 2, 3) })
    const last = seen.at(-1)
    expect(last).toMatchObject({
      method: 'POST',
      url: '/',
      body: { KeyId: ARN, CiphertextBlob: '//4=', EncryptionContext: { tenant: 'ä' } },
      headers: {
        host: endpoint.host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'TrentService.Decrypt',
        'x-amz-security-token': 'token',
      },
    })
    expect(last?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-west-1\/kms\/aws4_request, /,
    )
  })

  it('go unsigned without credentials, and for keys without a Region to the one that was said', async () => {
    answer = { status: 200, body: JSON.stringify({ KeyId: ARN, CiphertextBlob: 'AAE=' }) }
    const request = { KeyId: 'alias/a', Plaintext: Uint8Array.of(1), EncryptionContext: {} }
    await createKmsClient({ endpoint, region: 'ap-south-1', credentials: undefined }).encrypt(request)
    expect(seen.at(-1)?.headers.authorization).toBeUndefined()
    expect(seen.at(-1)?.body).toEqual({ KeyId: 'alias/a', Plaintext: 'AQ==', EncryptionContext: {} })
    await createKmsClient({ endpoint, region: 'ap-south-1', credentials }).encrypt(request)
    expect(seen.at(-1)?.headers.authorization).toContain('/ap-south-1/kms/')
  })
})

describe('answers that are refusals', () => {
  it.each([
    [400, '{"__type":"NotFoundException","message":"no key"}', 'NotFoundException', 'NotFoundException: no key'],
    [
      400,
      '{"__type":"com.amazonaws.kms#DisabledException","Message":"x"}',
      'DisabledException',
      'DisabledException: x',
    ],
    [400, '{"__type":"InvalidCiphertextException"}', 'InvalidCiphertextException', 'InvalidCiphertextException'],
    [500, '{}', 'HTTP 500', 'HTTP 500'],
    [502, '<html>', undefined, 'answered with status 502, and not as a KMS does'],
    [200, '[', undefined, 'answered with status 200, and not as a KMS does'],
  ])('%i %s', async (status, body, exception, message) => {
    answer = { status, body }
    const kms = createKmsClient({ endpoint, region: 'us-east-1', credentials })
    const asking = kms.generateDataKey({ KeyId: ARN, NumberOfBytes: 32, EncryptionContext: {} })
    await expect(asking).rejects.toMatchObject({ name: 'KmsRequestError', exception })
    await expect(asking).rejects.toThrow(message)
  })

  it('a request that is sent elsewhere does not go there', async () => {
    answer = { status: 307, body: '', location: 'http://127.0.0.1:1/' }
    const kms = createKmsClient({ endpoint, region: 'us-east-1', credentials })
    const asking = kms.decrypt({ KeyId: ARN, CiphertextBlob: Uint8Array.of(1), EncryptionContext: {} })
    await expect(asking).rejects.toThrow(`cannot reach ${endpoint.origin}`)
  })
})

describe('where a KMS is', () => {
  const nothing = { endpoint: undefined, region: undefined }

  it.each([
    [{}, undefined, 'us-east-1'],
    [{ AWS_ENDPOINT_URL: 'http://a:1' }, 'http://a:1', 'us-east-1'],
    [{ AWS_ENDPOINT_URL: 'http://a:1', AWS_ENDPOINT_URL_KMS: 'https://b' }, 'https://b', 'us-east-1'],
    [{ AWS_DEFAULT_REGION: 'eu-west-1' }, undefined, 'eu-west-1'],
    [{ AWS_DEFAULT_REGION: 'eu-west-1', AWS_REGION: 'eu-west-2' }, undefined, 'eu-west-2'],
    [{ AWS_REGION: '', AWS_ENDPOINT_URL: '' }, undefined, 'us-east-1'],
  ])('%j', (environment, origin, region) => {
    const place = findPlace(nothing, environment)
    expect({ origin: place.endpoint?.origin, region: place.region }).toEqual({ origin, region })
  })

  it('is said by the command line first, and nonsense is refused', () => {
    const asked = { endpoint: new URL('http://c'), region: 'eu-west-3' }
    expect(findPlace(asked, { AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: 'http://a' })).toEqual(asked)
    expect(() => findPlace(nothing, { AWS_REGION: 'EU' })).toThrow(RangeError)
    expect(() => findPlace(nothing, { AWS_ENDPOINT_URL: 'kms' })).toThrow(RangeError)
    for (const none of [
      '',
      'kms',
      'ftp://kms',
      'http://kms/a',
      'http://kms?a',
      'http://kms#a',
      'http://user@kms',
      'http://user:b@kms',
    ]) {
      expect(parseEndpoint(none)).toBeUndefined()
    }
  })

  it('is AWS’s own in the Region of the key otherwise', () => {
    expect(awsEndpoint('eu-west-1').href).toBe('https://kms.eu-west-1.amazonaws.com/')
    expect(awsEndpoint('cn-north-1').href).toBe('https://kms.cn-north-1.amazonaws.com.cn/')
    expect(regionOfKey(ARN, 'us-east-1')).toBe('eu-west-1')
    for (const key of ['alias/a', '1234', 'arn:aws:kms:evil.example/:1:key/1', 'arn:aws:s3:eu-west-1:1:key/1']) {
      expect(regionOfKey(key, 'us-east-1')).toBe('us-east-1')
    }
  })

  it('credentials are both variables or none', () => {
    expect(readCredentials({ AWS_ACCESS_KEY_ID: 'a' })).toBeUndefined()
    expect(readCredentials({ AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: 'b' })).toBeUndefined()
    expect(readCredentials({ AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_SESSION_TOKEN: '' })).toEqual({
      accessKeyId: 'a',
      secretAccessKey: 'b',
      sessionToken: undefined,
    })
  })
})
