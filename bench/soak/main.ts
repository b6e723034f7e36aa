/**
 * `pnpm bench:soak`: a served KMS at full speed for ten minutes, with mixed operations from several clients that check
 * every answer; a line a minute with rates, latencies and the server's memory.
 */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createHttpKms } from '../../packages/cli/src/bench/http-kms.ts'
import type { CallKms, Members } from '../../packages/cli/src/bench/operation.ts'
import { describeMachine } from '../machine.ts'
import { formatMachine } from '../report.ts'
import { readEndpoint, startScript } from '../server/processes.ts'

const USAGE = 'usage: pnpm bench:soak [--minutes NUMBER] [--clients NUMBER] [--store memory|sqlite:FOLDER]'
const SERVER = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url))
const MINUTE_MS = 60_000
const REGION = 'eu-west-1'
const START_MS = 60_000

interface Options {
  readonly minutes: number
  readonly clients: number
  readonly store: string
}

/** What a minute, or the whole, came to. */
class Tally {
  readonly #micros: number[] = []
  wrong = 0

  add(micros: number): void {
    this.#micros.push(micros)
  }

  format(name: string, seconds: number, megabytes: number): string {
    const sorted = this.#micros.toSorted((a, b) => a - b)
    const at = (share: number): string => String(Math.round(sorted[Math.floor(sorted.length * share)] ?? 0))
    const cells = [
      sorted.length,
      Math.round(sorted.length / seconds),
      at(0.5),
      at(0.99),
      this.wrong,
      Math.round(megabytes),
    ]
    return [name.padEnd(8), ...cells.map((cell) => String(cell).padStart(12))].join('')
  }
}

const HEADING = [
  'minute'.padEnd(8),
  ...['requests', 'per second', 'p50 us', 'p99 us', 'wrong', 'server MiB'].map((title) => title.padStart(12)),
].join('')

async function main({ minutes, clients, store }: Options): Promise<void> {
  console.log(formatMachine(describeMachine()))
  const server = startScript(START_MS + minutes * MINUTE_MS * 2, SERVER, 'serve', '--port', '0', '--store', store)
  const endpoint = new URL(await readEndpoint(server))
  const kms = createHttpKms({ endpoint, region: REGION, credentials: undefined, connections: clients })
  try {
    console.log(`\n${HEADING}`)
    const end = performance.now() + minutes * MINUTE_MS
    let tally = new Tally()
    let wrong = 0
    const work = Array.from({ length: clients }, async (_, client) => {
      const steps = await createSteps(kms.call)
      for (let i = client; performance.now() < end; i++) {
        const step = steps[i % steps.length]
        const begun = performance.now()
        if (step !== undefined && !(await step())) tally.wrong += 1
        tally.add((performance.now() - begun) * 1000)
      }
    })
    const first = memoryOf(server.pid)
    for (let minute = 1; minute <= minutes; minute++) {
      await new Promise((resolve) => setTimeout(resolve, MINUTE_MS))
      console.log(tally.format(String(minute), MINUTE_MS / 1000, memoryOf(server.pid)))
      wrong += tally.wrong
      tally = new Tally()
    }
    await Promise.all(work)
    console.log(`\n${wrong} wrong answers; the server began with ${Math.round(first)} MiB`)
    if (wrong > 0) process.exitCode = 1
  } finally {
    kms.close()
    server.kill('SIGTERM')
  }
}

type Step = () => Promise<boolean>

/** One client's operations, each of which says whether its answer was right. */
async function createSteps(call: CallKms): Promise<readonly Step[]> {
  const create = async (input: Members): Promise<string> =>
    ((await call('CreateKey', input))['KeyMetadata'] as { readonly KeyId: string }).KeyId
  const symmetric = await create({})
  const signing = await create({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
  const mac = await create({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
  let count = 0
  const message = (): Uint8Array => new TextEncoder().encode(`message ${count++}`)
  const isSame = (a: unknown, b: unknown): boolean => Buffer.from(a as Uint8Array).equals(Buffer.from(b as Uint8Array))

  const encrypts: Step = async () => {
    const [Plaintext, EncryptionContext] = [message(), { count: String(count) }]
    const { CiphertextBlob } = await call('Encrypt', { KeyId: symmetric, Plaintext, EncryptionContext })
    return isSame((await call('Decrypt', { CiphertextBlob, EncryptionContext }))['Plaintext'], Plaintext)
  }
  const makesDataKeys: Step = async () => {
    const made = await call('GenerateDataKey', { KeyId: symmetric, KeySpec: 'AES_256' })
    return isSame((await call('Decrypt', { CiphertextBlob: made['CiphertextBlob'] }))['Plaintext'], made['Plaintext'])
  }
  const signs: Step = async () => {
    const about = { KeyId: signing, SigningAlgorithm: 'ECDSA_SHA_256', Message: message() }
    const { Signature } = await call('Sign', about)
    return (await call('Verify', { ...about, Signature }))['SignatureValid'] === true
  }
  const macs: Step = async () => {
    const about = { KeyId: mac, MacAlgorithm: 'HMAC_SHA_256', Message: message() }
    const { Mac } = await call('GenerateMac', about)
    return (await call('VerifyMac', { ...about, Mac }))['MacValid'] === true
  }
  const lives: Step = async () => {
    const KeyId = await create({ Description: `soak ${count++}` })
    const AliasName = `alias/soak-${KeyId}`
    await call('CreateAlias', { AliasName, TargetKeyId: KeyId })
    const { CiphertextBlob } = await call('Encrypt', { KeyId: AliasName, Plaintext: message() })
    await call('DeleteAlias', { AliasName })
    await call('DisableKey', { KeyId })
    const refused = await call('Decrypt', { CiphertextBlob }).then(
      () => false,
      (error: unknown) => error instanceof Error && error.message.includes('DisabledException'),
    )
    await call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
    return refused
  }
  const quick = [encrypts, makesDataKeys, signs, macs]
  return [...Array.from({ length: 24 }, (_, i) => quick[i % quick.length] ?? encrypts), lives]
}

/** Resident memory of a process in MiB. @spec proc(5), of Linux; 0 elsewhere */
function memoryOf(pid: number | undefined): number {
  try {
    const [, kilobytes = '0'] = /VmRSS:\s*(\d+) kB/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8')) ?? []
    return Number(kilobytes) / 1024
  } catch {
    return 0
  }
}

function readOptions(args: readonly string[]): Options | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        minutes: { type: 'string', default: '10' },
        clients: { type: 'string', default: '8' },
        store: { type: 'string', default: 'memory' },
      },
    })
    const [minutes, clients] = [Number(values.minutes), Number(values.clients)]
    const isRight = [minutes, clients].every((count) => Number.isSafeInteger(count) && count >= 1 && count <= 60)
    return isRight ? { minutes, clients, store: values.store } : undefined
  } catch {
    return undefined
  }
}

if (import.meta.main) {
  const options = readOptions(process.argv.slice(2))
  if (options === undefined) {
    console.error(USAGE)
    process.exitCode = 2
  } else await main(options)
}
