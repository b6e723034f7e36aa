/** Where the node:http door listens, what it refuses to listen on, and how it stops. */
import { createServer, type Server } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { serveNode, ServeError, type RunningServer, type ServeOptions } from '@softkms/server/node'
import { createProgrammedKms } from '../support/programmed-kms.ts'
import { exchangeRaw, formatRequest, RawConnection } from '../support/raw-http.ts'

const running: RunningServer[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
})

async function serve(options: Partial<ServeOptions> = {}): Promise<RunningServer> {
  const server = await serveNode({ kms: createProgrammedKms({ ListKeys: () => ({ Keys: [] }) }), port: 0, ...options })
  running.push(server)
  return server
}

async function refusalOf(options: Partial<ServeOptions>): Promise<ServeError> {
  const error: unknown = await serve(options).catch((thrown: unknown) => thrown)
  if (error instanceof ServeError) return error
  throw new Error('was not refused')
}

function occupyPort(): Promise<{ port: number; holder: Server }> {
  return new Promise((resolve) => {
    const holder = createServer()
    holder.listen(0, '127.0.0.1', () => resolve({ port: (holder.address() as AddressInfo).port, holder }))
  })
}

/** A service whose operations end when the test says so. */
function createSlowKms() {
  const finish: (() => void)[] = []
  const kms = createProgrammedKms({
    ListKeys: async () => {
      await new Promise<void>((resolve) => finish.push(resolve))
      return { Keys: [] }
    },
  })
  return { kms, finish }
}

async function untilCalled({ calls }: { readonly calls: readonly unknown[] }): Promise<void> {
  while (calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 2))
}

describe('listening', () => {
  it('is on loopback, at a free port when asked for 0', async () => {
    const server = await serve()
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`)
    expect((await fetch(`${server.url}/health`)).status).toBe(200)
  })

  it('may be by the name of localhost, or at another loopback address which is then a Host of ours', async () => {
    expect((await serve({ host: 'localhost' })).url).toMatch(/^http:\/\/localhost:\d+$/)
    const other = await serve({ host: '127.0.0.2' })
    expect((await fetch(`${other.url}/health`)).status).toBe(200)
  })

  it.each(['0.0.0.0', '::', '192.0.2.1', 'kms.example', '127.0.0.1.example', ''])(
    'on %j needs insecureBind in so many words',
    async (host) => {
      expect(await refusalOf({ host })).toMatchObject({ code: 'INSECURE_BIND' })
    },
  )

  it('trusts the caller header on loopback, and nowhere else whatever is insisted on', async () => {
    const refusal = await refusalOf({ host: '0.0.0.0', insecureBind: true, trustCallerHeader: true })
    expect(refusal).toMatchObject({ code: 'INSECURE_CALLER_HEADER' })
    const askAs = async (caller: string, trustCallerHeader: boolean) => {
      const { url } = await serve({ trustCallerHeader })
      const headers = {
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': 'TrentService.ListKeys',
        'x-softkms-caller': caller,
      }
      return (await fetch(url, { method: 'POST', headers, body: '{}' })).status
    }
    expect(await askAs('arn:aws:iam::111122223333:role/app', true)).toBe(200)
    expect(await askAs('arn:aws:iam::111122223333:role/app', false)).toBe(403)
    expect(await askAs('app', true)).toBe(403)
  })

  it('anywhere with insecureBind still answers to names that are its own only', async () => {
    const server = await serve({ host: '0.0.0.0', insecureBind: true, allowedHosts: ['softkms'] })
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`)
    const ask = (Host: string) => exchangeRaw(server.port, formatRequest({ headers: { Host } }))
    expect((await ask('softkms:8080'))?.status).toBe(200)
    expect((await ask('0.0.0.0:8080'))?.status).toBe(403)
  })

  it.each(['0.0.0.0', '0'])('at %j tells an address that clients can use', async (host) => {
    const server = await serve({ host, insecureBind: true })
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`)
    expect((await fetch(`${server.url}/health`)).status).toBe(200)
  })

  it('at a port that is taken says which', async () => {
    const { port, holder } = await occupyPort()
    const error = await refusalOf({ port })
    expect(error).toMatchObject({ code: 'PORT_BUSY', message: `port ${port} on 127.0.0.1 is already in use` })
    holder.close()
  })

  it('at an address of another machine says so', async () => {
    expect(await refusalOf({ host: '192.0.2.1', insecureBind: true })).toMatchObject({ code: 'ADDRESS_UNAVAILABLE' })
  })

  it.each([65_536, -1, 1.5])('at port %d cannot be meant', async (port) => {
    await expect(serve({ port })).rejects.toThrow(RangeError)
  })

  it('with a host or an origin that is none cannot be meant', async () => {
    await expect(serve({ allowedHosts: ['a b'] })).rejects.toThrow(TypeError)
    await expect(serve({ corsOrigins: ['*'] })).rejects.toThrow(TypeError)
  })
})

describe('closing', () => {
  it('ends idle connections, new and used, and stops listening', async () => {
    const server = await serve()
    const fresh = new RawConnection(server.port)
    const used = new RawConnection(server.port).send(formatRequest())
    expect((await used.next())?.status).toBe(200)
    await server.close()
    await Promise.all([fresh.isClosed, used.isClosed])
    expect(await exchangeRaw(server.port, formatRequest())).toBeUndefined()
  })

  it('lets a request under way finish, and then ends its connection', async () => {
    const { kms, finish } = createSlowKms()
    const server = await serve({ kms })
    const connection = new RawConnection(server.port).send(formatRequest())
    await untilCalled(kms)
    const isClosed = server.close()
    finish[0]?.()
    expect(await connection.next()).toMatchObject({
      status: 200,
      headers: { connection: 'close' },
      body: '{"Keys":[]}',
    })
    await Promise.all([isClosed, connection.isClosed])
  })

  it('waits no longer than its deadline', async () => {
    const { kms } = createSlowKms()
    const server = await serve({ kms, closeDeadlineMs: 50 })
    const connection = new RawConnection(server.port).send(formatRequest())
    await untilCalled(kms)
    await server.close()
    expect(await connection.next()).toBeUndefined()
  })

  it('twice is closing once', async () => {
    const server = await serve()
    const closed = Promise.all([server.close(), server.close()]).then(() => server.close())
    await expect(closed).resolves.toBeUndefined()
  })
})
