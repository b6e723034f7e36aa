/**
 * `pnpm bench`: what softkms does in a second, beside the rates that AWS documents.
 *
 * Every answer is checked before it is timed; rows are printed as they are measured.
 */

import { closeSync, openSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { benchPrimitives } from './hsm/primitives.ts'
import { benchDecisions } from './kms/decisions.ts'
import { benchEngine } from './kms/engine.ts'
import { describeMachine } from './machine.ts'
import type { BenchOptions } from './options.ts'
import { PROVIDER_NAMES, REFERENCE } from './providers.ts'
import { formatFooting, formatHeading, formatRow } from './report.ts'
import type { Row } from './row.ts'
import { benchHttp } from './server/http.ts'
import { benchSignatures } from './server/signatures.ts'

const USAGE =
  'usage: pnpm bench [--quick] [--row-ms MILLISECONDS] [--level primitive|decision|signature|engine|http ...] [--provider noble|kernels|native ...] [--only SPEC] [--json FILE]'

/** Time for each row, in milliseconds. */
const DEFAULT_ROW_MS = 1000
const QUICK_ROW_MS = 120
const MAX_ROW_MS = 60_000

type Level = Row['level']

const BENCHES: Readonly<Record<Level, (options: BenchOptions, report: (row: Row) => void) => Promise<void>>> = {
  primitive: benchPrimitives,
  decision: benchDecisions,
  signature: benchSignatures,
  engine: benchEngine,
  http: benchHttp,
}
const LEVELS = Object.keys(BENCHES) as Level[]

interface Options extends BenchOptions {
  readonly levels: readonly Level[]
  readonly json: string | undefined
}

async function main({ levels, json, ...options }: Options): Promise<void> {
  const machine = describeMachine()
  const rows: Row[] = []
  console.log(formatHeading(machine))
  const report = (row: Row): void => {
    rows.push(row)
    const same = rows.find(
      ({ name, level, provider }) => name === row.name && level === row.level && provider === REFERENCE,
    )
    console.log(formatRow(row, row.provider === REFERENCE ? undefined : same?.opsPerSecond))
  }
  for (const level of LEVELS) if (levels.includes(level)) await BENCHES[level](options, report)
  console.log(formatFooting())
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ machine, rows }, undefined, 2)}\n`)
}

/** @throws TypeError, RangeError for anything but the usage */
function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean' },
      'row-ms': { type: 'string' },
      json: { type: 'string' },
      level: { type: 'string', multiple: true },
      only: { type: 'string' },
      provider: { type: 'string', multiple: true },
    },
  })
  const rowMs =
    values['row-ms'] === undefined ? (values.quick === true ? QUICK_ROW_MS : DEFAULT_ROW_MS) : Number(values['row-ms'])
  if (!Number.isInteger(rowMs) || rowMs < 1 || rowMs > MAX_ROW_MS) {
    throw new RangeError(`--row-ms must be 1 to ${MAX_ROW_MS}`)
  }
  return {
    rowMs,
    levels: parseNames('--level', LEVELS, values.level),
    providers: parseNames('--provider', PROVIDER_NAMES, values.provider),
    only: values.only ?? '',
    json: values.json,
  }
}

/** @returns all of them when none is named, in their own order */
function parseNames<Name extends string>(
  flag: string,
  known: readonly Name[],
  names: readonly string[] | undefined,
): readonly Name[] {
  for (const name of names ?? []) {
    if (!known.some((one) => one === name)) throw new RangeError(`${flag} must be one of ${known.join(', ')}`)
  }
  return known.filter((name) => names === undefined || names.includes(name))
}

function readOptions(): Options | undefined {
  try {
    return parseOptions(process.argv.slice(2))
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    console.error(USAGE)
    return undefined
  }
}

/** Whether there will be a place for the rows: better known before the minutes than after them. */
function canWrite(file: string): boolean {
  try {
    closeSync(openSync(file, 'a'))
    return true
  } catch (error) {
    console.error(`cannot write the rows: ${error instanceof Error ? error.message : String(error)}`)
    return false
  }
}

// Whoever ends this process ends those that it has started: they go with its `exit`, which a signal alone skips.
process.once('SIGTERM', () => process.exit(143))
process.once('SIGINT', () => process.exit(130))

const options = readOptions()
if (options === undefined) process.exitCode = 2
else if (options.json !== undefined && !canWrite(options.json)) process.exitCode = 1
else await main(options)
