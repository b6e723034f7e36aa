/**
 * `softkms serve` and `softkms start`: the KMS endpoint for every language. `start` is `serve` for whoever begins: where no
 * root key is named, it makes one.
 *
 * Owns the flags and the life of the process from the first request to the last. What a flag's value may be is decided
 * here, before anything starts; what the network allows is the server's affair.
 */
import { randomBytes } from 'node:crypto'
import { KmsError, rotateDomainKey, systemClock, virtualClock } from '@softkms/kms'
import { type ControlOptions, createMetrics, isHostName, isWebOrigin } from '@softkms/server'
import { serveNode, ServeError, type RunningServer, type ServeOptions } from '@softkms/server/node'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { createKms } from 'softkms'
import { addAuthorizationOptions, type AuthorizationFlags, readAuthorization } from '../authorization-flags.ts'
import { assertControlToken, controlTokenOption } from '../control-token.ts'
import { startDueWork } from '../due-work.ts'
import { EXIT_CODE, type ExitCode, signalExitCode } from '../exit-code.ts'
import { type KeptKeys, openKeptKeys, storeOption, type StorePlace, UnopenedStoreError } from '../kept-keys.ts'
import { formatWelcome, printError, printNote, printResult, printWarning } from '../output.ts'
import { providerOption } from '../provider-flag.ts'
import type { ProviderName } from '../providers.ts'
import { addQuotaOptions, type QuotaFlags, readQuotas } from '../quota-flags.ts'
import { addRootKeyOptions, type RootKeyFlags } from '../root-key/root-key-flags.ts'
import { createRequestLog, type LogForm } from '../request-log.ts'
import { createServerGauges } from '../server-gauges.ts'
import { reloadTls, type TlsReload } from '../tls-reload.ts'
import { parseAccount, parseRegion } from '../scope-arguments.ts'
import { addSignatureOptions, readAuthentication, type SignatureFlags } from '../signature-flags.ts'
import { UnusableFileError } from '../text-file.ts'
import { addTlsOptions, readTls, type TlsFlags } from '../tls-flags.ts'

const MOST_WORKERS = 256

const STOP_SIGNALS = [
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const

interface ServeFlags extends AuthorizationFlags, QuotaFlags, SignatureFlags, TlsFlags, RootKeyFlags {
  readonly host: string
  readonly port: number
  readonly store: StorePlace
  readonly region: string
  readonly account: string
  readonly allowHost?: readonly string[]
  readonly corsOrigin?: readonly string[]
  readonly insecureBind?: true
  readonly control?: true
  readonly controlToken?: string
  readonly provider: ProviderName
  readonly log: LogForm
  readonly maxInFlight: number
  readonly hsmWorkers: number
}

/** Adds both to the program. `finish` is told the exit code when the server has stopped. */
export function addServeCommands(program: Command, version: string, finish: (code: ExitCode) => void): void {
  const add = (name: string, description: string, makesRootKey: boolean): void => {
    const command = program.command(name).description(description)
    addServeOptions(command)
    command.action(async (flags: ServeFlags) => finish(await serve({ ...flags, makesRootKey }, command, version)))
  }
  add('serve', 'serve the AWS KMS API over HTTP', false)
  add('start', 'serve it, and make a root key if none is named', true)
}

function addServeOptions(command: Command): void {
  command
    .option('--host <address>', 'address to listen on', parseHost, '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 picks a free one', parsePort, 8080)
    .addOption(storeOption('where keys are kept: memory, sqlite:FOLDER, or postgres://USER@HOST/DATABASE'))
    .addOption(providerOption())
    .option('--region <name>', 'Region of requests that name none', parseRegion, 'us-east-1')
    .option('--account <id>', 'account of requests that name none', parseAccount, '000000000000')
    .option('--allow-host <names...>', 'further Host names to answer to', collectHosts)
    .option('--cors-origin <origins...>', 'origins of web pages that may call', collectOrigins)
    .option('--trust-caller-header', 'believe the principal ARN in the header x-softkms-caller; loopback only')
    .addOption(
      new Option('--log <form>', 'what is said of each request, on the standard error')
        .choices(['none', 'json'])
        .default('none'),
    )
    .option('--hsm-workers <number>', 'threads for RSA and other slow keys', parseWorkers, 0)
    .option('--max-in-flight <number>', 'requests under way at most; more are throttled', parseCount, 1000)
    .option('--insecure-bind', 'listen on an address that others can reach, without authentication or without TLS')
    .option('--control', 'let the clock be turned, by whoever has the control token')
    .addOption(controlTokenOption('the control token, in place of a random one; implies --control'))
  addAuthorizationOptions(command)
  addQuotaOptions(command)
  addSignatureOptions(command)
  addTlsOptions(command)
  addRootKeyOptions(command)
}

/** What was said, and what the command adds to it. */
interface Serving extends ServeFlags {
  readonly makesRootKey: boolean
}

async function serve(flags: Serving, command: Command, version: string): Promise<ExitCode> {
  const { account, region } = flags
  const given = readFiles(flags, command)
  if (given === undefined) return EXIT_CODE.failure
  const { gate, authorization } = given
  const control = createControl(flags, command)
  const kept = await openKeys(flags)
  if (kept === undefined) return EXIT_CODE.failure
  const { hsm, store } = kept
  const engine = { account, region, ...authorization, ...readQuotas(flags) }
  const kms = await createKms({ ...engine, hsm, store, clock: control?.clock ?? systemClock })
  // Keys in memory have no keyring that could be kept.
  const rotate: ControlOptions['rotateDomainKey'] = (onProgress) => rotateDomainKey({ hsm, store }, onProgress)
  const controlled = control && { ...control, rotateDomainKey: kept.place === undefined ? undefined : rotate }
  const log = createRequestLog(flags.log, (line) => void process.stderr.write(line))
  const onFault = (place: string, error: unknown): void => log.fault(place, detailOf(error))
  const [metrics, gauges] = [createMetrics(), createServerGauges(hsm)]
  const server = await start(
    {
      ...gate,
      kms,
      control: controlled,
      onRequest(report) {
        metrics.observe(report)
        log.onRequest?.(report)
      },
      onInternalError: (cause, { operation, requestId }) => onFault(`${operation}, request ${requestId}`, cause),
      metrics: async () => metrics.format(await gauges.read()),
      async isReady() {
        await store.getKeyring()
        return (await hsm.status()).state === 'ready'
      },
    },
    flags,
    command,
  )
  if (server === undefined) {
    await kept.close()
    return EXIT_CODE.failure
  }
  if (flags.insecureBind) warnOfBind(gate)
  const freshToken = flags.controlToken === undefined ? control?.token : undefined
  const welcome = {
    version,
    url: server.url,
    account,
    region,
    place: kept.place,
    ownRootKey: kept.ownRootKey,
    control: control && { freshToken },
  }
  // Whoever reads the welcome may ask to stop at once.
  const stopped = receiveStopSignal()
  printResult(formatWelcome({ ...welcome, credentialsFile: flags.credentials, certificateFile: flags.tlsCert }))
  const dueWork = startDueWork(kms, (error) => onFault('what was due', error))
  const reload = watchCertificate(flags, command, server)
  await stopped
  dueWork.stop()
  reload?.stop()
  await server.close()
  gauges.stop()
  // What the engine has kept back is written before the store is closed.
  await kms.performDue().catch((error: unknown) => onFault('what was kept back', error))
  await kept.close()
  return EXIT_CODE.success
}

/** @returns `undefined` when the keys cannot be opened; why has been printed */
async function openKeys(flags: Serving): Promise<KeptKeys | undefined> {
  try {
    return await openKeptKeys(flags.store, flags, flags.makesRootKey, {
      provider: flags.provider,
      workers: flags.hsmWorkers,
    })
  } catch (error) {
    if (!(error instanceof UnopenedStoreError || error instanceof UnusableFileError)) throw error
    printError(error.message)
    return undefined
  }
}

type Gate = Pick<ServeOptions, 'auth' | 'tls'>

interface Given {
  readonly gate: Gate
  readonly authorization: ReturnType<typeof readAuthorization>
}

/** @returns `undefined` when a file is not what it should be; why has been printed */
function readFiles(flags: ServeFlags, command: Command): Given | undefined {
  try {
    const gate = { auth: readAuthentication(flags, command), tls: readTls(flags, command) }
    return { gate, authorization: readAuthorization(flags) }
  } catch (error) {
    if (!(error instanceof UnusableFileError)) throw error
    printError(error.message)
    return undefined
  }
}

function warnOfBind({ auth, tls }: Gate): void {
  if (auth === undefined) printWarning('whoever can reach this address can use every key: nothing is authenticated')
  else if (tls === undefined) printWarning('whoever is on the way can read plaintexts and data keys: there is no TLS')
}

/** @returns `undefined` when the server cannot listen; why has been printed */
async function start(
  served: Gate & Pick<ServeOptions, 'kms' | 'control' | 'onRequest' | 'onInternalError' | 'metrics' | 'isReady'>,
  flags: ServeFlags,
  command: Command,
): Promise<RunningServer | undefined> {
  try {
    return await serveNode({
      ...served,
      host: flags.host,
      port: flags.port,
      allowedHosts: flags.allowHost,
      corsOrigins: flags.corsOrigin,
      insecureBind: flags.insecureBind,
      trustCallerHeader: flags.trustCallerHeader,
      maxInFlight: flags.maxInFlight,
    })
  } catch (error) {
    if (!(error instanceof ServeError)) throw error
    if (error.code === 'INSECURE_BIND') {
      command.error(
        `error: ${error.message}; use --auth sigv4 with --tls-cert, or say --insecure-bind to do it nevertheless`,
      )
    }
    if (error.code === 'INSECURE_CALLER_HEADER') command.error(`error: ${error.message}`)
    printError(
      error.code === 'PORT_BUSY' ? `${error.message}; choose another with --port, or 0 for any` : error.message,
    )
    return undefined
  }
}

/** @returns `undefined` unless it was asked for. The clock still runs, as a server's does. */
function createControl({ control, controlToken }: ServeFlags, command: Command): ControlOptions | undefined {
  // A token in the environment may be there for `softkms clock`: it asks for nothing by itself.
  if (control !== true && command.getOptionValueSource('controlToken') !== 'cli') return undefined
  const token = controlToken ?? randomBytes(32).toString('hex')
  assertControlToken(token, command)
  return { token, clock: virtualClock({ ticking: systemClock }) }
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

function detailOf(error: unknown): string {
  const cause = error instanceof KmsError ? (error.cause ?? error) : error
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
}

/** @returns `undefined` without TLS */
function watchCertificate(flags: ServeFlags, command: Command, server: RunningServer): TlsReload | undefined {
  const { tlsCert, tlsKey } = flags
  if (tlsCert === undefined || tlsKey === undefined) return undefined
  const say = (message: string, isTaken: boolean): void => (isTaken ? printNote : printWarning)(message)
  return reloadTls(
    [tlsCert, tlsKey],
    () => readTls(flags, command),
    (tls) => server.replaceTls(tls),
    say,
  )
}

/** As node:net takes it: IPv6 without the brackets that a URL has, and names in lower case. */
function parseHost(text: string): string {
  if (isHostName(text)) return text.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  throw new InvalidArgumentError('An address is a name, an IPv4 or an IPv6 address, without port.')
}

function parseCount(text: string): number {
  const count = /^\d{1,7}$/.test(text) ? Number(text) : 0
  if (count >= 1) return count
  throw new InvalidArgumentError('A number from 1 to 9999999.')
}

function parseWorkers(text: string): number {
  const count = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN
  if (count <= MOST_WORKERS) return count
  throw new InvalidArgumentError(`A number from 0 to ${MOST_WORKERS}.`)
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new InvalidArgumentError('A port is a number from 0 to 65535.')
}

function collectHosts(text: string, earlier: readonly string[] = []): readonly string[] {
  if (isHostName(text)) return [...earlier, text]
  throw new InvalidArgumentError('A Host is a name or an address, without port.')
}

function collectOrigins(text: string, earlier: readonly string[] = []): readonly string[] {
  if (isWebOrigin(text)) return [...earlier, text]
  throw new InvalidArgumentError('An origin is written such as https://app.example.')
}
