/**
 * `softkms serve`: the KMS endpoint for every language.
 *
 * Owns the flags and the life of the process from the first request to the last. What a flag's value may be is decided
 * here, before anything starts; what the network allows is the server's affair.
 */
import { isAccount, isRegion } from '@softkms/kms'
import { isHostName, isWebOrigin } from '@softkms/server'
import { serveNode, ServeError, type RunningServer } from '@softkms/server/node'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { createKms } from 'softkms'
import { EXIT_CODE, type ExitCode, signalExitCode } from '../exit-code.ts'
import { formatWelcome, printError, printResult, printWarning } from '../output.ts'

const STOP_SIGNALS = [
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const

interface ServeFlags {
  readonly host: string
  readonly port: number
  readonly store: 'memory'
  readonly region: string
  readonly account: string
  readonly allowHost?: readonly string[]
  readonly corsOrigin?: readonly string[]
  readonly insecureBind?: true
}

/** Adds `serve` to the program. `finish` is told the exit code when the server has stopped. */
export function addServeCommand(program: Command, version: string, finish: (code: ExitCode) => void): void {
  program
    .command('serve')
    .description('serve the AWS KMS API over HTTP')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 picks a free one', parsePort, 8080)
    .addOption(new Option('--store <kind>', 'where keys are kept').choices(['memory']).default('memory'))
    .option('--region <name>', 'Region of requests that name none', parseRegion, 'us-east-1')
    .option('--account <id>', 'account of requests that name none', parseAccount, '000000000000')
    .option('--allow-host <names...>', 'further Host names to answer to', collectHosts)
    .option('--cors-origin <origins...>', 'origins of web pages that may call', collectOrigins)
    .option('--insecure-bind', 'listen on an address that others can reach, without authentication')
    .action(async (flags: ServeFlags, command: Command) => finish(await serve(flags, command, version)))
}

async function serve(flags: ServeFlags, command: Command, version: string): Promise<ExitCode> {
  const server = await start(flags, command)
  if (server === undefined) return EXIT_CODE.failure
  if (flags.insecureBind) printWarning('whoever can reach this address can use every key: nothing is authenticated')
  printResult(formatWelcome({ version, url: server.url, account: flags.account, region: flags.region }))
  await receiveStopSignal()
  await server.close()
  return EXIT_CODE.success
}

/** @returns `undefined` when the server cannot listen; why has been printed */
async function start(flags: ServeFlags, command: Command): Promise<RunningServer | undefined> {
  const kms = await createKms({ account: flags.account, region: flags.region })
  try {
    return await serveNode({
      kms,
      host: flags.host,
      port: flags.port,
      allowedHosts: flags.allowHost,
      corsOrigins: flags.corsOrigin,
      insecureBind: flags.insecureBind,
      onInternalError: printInternalError,
    })
  } catch (error) {
    if (!(error instanceof ServeError)) throw error
    if (error.code === 'INSECURE_BIND') {
      command.error(`error: ${error.message}; say --insecure-bind to do it nevertheless`)
    }
    printError(
      error.code === 'PORT_BUSY' ? `${error.message}; choose another with --port, or 0 for any` : error.message,
    )
    return undefined
  }
}

/** The first signal asks to stop; a second one does not wait. */
function receiveStopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let isStopping = false
    for (const [signal, signalNumber] of STOP_SIGNALS) {
      process.on(signal, () => {
        if (isStopping) process.exit(signalExitCode(signalNumber))
        isStopping = true
        resolve()
      })
    }
  })
}

function printInternalError(cause: unknown, request: { readonly operation: string; readonly requestId: string }): void {
  const detail = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
  printError(`internal fault in ${request.operation}, request ${request.requestId}: ${detail}`)
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new InvalidArgumentError('A port is a number from 0 to 65535.')
}

function parseAccount(text: string): string {
  if (isAccount(text)) return text
  throw new InvalidArgumentError('An account is 12 digits.')
}

function parseRegion(text: string): string {
  if (isRegion(text)) return text
  throw new InvalidArgumentError('A Region has a name such as us-east-1.')
}

function collectHosts(text: string, earlier: readonly string[] = []): readonly string[] {
  if (isHostName(text)) return [...earlier, text]
  throw new InvalidArgumentError('A Host is a name or an address, without port.')
}

function collectOrigins(text: string, earlier: readonly string[] = []): readonly string[] {
  if (isWebOrigin(text)) return [...earlier, text]
  throw new InvalidArgumentError('An origin is written such as https://app.example.')
}
