/**
 * `softkms bench`: how many operations a KMS does in a second, in this process or at an endpoint.
 *
 * Load goes to an endpoint only when the command line names it, never because of the environment. Each operation ends
 * after its time or its number of requests, whichever comes first.
 */

import { KEY_SPECS, type KeySpec, type KmsKeyUsage } from '@softkms/hsm'
import { KmsError, createMemoryAudit } from '@softkms/kms'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { createKms } from 'softkms'
import { formatChartHeading, formatChartLine } from '../bench/bar-chart.ts'
import { createBenchKeys } from '../bench/bench-keys.ts'
import { createHttpKms } from '../bench/http-kms.ts'
import { type BenchedOperation, type CallKms, WrongAnswerError } from '../bench/operation.ts'
import { operationsOfKey, operationsOfSpec } from '../bench/operations.ts'
import { timeOperation } from '../bench/time-operation.ts'
import { EXIT_CODE, type ExitCode } from '../exit-code.ts'
import { readCredentials } from '../kms-client/credentials.ts'
import { findPlace, parseEndpoint } from '../kms-client/endpoint.ts'
import { KmsRequestError } from '../kms-client/kms-client.ts'
import { printError, printNote, printResult, printWarning } from '../output.ts'
import { type ProviderName, PROVIDERS } from '../providers.ts'
import { parseRegion } from '../scope-arguments.ts'
import { paintStdout } from '../terminal/paint.ts'
import { terminalWidth } from '../terminal/text.ts'

const SPECS = Object.keys(KEY_SPECS) as readonly KeySpec[]
const MOST = { seconds: 60, requests: 10_000_000, inFlight: 64 } as const
const HTTP_IN_FLIGHT = 8

interface BenchFlags {
  readonly endpointUrl?: URL
  readonly region?: string
  readonly keyId?: string
  readonly keySpec?: readonly KeySpec[]
  readonly provider?: ProviderName
  readonly seconds: number
  readonly requests: number
  readonly inFlight?: number
}

/** What is measured: a KMS, and what was found out about it. */
interface Bench {
  readonly title: string
  readonly call: CallKms
  readonly inFlight: number
  readonly close: () => void
}

/** Adds `bench` to the program. `finish` is told the exit code. */
export function addBenchCommand(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command('bench')
    .description('measure how many operations a KMS does in a second: in this process, or at an endpoint')
    .option('--endpoint-url <url>', 'KMS to measure; a fresh one in this process when absent', parseEndpointUrl)
    .option('--region <name>', 'Region of the requests', parseRegion)
    .option('--key-id <id>', 'key to use, in place of fresh ones that are scheduled for deletion afterwards')
    .option('--key-spec <specs...>', 'key specs to measure, or ALL; SYMMETRIC_DEFAULT when absent', collectSpecs)
    .addOption(
      new Option('--provider <name>', 'provider of cryptography in this process').choices([...PROVIDERS.keys()]),
    )
    .option('--seconds <number>', 'time for each operation', parseSeconds, 1)
    .option('--requests <number>', 'most requests for each operation', parseCount(MOST.requests), 100_000)
    .option('--in-flight <number>', 'requests at a time; 8 over HTTP, 1 in this process', parseCount(MOST.inFlight))
  command.action(async (flags: BenchFlags) => finish(await bench(flags, command)))
}

async function bench(flags: BenchFlags, command: Command): Promise<ExitCode> {
  if (flags.endpointUrl !== undefined && flags.provider !== undefined) {
    command.error('error: --provider is for a KMS in this process, not for one at an endpoint')
  }
  if (flags.endpointUrl === undefined && (flags.region ?? flags.keyId) !== undefined) {
    command.error('error: --region and --key-id are for a KMS at an endpoint')
  }
  if (flags.keyId !== undefined && flags.keySpec !== undefined) {
    command.error('error: a key has its own spec: --key-spec is for keys that are made')
  }
  const stopping = new AbortController()
  const stop = (): void => stopping.abort()
  process.once('SIGINT', stop)
  const measured = flags.endpointUrl === undefined ? await openEngine(flags) : openEndpoint(flags.endpointUrl, flags)
  try {
    await measure(measured, flags, stopping.signal)
    if (!stopping.signal.aborted) return EXIT_CODE.success
    printNote('ended before its time')
    return EXIT_CODE.failure
  } catch (error) {
    if (!isRefusal(error)) throw error
    printError(error.message)
    return EXIT_CODE.failure
  } finally {
    measured.close()
    process.removeListener('SIGINT', stop)
  }
}

async function measure({ title, call, inFlight }: Bench, flags: BenchFlags, signal: AbortSignal): Promise<void> {
  const keys = createBenchKeys(call)
  try {
    const operations = await listOperations(call, keys.find, flags)
    const nameWidth = Math.max(...operations.map(({ name }) => name.length))
    printResult(`${title}\n\n${formatChartHeading(nameWidth)}`)
    for (const operation of operations) {
      if (signal.aborted) break
      const run = await operation.prepare()
      const limits = { timeMs: flags.seconds * 1000, most: flags.requests, inFlight, signal }
      const timing = await timeOperation(run, operation.operations ?? 1, limits)
      if (timing === undefined) break
      const name = operation.name.padEnd(nameWidth)
      printResult(formatChartLine(name, timing, operation, terminalWidth(), paintStdout))
    }
    if (signal.aborted) return
    printNote('\nThe bar is full at four times the rate, which its mark stands for: what AWS documents, or its quota.')
  } finally {
    for (const { keyId, reason } of await keys.release()) printWarning(`key ${keyId} is still there: ${reason}`)
  }
}

async function listOperations(
  call: CallKms,
  find: (spec: KeySpec, usage: KmsKeyUsage) => Promise<string>,
  { keyId, keySpec = ['SYMMETRIC_DEFAULT'] }: BenchFlags,
): Promise<readonly BenchedOperation[]> {
  if (keyId === undefined) return keySpec.flatMap((spec) => operationsOfSpec(call, spec, find))
  const { KeyMetadata } = await call('DescribeKey', { KeyId: keyId })
  const { KeySpec: spec, KeyUsage: usage } = KeyMetadata as { readonly KeySpec: string; readonly KeyUsage: KmsKeyUsage }
  const known = SPECS.find((one) => one === spec)
  if (known === undefined) throw new KmsRequestError(`keys of spec ${spec} are not measured`)
  return operationsOfKey(call, usage, { spec: known, find: async () => keyId })
}

/** With policies deciding and an audit trail, as a server would have it. */
async function openEngine({ provider: name, inFlight = 1 }: BenchFlags): Promise<Bench> {
  const provider = name === undefined ? undefined : PROVIDERS.get(name)?.()
  const kms = await createKms({ audit: createMemoryAudit(), ...(provider === undefined ? {} : { provider }) })
  return {
    title: `A KMS in this process${name === undefined ? '' : `, provider ${name}`}, ${inFlight} at a time`,
    call: async (operation, input) => ({ ...(await kms.execute(operation, input, kms.defaults)) }),
    inFlight,
    close: () => undefined,
  }
}

function openEndpoint(endpoint: URL, { region: askedRegion, inFlight = HTTP_IN_FLIGHT }: BenchFlags): Bench {
  const { region } = findPlace({ endpoint, region: askedRegion }, process.env)
  const credentials = readCredentials(process.env)
  const kms = createHttpKms({ endpoint, region, credentials, connections: inFlight })
  return { title: `${endpoint.origin}, ${inFlight} requests at a time`, inFlight, ...kms }
}

function isRefusal(error: unknown): error is Error {
  return error instanceof KmsRequestError || error instanceof KmsError || error instanceof WrongAnswerError
}

function parseEndpointUrl(text: string): URL {
  const url = parseEndpoint(text)
  if (url !== undefined) return url
  throw new InvalidArgumentError('An endpoint is an http or https URL without a path.')
}

function collectSpecs(text: string, earlier: readonly KeySpec[] = []): readonly KeySpec[] {
  const specs = text === 'ALL' ? SPECS : SPECS.filter((spec) => spec === text)
  if (specs.length > 0) return [...earlier, ...specs]
  throw new InvalidArgumentError(`A key spec is one of ${SPECS.join(', ')}.`)
}

function parseSeconds(text: string): number {
  const seconds = /^\d{1,2}(?:\.\d{1,3})?$/.test(text) ? Number(text) : 0
  if (seconds > 0 && seconds <= MOST.seconds) return seconds
  throw new InvalidArgumentError(`A time is more than 0 and at most ${MOST.seconds} seconds.`)
}

function parseCount(most: number): (text: string) => number {
  return (text) => {
    const count = /^\d{1,8}$/.test(text) ? Number(text) : 0
    if (count >= 1 && count <= most) return count
    throw new InvalidArgumentError(`A number from 1 to ${most} is meant.`)
  }
}
