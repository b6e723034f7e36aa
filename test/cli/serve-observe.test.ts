/** What a served KMS tells of itself: logs, metrics and readiness; and a certificate that is renewed in place. */
import { copyFileSync, readFileSync } from 'node:fs'
import { request } from 'node:https'
import { connect, type TLSSocket } from 'node:tls'
import { KMS } from '@aws-sdk/client-kms'
import { afterEach, describe, expect, it } from 'vitest'
import { type RunningCommand, startCommand } from '../support/command.ts'
import { lacksOpenSsl } from '../support/openssl.ts'
import { createCertificate } from '../support/tls-certificate.ts'

const running: RunningCommand[] = []
afterEach(async () => {
  for (const { process: child } of running) child.kill('SIGKILL')
  await Promise.all(running.splice(0).map(({ ended }) => ended))
})

async function serve(...flags: readonly string[]): Promise<RunningCommand & { readonly url: string }> {
  const command = startCommand('serve', '--store', 'memory', '--port', '0', ...flags)
  running.push(command)
  const [, url = ''] = await command.line(/^AWS_ENDPOINT_URL_KMS=(.*)$/m)
  await command.line(/Ctrl-C/)
  return { ...command, url }
}

const connectTo = (endpoint: string): KMS =>
  new KMS({ endpoint, region: 'eu-west-1', credentials: { accessKeyId: '111122223333', secretAccessKey: 'any' } })

describe('softkms serve', () => {
  it('counts requests at /metrics, and is ready', async () => {
    const { url } = await serve()
    const kms = connectTo(url)
    const { KeyMetadata } = await kms.createKey()
    await kms.encrypt({ KeyId: KeyMetadata?.KeyId, Plaintext: Buffer.from('secret') })
    await expect(kms.describeKey({ KeyId: 'alias/none' })).rejects.toThrow('not found')
    const response = await fetch(`${url}/metrics`)
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const text = await response.text()
    expect(text).toContain('softkms_requests_total{operation="CreateKey",code="OK"} 1\n')
    expect(text).toContain('softkms_requests_total{operation="DescribeKey",code="NotFoundException"} 1\n')
    expect(text).toContain('softkms_hsm_ready{provider="kernels"} 1\n')
    expect(text).toMatch(/^softkms_hsm_loaded_keys [1-9]\d*$/m)
    expect(text).toMatch(/^process_resident_memory_bytes \d{7,}$/m)
    expect((await fetch(`${url}/ready`)).status).toBe(200)
  })

  it('logs each request as JSON, without what was in it', async () => {
    const { url, process: child, ended } = await serve('--log', 'json')
    const kms = connectTo(url)
    const { KeyMetadata } = await kms.createKey()
    const { CiphertextBlob } = await kms.encrypt({ KeyId: KeyMetadata?.KeyId, Plaintext: Buffer.from('the secret') })
    const { Plaintext } = await kms.generateDataKey({ KeyId: KeyMetadata?.KeyId, KeySpec: 'AES_256' })
    await expect(kms.decrypt({ CiphertextBlob: CiphertextBlob?.toReversed() })).rejects.toMatchObject({
      name: 'InvalidCiphertextException',
    })
    child.kill('SIGTERM')
    const { stderr } = await ended
    const entries = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(entries.map(({ operation, status, errorCode, level }) => [operation, status, errorCode, level])).toEqual([
      ['CreateKey', 200, undefined, 'info'],
      ['Encrypt', 200, undefined, 'info'],
      ['GenerateDataKey', 200, undefined, 'info'],
      ['Decrypt', 400, 'InvalidCiphertextException', 'info'],
    ])
    expect(entries[0]).toMatchObject({ account: '111122223333', region: 'eu-west-1', message: 'request' })
    for (const secret of [Buffer.from('the secret'), Buffer.from(Plaintext ?? [])]) {
      for (const encoding of ['base64', 'hex', 'latin1'] as const)
        expect(stderr).not.toContain(secret.toString(encoding))
    }
  })

  it.each([
    [['--max-in-flight', '0'], 'A number from 1'],
    [['--log', 'xml'], 'Allowed choices are none, json.'],
  ])('%j is not understood', async (flags, message) => {
    const { code, stderr } = await startCommand('serve', ...flags).ended
    expect([code, stderr.includes(message)]).toEqual([2, true])
  })
})

/** The certificate that a new connection is shown. */
function certificateAt(url: string): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256)
      socket.destroy()
    })
    socket.on('error', reject)
  })
}

function getHealth(url: string, ca: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${url}/health`, { ca, agent: false }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end()
  })
}

it.skipIf(lacksOpenSsl)('a renewed certificate is taken, and half of one is not (needs `openssl`)', async () => {
  const [files, renewed] = [createCertificate(), createCertificate()]
  try {
    const server = await serve('--tls-cert', files.certFile, '--tls-key', files.keyFile)
    const before = await certificateAt(server.url)
    copyFileSync(renewed.certFile, files.certFile)
    await waitFor(async () => server.stderr().includes('the certificate stays as it was'))
    expect(await certificateAt(server.url)).toBe(before)
    copyFileSync(renewed.keyFile, files.keyFile)
    await waitFor(async () => (await certificateAt(server.url)) !== before)
    expect(await getHealth(server.url, readFileSync(renewed.certFile, 'utf8'))).toBe(200)
    expect(server.stderr()).toContain('the certificate was replaced\n')
  } finally {
    for (const { remove } of [files, renewed]) remove()
  }
})

async function waitFor(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50))
}
