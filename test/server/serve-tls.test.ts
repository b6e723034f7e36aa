/** HTTPS at the node:http door, and the addresses that it and signatures open. */
import { connect } from 'node:net'
import { request } from 'node:https'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { createCredentials } from '@softkms/server'
import { serveNode, ServeError, type RunningServer, type ServeOptions } from '@softkms/server/node'
import { lacksOpenSsl } from '../support/openssl.ts'
import { createProgrammedKms } from '../support/programmed-kms.ts'
import { ALICE } from '../support/signers.ts'
import { createCertificate } from '../support/tls-certificate.ts'

const auth = { credentials: createCredentials([ALICE]) }
const running: RunningServer[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
})

async function serve(options: Partial<ServeOptions>): Promise<RunningServer> {
  const server = await serveNode({ kms: createProgrammedKms({ ListKeys: () => ({ Keys: [] }) }), port: 0, ...options })
  running.push(server)
  return server
}

async function refusalOf(options: Partial<ServeOptions>): Promise<ServeError> {
  const error: unknown = await serve(options).catch((thrown: unknown) => thrown)
  if (error instanceof ServeError) return error
  throw new Error('was not refused')
}

function get(url: string, ca: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${url}/health`, { ca, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
}

it('signatures alone open no address to others, and say what is missing', async () => {
  const refusal = await refusalOf({ host: '0.0.0.0', auth })
  expect([refusal.code, refusal.message]).toEqual([
    'INSECURE_BIND',
    'refusing to listen on 0.0.0.0: without TLS others could read what is asked and answered',
  ])
  expect((await serve({ host: '0.0.0.0', auth, insecureBind: true })).port).toBeGreaterThan(0)
})

describe.skipIf(lacksOpenSsl)('with a certificate (needs openssl)', () => {
  const { cert, key, remove } = lacksOpenSsl ? { cert: '', key: '', remove: () => undefined } : createCertificate()
  const tls = { cert, key }
  afterAll(remove)

  it('HTTPS is spoken, and nothing else', async () => {
    const { url, port } = await serve({ tls })
    expect(url).toBe(`https://127.0.0.1:${port}`)
    expect(await get(url, cert)).toBe(200)
    await expect(get(url, '')).rejects.toThrow(/certificate/)
    await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow('fetch failed')
    expect(await get(url, cert)).toBe(200)
  })

  it('TLS alone opens no address to others', async () => {
    expect(await refusalOf({ host: '0.0.0.0', tls })).toMatchObject({
      code: 'INSECURE_BIND',
      message: 'refusing to listen on 0.0.0.0: requests are not authenticated, and others could reach it',
    })
  })

  it('TLS and signatures do', async () => {
    const { url } = await serve({ host: '0.0.0.0', tls, auth })
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    expect(await get(url, cert)).toBe(200)
  })

  it('a handshake that never ends does not keep the server', async () => {
    const server = await serve({ tls, closeDeadlineMs: 50 })
    const socket = connect(server.port, '127.0.0.1')
    const isGone = new Promise<void>((resolve) => void socket.on('error', () => undefined).on('close', () => resolve()))
    await new Promise<void>((resolve) => void socket.once('connect', () => resolve()))
    // An answer on another connection shows that the silent one has been seen.
    await get(server.url, cert)
    await server.close()
    await isGone
    expect(socket.destroyed).toBe(true)
  })

  it.each([
    ['no certificate', { cert: 'x', key }],
    ['no key', { cert, key: 'x' }],
    ['empty files', { cert: '', key: '' }],
  ])('%s is refused, and not repeated', async (_what, wrong) => {
    const refusal = await refusalOf({ tls: wrong })
    expect(refusal.code).toBe('BAD_CERTIFICATE')
    expect(refusal.message).toMatch(/^the TLS certificate and its key cannot be used/)
    expect(refusal.message).not.toContain('BEGIN')
  })
})
