/**
 * The node:http door: a listening server around the handler, and its orderly end.
 *
 * HTTP, or HTTPS when there is a certificate. What may be listened on is decided in `node-reach.ts`.
 */
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions as HttpServerOptions,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createSecureContext, Server as TlsServer } from 'node:tls'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { KmsService } from '@softkms/kms'
import { createWireHandler, type HandlerOptions } from '../handler.ts'
import type { WireHandler } from '../http-message.ts'
import { ConnectionBook } from './node-connections.ts'
import { ClientPresence, createWireRequest, sendResponse } from './node-exchange.ts'
import { assertMayBeReached, formatUrlHost, isWildcard, type ReachOptions, type TlsOptions } from './node-reach.ts'
import { toCertificateError, toServeError } from './node-serve-error.ts'

export type { TlsOptions } from './node-reach.ts'
export { ServeError, type ServeErrorCode } from './node-serve-error.ts'

export interface ServeOptions extends HandlerOptions, ReachOptions {
  readonly kms: KmsService
  /** A loopback name or address, unless there are `auth` and `tls`, or `insecureBind`. `127.0.0.1` when absent. */
  readonly host?: string | undefined
  /** 0 picks a free port. 8080 when absent. */
  readonly port?: number | undefined
  /** Time for the headers of a request to arrive; 10 seconds when absent. */
  readonly headersTimeoutMs?: number | undefined
  /** Time for a whole request to arrive; 30 seconds when absent. */
  readonly requestTimeoutMs?: number | undefined
  /** How long an idle connection is kept; 65 seconds when absent, longer than SDK connection pools keep theirs. */
  readonly keepAliveTimeoutMs?: number | undefined
  /** How many clients are connected at most; further ones are turned away. 10,000 when absent. */
  readonly maxConnections?: number | undefined
  /** How long `close()` waits for requests under way; 5 seconds when absent. */
  readonly closeDeadlineMs?: number | undefined
}

export interface RunningServer {
  /** Where clients reach it, such as `http://127.0.0.1:8080`. */
  readonly url: string
  readonly port: number
  /**
   * Takes another certificate for connections that are made from now on.
   *
   * @throws ServeError when the certificate or its key is none, or they do not fit; the ones before stay
   */
  replaceTls(tls: TlsOptions): void
  /** Stops accepting, lets requests under way finish within the deadline, then ends every connection. */
  close(): Promise<void>
}

/**
 * @throws ServeError when the address is refused, busy or not to be had, or the certificate or its key is none
 * @throws TypeError, RangeError when an option cannot be meant
 */
export async function serveNode(options: ServeOptions): Promise<RunningServer> {
  const host = options.host ?? '127.0.0.1'
  assertMayBeReached(host, options)

  const allowedHosts = [...(options.allowedHosts ?? []), ...(isWildcard(host) ? [] : [host])]
  const handle = createWireHandler(options.kms, { ...options, allowedHosts })
  const connections = new ConnectionBook()
  const server = createHttpServer(options, handle, connections)
  const { address, port } = await listen(server, host, options.port ?? 8080)
  try {
    // A name such as `localhost` may have been given another meaning on this machine.
    assertMayBeReached(address, options)
  } catch (error) {
    server.close()
    throw error
  }

  let closing: Promise<void> | undefined
  return {
    // `0` is a way to write 0.0.0.0, too.
    url: `${options.tls === undefined ? 'http' : 'https'}://${formatUrlHost(isWildcard(address) ? address : host)}:${port}`,
    port,
    replaceTls: (tls) => replaceTls(server, tls),
    close: () => (closing ??= close(server, connections, options.closeDeadlineMs ?? 5000)),
  }
}

function createHttpServer(options: ServeOptions, handle: WireHandler, connections: ConnectionBook): Server {
  const headersTimeout = options.headersTimeoutMs ?? 10_000
  const requestTimeout = options.requestTimeoutMs ?? 30_000
  const server = createBareServer(options, {
    headersTimeout: Math.min(headersTimeout, requestTimeout),
    requestTimeout,
    keepAliveTimeout: options.keepAliveTimeoutMs ?? 65_000,
    connectionsCheckingInterval: Math.min(headersTimeout, requestTimeout, 5000),
    // The guard answers for a missing Host, as for any other it does not like.
    requireHostHeader: false,
    noDelay: true,
  })
  server.maxConnections = options.maxConnections ?? 10_000
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    connections.begin(response)
    void exchange(handle, request, response)
  }
  server.on('request', answer)
  // A client that asks before sending its body gets leave only once the body is wanted.
  server.on('checkContinue', answer)
  if (options.tls === undefined) server.on('connection', (socket) => connections.open(socket))
  else {
    server.on('connection', (socket) => connections.greet(socket))
    server.on('secureConnection', (socket: Duplex) => connections.open(socket))
  }
  server.on('clientError', (error, socket) => connections.fail(error, socket))
  return server
}

function replaceTls(server: Server, tls: TlsOptions): void {
  if (!(server instanceof TlsServer)) throw new TypeError('a server without TLS has no certificate')
  assertNotEmpty(tls)
  try {
    // Setting them would check nothing before the first handshake.
    createSecureContext(tls)
    server.setSecureContext(tls)
  } catch (error) {
    throw toCertificateError((error as { readonly reason?: unknown }).reason, error)
  }
}

/** Node takes an empty text for none at all, and would listen and never shake hands. */
function assertNotEmpty({ cert, key }: TlsOptions): void {
  if (cert.trim() === '' || key.trim() === '') throw toCertificateError('one of them is empty')
}

function createBareServer({ tls }: ServeOptions, options: HttpServerOptions): Server {
  if (tls === undefined) return createServer(options)
  assertNotEmpty(tls)
  try {
    // A handshake has the time that headers have.
    return createTlsServer({ ...options, ...tls, handshakeTimeout: options.headersTimeout })
  } catch (error) {
    throw toCertificateError((error as { readonly reason?: unknown }).reason, error)
  }
}

async function exchange(handle: WireHandler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const presence = new ClientPresence()
  response.on('close', () => presence.end(response))
  const answer = await handle(createWireRequest(request, response, presence))
  if (!presence.aborted) sendResponse(request, response, answer)
}

async function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => reject(toServeError(error, host, port))
    server.once('error', onError)
    server.listen({ host, port }, () => {
      server.off('error', onError)
      resolve()
    })
  })
  return server.address() as AddressInfo
}

async function close(server: Server, connections: ConnectionBook, deadlineMs: number): Promise<void> {
  const isClosed = new Promise<void>((resolve) => void server.close(() => resolve()))
  connections.drain()
  const deadline = setTimeout(() => connections.destroy(), deadlineMs)
  await isClosed
  clearTimeout(deadline)
}
