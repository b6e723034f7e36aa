/** HTTP spoken byte by byte, for what no client library would send. */
import { connect, type Socket } from 'node:net'

export interface RawAnswer {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

/** One connection; what it receives is parsed into answers as it comes. */
export class RawConnection {
  readonly socket: Socket
  readonly isClosed: Promise<void>
  #received = ''
  #wake: () => void = () => undefined
  #hasEnded = false

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1' })
    this.socket.setEncoding('latin1')
    this.socket.on('data', (text: string) => {
      this.#received += text
      this.#wake()
    })
    this.socket.on('error', () => undefined)
    this.isClosed = new Promise((resolve) => {
      this.socket.on('close', () => {
        this.#hasEnded = true
        this.#wake()
        resolve()
      })
    })
  }

  /** @param text each character is one byte, in what is received, too */
  send(text: string): this {
    this.socket.write(text, 'latin1')
    return this
  }

  /** The next answer; `undefined` when the connection ends without one. */
  async next(): Promise<RawAnswer | undefined> {
    for (;;) {
      const answer = this.#takeAnswer()
      if (answer !== undefined || this.#hasEnded) return answer
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  #takeAnswer(): RawAnswer | undefined {
    const end = this.#received.indexOf('\r\n\r\n')
    if (end === -1) return undefined
    const [statusLine = '', ...lines] = this.#received.slice(0, end).split('\r\n')
    const headers = Object.fromEntries(
      lines.map((line) => [line.split(':', 1)[0]?.toLowerCase() ?? '', line.slice(line.indexOf(':') + 2)]),
    )
    const bodyEnd = end + 4 + Number(headers['content-length'] ?? 0)
    if (this.#received.length < bodyEnd) return undefined
    const body = this.#received.slice(end + 4, bodyEnd)
    this.#received = this.#received.slice(bodyEnd)
    return { status: Number(statusLine.split(' ')[1]), headers, body }
  }
}

/** Sends one text on a connection of its own, and reads the first answer. */
export async function exchangeRaw(port: number, text: string): Promise<RawAnswer | undefined> {
  const connection = new RawConnection(port).send(text)
  const answer = await connection.next()
  connection.socket.destroy()
  return answer
}

const AWS_JSON: { readonly [name: string]: string } = {
  Host: 'localhost',
  'Content-Type': 'application/x-amz-json-1.1',
  'X-Amz-Target': 'TrentService.ListKeys',
}

export interface RawRequest {
  readonly method?: string
  readonly path?: string
  /** Besides and instead of those of a good request; `undefined` takes one away, a list repeats it. */
  readonly headers?: { readonly [name: string]: string | readonly string[] | undefined }
  readonly body?: string
}

/** A good request, but for what is asked otherwise. A body is declared unless `Transfer-Encoding` is. */
export function formatRequest({ method = 'POST', path = '/', headers = {}, body = '{}' }: RawRequest = {}): string {
  const length = headers['Transfer-Encoding'] === undefined ? { 'Content-Length': String(body.length) } : {}
  const lines = Object.entries({ ...AWS_JSON, ...length, ...headers }).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one: unknown) => `${name}: ${String(one)}\r\n`),
  )
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
}
