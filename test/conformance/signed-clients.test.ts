/**
 * AWS's own clients against `softkms serve --auth sigv4`: with the right credentials, with wrong and expired ones, and by
 * a clock that is wrong.
 *
 * @covers wire §4 (signature layer)
 */
import { execFile } from 'node:child_process'
import { Agent } from 'node:https'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { KMS, type KMSClientConfig } from '@aws-sdk/client-kms'
import { createKms, requestHandler } from 'softkms'
import { createCredentials, parseCredentialsFile } from '@softkms/server'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { FILED, writeCredentials } from '../support/credentials-file.ts'
import { lacksOpenSsl } from '../support/openssl.ts'
import { findPythonClients } from '../support/python-clients.ts'
import { type ServedKms, serveKms } from '../support/served-kms.ts'
import { createCertificate } from '../support/tls-certificate.ts'

const REGION = 'eu-west-1'
const SUITE = fileURLToPath(new URL('signed_suite.py', import.meta.url))
const HOUR = 3_600_000

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
  'and signing method. Consult the service documentation for details.'
const UNRECOGNIZED = 'The security token included in the request is invalid.'
const EXPIRED = 'The security token included in the request is expired'

interface Keys {
  readonly AccessKeyId: string
  readonly SecretAccessKey: string
  readonly SessionToken?: string | undefined
}

const { path, summary } = await findPythonClients()
const file = writeCredentials()
const clients: KMS[] = []
let server: ServedKms

beforeAll(async () => {
  server = await serveKms('--auth', 'sigv4', '--credentials', file.path)
})

afterEach(() => {
  for (const client of clients.splice(0)) client.destroy()
})

afterAll(async () => {
  await server.stop()
  file.remove()
})

function connectAs({ AccessKeyId, SecretAccessKey, SessionToken }: Keys, config: KMSClientConfig = {}): KMS {
  const credentials = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(SessionToken !== undefined && { sessionToken: SessionToken }),
  }
  const client = new KMS({ endpoint: server.url, region: REGION, maxAttempts: 1, credentials, ...config })
  clients.push(client)
  return client
}

async function refusalOf(request: Promise<unknown>): Promise<object> {
  const error: unknown = await request.then(
    () => new Error('was not refused'),
    (thrown: unknown) => thrown,
  )
  const { name, message, $metadata } = error as Error & { readonly $metadata?: { readonly httpStatusCode?: number } }
  return { name, message, status: $metadata?.httpStatusCode }
}

const told = (name: string, message: unknown): object => ({ name, message, status: 400 })

describe('the AWS SDK for JavaScript', () => {
  it('is whoever signs: a user, or a role in its session', async () => {
    const alice = connectAs(FILED.user)
    const policy = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: FILED.user.Principal }, Action: 'kms:*', Resource: '*' },
        { Effect: 'Allow', Principal: { AWS: FILED.session.Principal }, Action: 'kms:Encrypt', Resource: '*' },
      ],
    }
    const { KeyMetadata } = await alice.createKey({ Policy: JSON.stringify(policy) })
    expect(KeyMetadata?.AWSAccountId).toBe('111122223333')
    const KeyId = KeyMetadata?.KeyId
    const session = connectAs(FILED.session)
    const { CiphertextBlob } = await session.encrypt({ KeyId, Plaintext: Buffer.from('sealed by a session') })
    const opened = await alice.decrypt({ CiphertextBlob })
    expect(Buffer.from(opened.Plaintext ?? []).toString()).toBe('sealed by a session')
    expect(await refusalOf(session.decrypt({ KeyId, CiphertextBlob }))).toEqual(
      told('AccessDeniedException', expect.stringContaining(`User: ${FILED.session.Principal} is not authorized`)),
    )
  })

  it.each<readonly [string, Keys, object]>([
    ['a wrong secret', { ...FILED.user, SecretAccessKey: 'wrong' }, told('InvalidSignatureException', MISMATCH)],
    [
      'an unknown key',
      { ...FILED.user, AccessKeyId: '111122223333' },
      told('UnrecognizedClientException', UNRECOGNIZED),
    ],
    [
      'a session without token',
      { ...FILED.session, SessionToken: undefined },
      told('UnrecognizedClientException', UNRECOGNIZED),
    ],
    ['an expired session', FILED.expired, told('ExpiredTokenException', EXPIRED)],
  ])('is refused with %s', async (_what, keys, refusal) => {
    expect(await refusalOf(connectAs(keys).listKeys())).toEqual(refusal)
  })

  it.each([
    ['slow', -HOUR, /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)$/],
    [
      'fast',
      HOUR,
      /^Signature not yet current: \d{8}T\d{6}Z is still later than \d{8}T\d{6}Z \(\d{8}T\d{6}Z \+ 5 min\.\)$/,
    ],
  ])(
    'is told that its clock is %s, sets it right by the Date of the answer, and is served',
    async (_what, offset, message) => {
      const client = connectAs(FILED.user, { systemClockOffset: offset })
      expect(await refusalOf(client.listKeys())).toEqual(
        told('InvalidSignatureException', expect.stringMatching(message)),
      )
      expect((await client.listKeys()).$metadata.httpStatusCode).toBe(200)
    },
  )

  it('is verified without a socket, too', async () => {
    const text = JSON.stringify({ Version: 1, Credentials: Object.values(FILED) })
    const auth = { credentials: createCredentials(parseCredentialsFile(text)) }
    const way = { requestHandler: requestHandler(await createKms(), { auth }) }
    expect((await connectAs(FILED.session, way).listKeys()).Keys).toEqual([])
    expect(await refusalOf(connectAs({ ...FILED.user, SecretAccessKey: 'wrong' }, way).listKeys())).toEqual(
      told('InvalidSignatureException', MISMATCH),
    )
  })

  it.skipIf(lacksOpenSsl)('is served over TLS on every address of the machine (needs openssl)', async () => {
    const { certFile, keyFile, cert, remove } = createCertificate()
    const gate = ['--auth', 'sigv4', '--credentials', file.path, '--tls-cert', certFile, '--tls-key', keyFile]
    const secure = await serveKms('--host', '0.0.0.0', ...gate)
    expect(secure.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    const way = { endpoint: secure.url, requestHandler: { httpsAgent: new Agent({ ca: cert }) } }
    expect((await connectAs(FILED.user, way).createKey()).KeyMetadata?.AWSAccountId).toBe('111122223333')
    expect(await refusalOf(connectAs(FILED.expired, way).listKeys())).toEqual(told('ExpiredTokenException', EXPIRED))
    for (const client of clients.splice(0)) client.destroy()
    await secure.stop()
    remove()
  })
})

describe.skipIf(path === undefined)(`boto3 and the AWS CLI (${summary})`, () => {
  const env = { PATH: path, HOME: '/nonexistent', AWS_CONFIG_FILE: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true' }

  it('boto3 is served and refused by its credentials and its clock, in the header and presigned', async () => {
    const { stdout } = await promisify(execFile)('python3', [SUITE, server.url, JSON.stringify(FILED)], {
      env,
      timeout: 50_000,
    })
    expect(JSON.parse(stdout)).toEqual({
      user: 'OK',
      session: 'OK',
      wrong_secret: ['InvalidSignatureException', MISMATCH, 400],
      unknown: ['UnrecognizedClientException', UNRECOGNIZED, 400],
      token_missing: ['UnrecognizedClientException', UNRECOGNIZED, 400],
      expired: ['ExpiredTokenException', EXPIRED, 400],
      four_minutes_slow: 'OK',
      an_hour_slow: ['InvalidSignatureException'],
      an_hour_fast: ['InvalidSignatureException'],
      by_date_header: [200, false],
      presigned: [200, false],
      presigned_by_session: [200, false],
      presigned_expired: [400, 'InvalidSignatureException'],
      presigned_early: [200, false],
      presigned_wrong_secret: [400, 'InvalidSignatureException'],
    })
  })

  async function run(keys: Keys): Promise<string> {
    const { AccessKeyId, SecretAccessKey, SessionToken } = keys
    const credentials = {
      AWS_ACCESS_KEY_ID: AccessKeyId,
      AWS_SECRET_ACCESS_KEY: SecretAccessKey,
      ...(SessionToken !== undefined && { AWS_SESSION_TOKEN: SessionToken }),
    }
    const words = ['kms', 'list-aliases', '--region', REGION, '--endpoint-url', server.url, '--output', 'json']
    const options = { env: { ...env, ...credentials, AWS_PAGER: '', LANG: 'C.UTF-8' }, timeout: 50_000 }
    return promisify(execFile)('aws', words, options).then(
      ({ stdout }) => stdout,
      ({ stderr }: { readonly stderr: string }) => stderr,
    )
  }

  it('the AWS CLI is served and refused by its credentials', async () => {
    expect(JSON.parse(await run(FILED.session))).toEqual({ Aliases: [] })
    expect(await run({ ...FILED.user, SecretAccessKey: 'wrong' })).toContain(
      `An error occurred (InvalidSignatureException) when calling the ListAliases operation: ${MISMATCH}`,
    )
    expect(await run(FILED.expired)).toContain(
      `An error occurred (ExpiredTokenException) when calling the ListAliases operation: ${EXPIRED}`,
    )
  })
})
