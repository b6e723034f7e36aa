/** Several servers behind one address, connection by connection: whoever does not take one is passed over. */
import { connect, createServer, type Server, type Socket } from 'node:net'

export interface Balancer {
  readonly url: string
  close(): Promise<void>
}

/** @param ports of the servers, asked for anew with each connection */
export async function startBalancer(ports: () => readonly number[]): Promise<Balancer> {
  const sockets = new Set<Socket>()
  let turn = 0
  const keep = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  }
  const pass = (client: Socket, candidates: readonly number[]): void => {
    const [port, ...others] = candidates
    if (port === undefined) {
      client.destroy()
      return
    }
    const server = connect({ port, host: '127.0.0.1' })
    keep(server)
    server.once('connect', () => {
      client.pipe(server).pipe(client)
      server.on('close', () => client.destroy())
      client.on('close', () => server.destroy())
    })
    server.once('error', () => {
      if (server.bytesRead === 0 && server.bytesWritten === 0) pass(client, others)
    })
  }
  const balancer: Server = createServer((client) => {
    keep(client)
    const all = ports()
    turn += 1
    const first = turn % Math.max(1, all.length)
    pass(client, [...all.slice(first), ...all.slice(0, first)])
  })
  await new Promise<void>((resolve) => balancer.listen(0, '127.0.0.1', resolve))
  const address = balancer.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = new Promise<void>((resolve) => void balancer.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
