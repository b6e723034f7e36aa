/** Why a server could not start. */

export type ServeErrorCode =
  | 'INSECURE_BIND'
  | 'INSECURE_CALLER_HEADER'
  | 'PORT_BUSY'
  | 'PORT_FORBIDDEN'
  | 'ADDRESS_UNAVAILABLE'
  | 'BAD_CERTIFICATE'

export class ServeError extends Error {
  readonly code: ServeErrorCode

  constructor(code: ServeErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = 'ServeError'
    this.code = code
  }
}

/** What a failed `listen` means to whoever asked for it. Errors that mean nothing to them pass through. */
export function toServeError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new ServeError('PORT_BUSY', `port ${port} on ${host} is already in use`, { cause: error })
    case 'EACCES':
      return new ServeError('PORT_FORBIDDEN', `no permission to listen on port ${port} of ${host}`, { cause: error })
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ServeError('ADDRESS_UNAVAILABLE', `${host} is not an address of this machine`, { cause: error })
    default:
      return error
  }
}

/** @param reason OpenSSL's, such as "no start line"; it holds nothing of certificate or key */
export function toCertificateError(reason: unknown, cause?: unknown): ServeError {
  const why = typeof reason === 'string' ? `: ${reason}` : ''
  return new ServeError('BAD_CERTIFICATE', `the TLS certificate and its key cannot be used${why}`, { cause })
}
