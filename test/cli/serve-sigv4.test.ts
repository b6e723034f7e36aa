/** The flags of `softkms serve` about signatures and TLS: what they ask for, what they refuse, what is said of them. */
import { afterAll, describe, expect, it } from 'vitest'
import { startCommand } from '../support/command.ts'
import { FILED, writeCredentials } from '../support/credentials-file.ts'
import { lacksOpenSsl } from '../support/openssl.ts'
import { exchangeRaw, formatRequest } from '../support/raw-http.ts'
import { serveKms } from '../support/served-kms.ts'
import { createCertificate } from '../support/tls-certificate.ts'

const file = writeCredentials()
afterAll(file.remove)

const SIGV4 = ['--auth', 'sigv4', '--credentials', file.path] as const
const SECRETS = Object.values(FILED).flatMap((keys) => [
  keys.SecretAccessKey,
  ...('SessionToken' in keys ? [keys.SessionToken] : []),
])

async function endOf(...flags: readonly string[]) {
  const ended = await startCommand('serve', '--store', 'memory', '--port', '0', ...flags).ended
  for (const secret of SECRETS) expect(ended.stderr + ended.stdout).not.toContain(secret)
  return { code: ended.code, said: ended.stderr.split('\n')[0] }
}

describe('serve --auth sigv4', () => {
  it('says so, prints no secret, and serves nobody who does not sign', async () => {
    const server = await serveKms(...SIGV4)
    const said = server.stdout()
    expect(said).toContain(`Signatures are verified (Signature Version 4): access keys are those of ${file.path}\n`)
    expect(said).toContain(`\nAWS_PAGER= aws kms create-key --region us-east-1 --endpoint-url ${server.url}\n`)
    for (const secret of SECRETS) expect(said).not.toContain(secret)
    expect(await exchangeRaw(server.port, formatRequest())).toMatchObject({
      status: 400,
      body: '{"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"}',
    })
    await server.stop()
  })

  it('is off unless it is asked for, and that is said, too', async () => {
    const server = await serveKms()
    expect(server.stdout()).toContain('Signatures are not verified')
    expect((await exchangeRaw(server.port, formatRequest()))?.status).toBe(200)
    await server.stop()
  })

  it.each<readonly [string, readonly string[], string]>([
    ['without credentials', ['--auth', 'sigv4'], 'error: --auth sigv4 needs --credentials <file>'],
    ['not asked for', ['--credentials', file.path], 'error: --credentials is for --auth sigv4'],
    [
      'beside a trusted header',
      [...SIGV4, '--trust-caller-header'],
      'error: --trust-caller-header excludes --auth sigv4',
    ],
    ['with half of TLS', [...SIGV4, '--tls-cert', file.path], 'error: --tls-cert and --tls-key go together'],
    ['with the other half', [...SIGV4, '--tls-key', file.path], 'error: --tls-cert and --tls-key go together'],
    [
      'on all addresses without TLS',
      [...SIGV4, '--host', '0.0.0.0'],
      'error: refusing to listen on 0.0.0.0: without TLS others could read what is asked and answered; ' +
        'use --auth sigv4 with --tls-cert, or say --insecure-bind to do it nevertheless',
    ],
  ])('%s is not understood', async (_what, flags, said) => {
    expect(await endOf(...flags)).toEqual({ code: 2, said })
  })

  it('with a file that is none ends with 1 and the place of the mistake', async () => {
    const { SecretAccessKey: _, ...secretless } = FILED.user
    const wrong = writeCredentials(JSON.stringify({ Version: 1, Credentials: [FILED.session, secretless] }))
    expect(await endOf('--auth', 'sigv4', '--credentials', wrong.path)).toEqual({
      code: 1,
      said: `error: ${wrong.path}: Credentials[1].SecretAccessKey must be a string`,
    })
    wrong.remove()
    expect(await endOf('--auth', 'sigv4', '--credentials', wrong.path)).toEqual({
      code: 1,
      said: `error: cannot read ${wrong.path} (ENOENT)`,
    })
    expect(await endOf(...SIGV4, '--tls-cert', file.path, '--tls-key', file.path)).toMatchObject({
      code: 1,
      said: expect.stringContaining('error: the TLS certificate and its key cannot be used') as unknown,
    })
  })

  it('without TLS warns on an address that others can reach', async () => {
    const command = startCommand(
      'serve',
      '--store',
      'memory',
      '--port',
      '0',
      '--host',
      '0.0.0.0',
      '--insecure-bind',
      ...SIGV4,
    )
    await command.line(/Ctrl-C/)
    command.process.kill('SIGINT')
    expect((await command.ended).stderr).toBe(
      'warning: whoever is on the way can read plaintexts and data keys: there is no TLS\n',
    )
  })

  it.skipIf(lacksOpenSsl)('with TLS says whose root a client must know (needs openssl)', async () => {
    const { certFile, keyFile, remove } = createCertificate()
    const server = await serveKms(...SIGV4, '--tls-cert', certFile, '--tls-key', keyFile)
    expect(server.url).toMatch(/^https:/)
    expect(server.stdout()).toContain(`AWS_CA_BUNDLE or NODE_EXTRA_CA_CERTS, such as ${certFile}`)
    await server.stop()
    remove()
  })

  it('goes by the clock of the machine, whatever the clock of the keys is turned to', async () => {
    const token = 'control-token-of-a-test'
    const server = await serveKms(...SIGV4, '--control', '--control-token', token)
    const turn = await fetch(`${server.url}/_softkms/clock`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: '{"advance":"365d"}',
    })
    expect(turn.status).toBe(200)
    const { KMS } = await import('@aws-sdk/client-kms')
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = FILED.user
    const client = new KMS({
      endpoint: server.url,
      region: 'eu-west-1',
      maxAttempts: 1,
      credentials: { accessKeyId, secretAccessKey },
    })
    const { KeyMetadata } = await client.createKey()
    expect((KeyMetadata?.CreationDate?.getTime() ?? 0) - Date.now()).toBeGreaterThan(364 * 86_400_000)
    client.destroy()
    await server.stop()
  })
})
