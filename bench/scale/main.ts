/**
 * `pnpm bench:scale`: what a hundred thousand keys, fifty thousand grants on one of them and fifty aliases change.
 *
 * In this process, without a wire: what is measured is the engine and its store.
 */

import { parseArgs } from 'node:util'
import { type Kms, createKms } from 'softkms'
import { describeMachine } from '../machine.ts'
import { createProgressLine } from '../progress-line.ts'
import { formatMachine } from '../report.ts'
import { type Opened, type PlaceName, PLACES, createPlace } from './places.ts'

const USAGE = 'usage: pnpm bench:scale [--keys NUMBER] [--grants NUMBER] [--store memory|sqlite ...]'

/** What everything is compared with. */
const FEW = 100
const ALIASES = 50
/** Requests under way while keys are made. */
const AT_ONCE = 64
/** Keys of which each has a ciphertext to be decrypted. */
const SAMPLE = 1000
const MEASURED = 10_000
const GRANTEE = 'arn:aws:iam::000000000000:role/scale-'

interface Options {
  readonly keys: number
  readonly grants: number
  readonly places: readonly PlaceName[]
}

interface Latencies {
  readonly p50: number
  readonly p99: number
}

interface Measured {
  readonly keys: number
  readonly createdPerSecond: number
  readonly bytesPerKey: number | undefined
  readonly startUpMs: number | undefined
  readonly decrypt: Latencies
  readonly describe: Latencies
}

type Show = (text: string) => void

async function main({ keys, grants, places }: Options): Promise<void> {
  const progress = createProgressLine(process.stderr)
  console.log(formatMachine(describeMachine()))
  console.log(
    ['store', 'keys', 'made/s', 'B/key', 'start-up ms', 'Decrypt p50 us', 'p99', 'DescribeKey p50 us', 'p99']
      .map((title, i) => pad(title, i))
      .join(''),
  )
  for (const name of places) {
    const place = createPlace(name)
    try {
      const opened = await place.open()
      const engine = await serve(opened)
      const few = await measure(engine, FEW, opened, undefined, (text) => progress.show(`${name}: ${text}`))
      const many = await measure(
        engine,
        keys - FEW,
        opened,
        () => place.reopen(),
        (text) => progress.show(`${name}: ${text}`),
      )
      progress.clear()
      for (const one of [few, many]) console.log(formatRow(name, one))
      console.log(`${name}: p99 ${formatRatio(many, few)} of that with ${FEW} keys`)
      const latest = place.reopen() ?? Promise.resolve(opened)
      console.log(
        `${name}: ${await measureGrants(await serve(await latest), grants, (text) => progress.show(`${name}: ${text}`), progress.clear)}`,
      )
    } finally {
      place.remove()
    }
  }
}

function serve(opened: Opened): Promise<Kms> {
  return createKms({ ...opened, keysPerRegion: 10_000_000, grantsPerKey: 10_000_000 })
}

/** Makes so many keys more, and measures with all that there are then. */
async function measure(
  kms: Kms,
  more: number,
  { store }: Opened,
  reopen: (() => Promise<Opened> | undefined) | undefined,
  show: Show,
): Promise<Measured> {
  const before = memoryInUse()
  const ids: string[] = []
  const begun = performance.now()
  await together(more, async (i) => {
    ids.push((await kms.createKey({ Description: `key ${i}` })).KeyMetadata?.KeyId ?? '')
    if (i % 1000 === 0) show(`${i} of ${more} keys`)
  })
  const createdPerSecond = (more / (performance.now() - begun)) * 1000
  const after = memoryInUse()
  const isTold = before !== undefined && after !== undefined && more > FEW
  const bytesPerKey = isTold ? (after - before) / more : undefined

  const started = performance.now()
  const again = reopen?.()
  const engine = again === undefined ? kms : await serve(await again)
  const [first = ''] = ids
  await engine.describeKey({ KeyId: first })
  const startUpMs = again === undefined ? undefined : performance.now() - started

  show('measuring')
  const step = Math.max(1, Math.floor(ids.length / SAMPLE))
  const sample = ids.filter((_, i) => i % step === 0)
  const sealed = await Promise.all(
    sample.map(async (KeyId) => ({
      KeyId,
      CiphertextBlob:
        (await engine.encrypt({ KeyId, Plaintext: new Uint8Array(32) })).CiphertextBlob ?? new Uint8Array(0),
    })),
  )
  const pick = <Item>(items: readonly Item[], i: number): Item => {
    const item = items[(i * 7919) % items.length]
    if (item === undefined) throw new TypeError('there is a key')
    return item
  }
  return {
    keys: await (again === undefined ? store : (await again).store).countMaterials(),
    createdPerSecond,
    bytesPerKey,
    startUpMs,
    decrypt: await time((i) => engine.decrypt(pick(sealed, i))),
    describe: await time((i) => engine.describeKey({ KeyId: pick(ids, i) })),
  }
}

/** Fills one key, and measures what a decision by the last grant and by the last alias takes. */
async function measureGrants(kms: Kms, grants: number, show: Show, clear: () => void): Promise<string> {
  const KeyId = (await kms.createKey()).KeyMetadata?.KeyId ?? ''
  const begun = performance.now()
  // One after the other: each raises the key's version, so two at once would only get in each other's way.
  for (let i = 0; i < grants; i++) {
    await kms.createGrant({ KeyId, GranteePrincipal: `${GRANTEE}${i}`, Operations: ['Decrypt', 'Encrypt'] })
    if (i % 1000 === 0) show(`${i} of ${grants} grants`)
  }
  const perSecond = (grants / (performance.now() - begun)) * 1000
  for (let i = 0; i < ALIASES; i++) await kms.createAlias({ AliasName: `alias/scale-${i}`, TargetKeyId: KeyId })
  const alias = `alias/scale-${ALIASES - 1}`
  const { CiphertextBlob = new Uint8Array(0) } = await kms.encrypt({ KeyId: alias, Plaintext: new Uint8Array(32) })
  const decrypt = await time(() => kms.decrypt({ KeyId: alias, CiphertextBlob }))
  const list = await time(() => kms.listGrants({ KeyId, Limit: 10 }), 1000)
  clear()
  return (
    `${grants} grants on one key, ${Math.round(perSecond)} made/s; with its ${ALIASES} aliases, Decrypt ` +
    `${formatLatencies(decrypt)} us, ListGrants of 10 ${formatLatencies(list)} us`
  )
}

async function together(count: number, work: (i: number) => Promise<void>): Promise<void> {
  let next = 0
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next < count) await work(next++)
    }),
  )
}

async function time(run: (i: number) => Promise<unknown>, count: number = MEASURED): Promise<Latencies> {
  for (let i = 0; i < count / 5; i++) await run(i)
  const micros: number[] = []
  for (let i = 0; i < count; i++) {
    const begun = performance.now()
    await run(i)
    micros.push((performance.now() - begun) * 1000)
  }
  micros.sort((a, b) => a - b)
  return { p50: micros[Math.floor(count * 0.5)] ?? 0, p99: micros[Math.floor(count * 0.99)] ?? 0 }
}

/** @returns `undefined` where garbage cannot be collected on demand */
function memoryInUse(): number | undefined {
  const { gc } = globalThis as { readonly gc?: () => void }
  if (gc === undefined) return undefined
  gc()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function formatRow(
  name: string,
  { keys, createdPerSecond, bytesPerKey, startUpMs, decrypt, describe }: Measured,
): string {
  const round = (value: number | undefined): string =>
    value === undefined ? '' : Math.round(value).toLocaleString('en')
  const cells = [name, round(keys), round(createdPerSecond), round(bytesPerKey), round(startUpMs)]
  return [...cells, ...[decrypt, describe].flatMap(({ p50, p99 }) => [round(p50), round(p99)])]
    .map((cell, i) => pad(cell, i))
    .join('')
}

function formatRatio(many: Measured, few: Measured): string {
  const ratio = (name: 'decrypt' | 'describe'): string => (many[name].p99 / few[name].p99).toFixed(2)
  return `of Decrypt is ${ratio('decrypt')}, of DescribeKey ${ratio('describe')}`
}

function formatLatencies({ p50, p99 }: Latencies): string {
  return `p50 ${Math.round(p50)}, p99 ${Math.round(p99)}`
}

function pad(cell: string, column: number): string {
  return column === 0 ? cell.padEnd(8) : cell.padStart(column > 4 ? 20 : 13)
}

function readOptions(args: readonly string[]): Options | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        keys: { type: 'string', default: '100000' },
        grants: { type: 'string', default: '50000' },
        store: { type: 'string', multiple: true, default: [...PLACES] },
      },
    })
    const [keys, grants] = [Number(values.keys), Number(values.grants)]
    const places = PLACES.filter((place) => values.store.includes(place))
    const isRight = Number.isSafeInteger(keys) && keys > FEW && Number.isSafeInteger(grants) && grants >= 1
    return isRight && places.length === new Set(values.store).size ? { keys, grants, places } : undefined
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
