/**
 * The flags of `serve` about TLS: the server's certificate, and the key that proves it.
 */
import type { TlsOptions } from '@softkms/server/node'
import type { Command } from 'commander'
import { readTextFile } from './text-file.ts'

export interface TlsFlags {
  readonly tlsCert?: string
  readonly tlsKey?: string
}

export function addTlsOptions(command: Command): void {
  command
    .option('--tls-cert <file>', 'serve HTTPS with this certificate (PEM)')
    .option('--tls-key <file>', 'the private key of the certificate (PEM)')
}

/**
 * Ends the command, as one that was not understood, when there is one flag without the other.
 *
 * @returns `undefined` when there is neither
 * @throws UnusableFileError
 */
export function readTls({ tlsCert, tlsKey }: TlsFlags, command: Command): TlsOptions | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined
  if (tlsCert === undefined || tlsKey === undefined) return command.error('error: --tls-cert and --tls-key go together')
  return { cert: readTextFile(tlsCert), key: readTextFile(tlsKey) }
}
