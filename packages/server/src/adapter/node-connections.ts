/**
 * Which connections are open and what each is doing, so that they can be ended in order: idle ones at once, busy
 * ones after their answer, and a client that does not speak HTTP with an error it can read.
 */
import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

interface Connection {
  /** Answers that are not sent yet, in the order of their requests. */
  readonly pending: Set<ServerResponse>
  /** What is sent, and then the connection ended, once nothing is pending. */
  farewell: string | undefined
}

export class ConnectionBook {
  readonly #connections = new Map<Duplex, Connection>()
  /** Sockets below TLS, whose handshake may never end. */
  readonly #greeted = new Set<Duplex>()
  #isDraining = false

  open(socket: Duplex): void {
    this.#connections.set(socket, { pending: new Set(), farewell: undefined })
    socket.once('close', () => this.#connections.delete(socket))
  }

  /** For a socket that becomes a connection once its handshake is done: it has no answers to wait for. */
  greet(socket: Duplex): void {
    this.#greeted.add(socket)
    socket.once('close', () => this.#greeted.delete(socket))
  }

  begin(response: ServerResponse): void {
    const { socket } = response.req
    const connection = this.#connections.get(socket)
    if (connection === undefined) return
    connection.pending.add(response)
    if (this.#isDraining) response.shouldKeepAlive = false
    response.once('close', () => {
      connection.pending.delete(response)
      if (connection.pending.size > 0) return
      if (connection.farewell !== undefined) socket.end(connection.farewell)
      else if (this.#isDraining) socket.end()
    })
  }

  /** Answers what is not HTTP, or did not arrive in time. Answers that are due on the connection go first. */
  fail(error: NodeJS.ErrnoException, socket: Duplex): void {
    const connection = this.#connections.get(socket)
    if (!socket.writable || error.code === 'ECONNRESET' || connection === undefined) {
      socket.destroy()
      return
    }
    const pending = [...connection.pending]
    const isReading = pending.at(-1)?.req.complete === false
    if (pending.length === 0 || (pending.length === 1 && isReading)) socket.end(formatFarewell(error.code))
    else if (isReading) socket.destroy()
    else connection.farewell = formatFarewell(error.code)
  }

  /** From now on no connection outlives its answers. */
  drain(): void {
    this.#isDraining = true
    for (const [socket, { pending }] of this.#connections) {
      const last = [...pending].at(-1)
      if (last === undefined) socket.destroy()
      else last.shouldKeepAlive = false
    }
  }

  destroy(): void {
    for (const socket of [...this.#connections.keys(), ...this.#greeted]) socket.destroy()
  }
}

function formatFarewell(code: string | undefined): string {
  const [status, reason] =
    code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'Request Header Fields Too Large']
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'Request Timeout']
        : [400, 'Bad Request']
  return `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`
}
