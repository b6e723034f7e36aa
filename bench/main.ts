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
import { formatFooting, formatHeading, formatRow } from './report.ts'
import type { Row } from './row.ts'
import { benchHttp } from './server/http.ts'
import { benchSignatures } from './server/signatures.ts'

const USAGE =
  'usage: pnpm bench [--quick] [--row-ms MILLISECONDS] [--level primitive|decision|signature|engine|http ...] [--only SPEC] [--json FILE]'

/** Time for each row, in milliseconds. */
const DEFAULT_ROW_MS = 1000
const QUICK_ROW_MS = 120
const MAX_ROW_MS = 60_000

type Level = Row['level']

const BENCHES: Readonly<Record<Level, (rowMs: number, report: (row: Row) => void, only: string) => Promise<void>>> = {
  primitive: benchPrimitives,
  decision: benchDecisions,
  signature: benchSignatures,
  engine: benchEngine,
  http: benchHttp,
}
const LEVELS = Object.keys(BENCHES) as Level[]

interface Options {
  readonly rowMs: number
  readonly levels: readonly Level[]
  /** The beginning of key specs; engine and HTTP rows are not about specs, and stay. */
  readonly only: string
  readonly json: string | undefined
}

async function main({ rowMs, levels, only, json }: Options): Promise<void> {
  const machine = describeMachine()
  const rows: Row[] = []
  console.log(formatHeading(machine))
  const report = (row: Row): void => {
    rows.push(row)
    console.log(formatRow(row))
  }
  for (const level of LEVELS) if (levels.includes(level)) await BENCHES[level](rowMs, report, only)
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
    },
  })
  const rowMs =
    values['row-ms'] === undefined ? (values.quick === true ? QUICK_ROW_MS : DEFAULT_ROW_MS) : Number(values['row-ms'])
  if (!Number.isInteger(rowMs) || rowMs < 1 || rowMs > MAX_ROW_MS) {
    throw new RangeError(`--row-ms must be 1 to ${MAX_ROW_MS}`)
  }
  return { rowMs, levels: parseLevels(values.level), only: values.only ?? '', json: values.json }
}

function parseLevels(names: readonly string[] | undefined): readonly Level[] {
  if (names === undefined) return LEVELS
  return names.map((name) => {
    const level = LEVELS.find((one) => one === name)
    if (level === undefined) throw new RangeError(`--level must be one of ${LEVELS.join(', ')}`)
    return level
  })
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
