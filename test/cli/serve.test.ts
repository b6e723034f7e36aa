/** `softkms serve`, as a process: what it prints, who reaches it, and how it ends. */
import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CreateKeyCommand, DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { afterEach, describe, expect, it } from 'vitest'
import { type RunningCommand, startCommand } from '../support/command.ts'
import { exchangeRaw, formatRequest, RawConnection } from '../support/raw-http.ts'

const running: RunningCommand[] = []

afterEach(async () => {
  for (const { process: child } of running) child.kill('SIGKILL')
  await Promise.all(running.splice(0).map(({ ended }) => ended))
})

interface Serving extends RunningCommand {
  readonly url: string
  readonly port: number
}

async function serve(...flags: readonly string[]): Promise<Serving> {
  const command = startCommand('serve', '--store', 'memory', '--port', '0', ...flags)
  running.push(command)
  const [, url = ''] = await command.line(/^AWS_ENDPOINT_URL_KMS=(.*)$/m)
  await command.line(/Ctrl-C/)
  return { ...command, url, port: Number(new URL(url).port) }
}

describe('starting', () => {
  it('prints the endpoint, the variable, one AWS CLI line, and that keys will be gone', async () => {
    const { url, stdout } = await serve('--account', '111122223333', '--region', 'eu-west-1')
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(stdout()).toContain(`listens on ${url}\n`)
    expect(stdout()).toContain(
      '\nAWS_ACCESS_KEY_ID=111122223333 AWS_SECRET_ACCESS_KEY=softkms AWS_PAGER= ' +
        `aws kms create-key --region eu-west-1 --endpoint-url ${url}\n`,
    )
    expect(stdout()).toContain('memory')
    expect((await fetch(`${url}/health`)).status).toBe(200)
  })

  it('at a port that is taken says so in one line and exits with 1', async () => {
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
    const { port } = holder.address() as AddressInfo
    const ended = await startCommand('serve', '--store', 'memory', '--port', String(port)).ended
    holder.close()
    expect(ended).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: port ${port} on 127.0.0.1 is already in use; choose another with --port, or 0 for any\n`,
    })
  })

  const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'))
  it.skipIf(!hasIpv6)('at an IPv6 address keeps its brackets from the shell (needs IPv6)', async () => {
    const { url, stdout } = await serve('--host', '[::1]')
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/)
    expect(stdout()).toContain(` --endpoint-url '${url}'\n`)
    expect((await fetch(`${url}/health`)).status).toBe(200)
  })

  it('at localhost in capitals, as a URL may write it', async () => {
    const { url } = await serve('--host', 'LOCALHOST')
    expect(url).toMatch(/^http:\/\/localhost:\d+$/)
    expect((await fetch(`${url}/health`)).status).toBe(200)
  })

  it('at an address of another machine says so and exits with 1', async () => {
    const ended = await startCommand('serve', '--store', 'memory', '--host', '192.0.2.1', '--insecure-bind').ended
    expect(ended).toEqual({ code: 1, stdout: '', stderr: 'error: 192.0.2.1 is not an address of this machine\n' })
  })
})

describe('serving', () => {
  it.each(['kernels', 'noble', 'native'])('gives a real SDK envelope encryption over HTTP, by %s', async (provider) => {
    const { url } = await serve('--provider', provider)
    const credentials = { accessKeyId: '111122223333', secretAccessKey: 'any' }
    const client = new KMSClient({ endpoint: url, region: 'eu-west-1', credentials })
    const { KeyMetadata } = await client.send(new CreateKeyCommand({}))
    expect(KeyMetadata?.Arn).toBe(`arn:aws:kms:eu-west-1:111122223333:key/${KeyMetadata?.KeyId}`)
    const EncryptionContext = { tenant: 'a' }
    const dataKey = await client.send(
      new GenerateDataKeyCommand({ KeyId: KeyMetadata?.KeyId, KeySpec: 'AES_256', EncryptionContext }),
    )
    const opened = await client.send(new DecryptCommand({ CiphertextBlob: dataKey.CiphertextBlob, EncryptionContext }))
    expect(opened.Plaintext).toEqual(dataKey.Plaintext)
    client.destroy()
  })

  it('serves requests that name no account and no Region under those of the flags', async () => {
    const { port } = await serve('--account', '444455556666', '--region', 'ap-southeast-2')
    const answer = await exchangeRaw(port, formatRequest({ headers: { 'X-Amz-Target': 'TrentService.CreateKey' } }))
    expect(answer?.body).toContain('arn:aws:kms:ap-southeast-2:444455556666:key/')
  })

  it('answers to further hosts and origins when told to, and to no others', async () => {
    const { port } = await serve('--allow-host', 'a.test', 'b.test', '--cors-origin', 'https://app.example')
    const statusFor = async (headers: { [name: string]: string }) =>
      (await exchangeRaw(port, formatRequest({ headers })))?.status
    expect(await statusFor({ Host: 'a.test:1' })).toBe(200)
    expect(await statusFor({ Host: 'b.test' })).toBe(200)
    expect(await statusFor({ Host: 'c.test' })).toBe(403)
    expect(await statusFor({ Origin: 'https://app.example' })).toBe(200)
    expect(await statusFor({ Origin: 'https://other.example' })).toBe(403)
  })

  it('warns when it was told to listen where others reach it', async () => {
    const { url, process: child, ended } = await serve('--host', '0.0.0.0', '--insecure-bind')
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:/)
    child.kill('SIGTERM')
    expect((await ended).stderr).toContain('nothing is authenticated')
  })

  const hasAwsCli = spawnSync('aws', ['--version']).status === 0
  it.skipIf(!hasAwsCli)('prints a line that works in a shell without any AWS configuration (needs `aws`)', async () => {
    const { line } = await serve('--account', '111122223333')
    const [command] = await line(/^AWS_ACCESS_KEY_ID=.*$/m)
    const home = await mkdtemp(join(tmpdir(), 'softkms-'))
    const env = { PATH: process.env['PATH'], HOME: home }
    const { stdout } = await promisify(execFile)('sh', ['-c', command], { env })
    await rm(home, { recursive: true })
    expect(JSON.parse(stdout)).toMatchObject({ KeyMetadata: { AWSAccountId: '111122223333', KeyState: 'Enabled' } })
  })
})

describe('stopping', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('%s ends it with 0, open connections or not', async (signal) => {
    const { port, process: child, ended } = await serve()
    const connection = new RawConnection(port).send(formatRequest())
    expect((await connection.next())?.status).toBe(200)
    child.kill(signal)
    expect(await ended).toMatchObject({ code: 0, stderr: '' })
    await connection.isClosed
  })

  it('a second signal does not wait for a client that never finishes', async () => {
    const { port, process: child, ended } = await serve()
    const connection = new RawConnection(port).send(formatRequest({ headers: { 'Content-Length': '10' } }))
    // An answer on another connection shows that the unfinished request has been seen too.
    await exchangeRaw(port, formatRequest())
    child.kill('SIGINT')
    await refusedConnection(port)
    child.kill('SIGINT')
    expect((await ended).code).toBe(130)
    await connection.isClosed
  })
})

/** Waits until nothing listens any more. */
async function refusedConnection(port: number): Promise<void> {
  while ((await exchangeRaw(port, formatRequest())) !== undefined)
    await new Promise((resolve) => setTimeout(resolve, 5))
}
