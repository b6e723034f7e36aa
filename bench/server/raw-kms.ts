/**
 * AWS JSON 1.1 on bare sockets: the least that a client can cost, so that what is measured is the server.
 *
 * Each connection has one request at a time. Answers are read by their length or in chunks, and a server that closes
 * connections gets a new one for the next request.
 *
 * @spec RFC 9112 §6.3, §7.1
 */

import { connect, type Socket } from 'node:net'
import { decodeBlobs, encodeBlobs } from '../../packages/cli/src/bench/http-kms.ts'
import type { CallKms } from '../../packages/cli/src/bench/operation.ts'
import { readAnswer } from '../../packages/cli/src/kms-client/kms-client.ts'

export interface RawKms {
  /** @throws KmsRequestError */
  readonly call: CallKms
  close(): void
}

interface Answer {
  readonly status: number
  readonly body: string
}

/** @param authorization sent along, for servers that look for a service there */
export function createRawKms(endpoint: URL, connections: number, authorization: string | undefined): RawKms {
  const idle = Array.from({ length: connections }, () => new Connection(endpoint))
  const all = [...idle]
  const waiting: ((connection: Connection) => void)[] = []
  const take = async (): Promise<Connection> => idle.pop() ?? new Promise((resolve) => void waiting.push(resolve))
  const give = (connection: Connection): void => {
    const next = waiting.shift()
    if (next === undefined) idle.push(connection)
    else next(connection)
  }
  const head = `POST / HTTP/1.1\r\nHost: ${endpoint.host}\r\nContent-Type: application/x-amz-json-1.1\r\n${
    authorization === undefined ? '' : `Authorization: ${authorization}\r\n`
  }`
  return {
    async call(operation, input) {
      const body = JSON.stringify(input, encodeBlobs)
      const length = Buffer.byteLength(body)
      const connection = await take()
      try {
        const { status, body: text } = await connection.ask(
          `${head}X-Amz-Target: TrentService.${operation}\r\nContent-Length: ${length}\r\n\r\n${body}`,
        )
        return decodeBlobs(readAnswer(endpoint, status, text))
      } finally {
        give(connection)
      }
    },
    close() {
      for (const connection of all) connection.close()
    },
  }
}

class Connection {
  readonly #endpoint: URL
  #socket: Socket | undefined
  #received = ''
  #settle: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined

  constructor(endpoint: URL) {
    this.#endpoint = endpoint
  }

  ask(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      this.#open().write(request)
    })
  }

  close(): void {
    this.#socket?.destroy()
  }

  #open(): Socket {
    if (this.#socket !== undefined) return this.#socket
    const socket = connect({ host: this.#endpoint.hostname, port: Number(this.#endpoint.port), noDelay: true })
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => this.#receive(text))
    // Of one that was given up nothing more is of interest.
    const fail = (error: Error): void => {
      if (this.#socket !== socket) return
      this.#socket = undefined
      this.#settle?.reject(error)
    }
    socket.on('error', fail)
    socket.on('close', () => fail(new Error(`${this.#endpoint.origin} closed the connection`)))
    this.#socket = socket
    return socket
  }

  #receive(text: string): void {
    this.#received = this.#received === '' ? text : this.#received + text
    const answer = parseAnswer(this.#received)
    if (answer === undefined) return
    this.#received = ''
    const settle = this.#settle
    this.#settle = undefined
    if (answer.isLast) {
      this.#socket?.destroy()
      this.#socket = undefined
    }
    settle?.resolve(answer)
  }
}

/** @returns `undefined` while it is not whole */
function parseAnswer(text: string): (Answer & { readonly isLast: boolean }) | undefined {
  const headEnd = text.indexOf('\r\n\r\n')
  if (headEnd === -1) return undefined
  const head = text.slice(0, headEnd)
  const status = Number(head.slice(9, 12))
  const isLast = /\r\nconnection: close/i.test(head)
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(head) ?? []
  const rest = text.slice(headEnd + 4)
  const body = length === undefined ? readChunks(rest) : rest.length < Number(length) ? undefined : rest
  return body === undefined ? undefined : { status, body, isLast }
}

function readChunks(text: string): string | undefined {
  let body = ''
  for (let at = 0; ;) {
    const lineEnd = text.indexOf('\r\n', at)
    if (lineEnd === -1) return undefined
    const length = Number.parseInt(text.slice(at, lineEnd), 16)
    const start = lineEnd + 2
    if (text.length < start + length + 2) return undefined
    if (length === 0) return body
    body += text.slice(start, start + length)
    at = start + length + 2
  }
}
