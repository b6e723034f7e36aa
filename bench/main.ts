/**
 * `pnpm bench`: what softkms does in a second, beside the rates that AWS documents.
 *
 * Every answer is checked before it is timed; rows are printed as they are measured.
 */

import { closeSync, openSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type ProviderName, PROVIDERS } from '../packages/cli/src/providers.ts'
import { drawChart } from './chart/chart.ts'
import { benchDecisions } from './kms/decisions.ts'
import { benchEngine } from './kms/engine.ts'
import type { LevelBench } from './level.ts'
import { describeMachine } from './machine.ts'
import type { Pace } from './measure.ts'
import { benchPrimitives } from './primitive/primitives.ts'
import { createProgressLine } from './progress-line.ts'
import { formatFooting, formatHeading, formatMachine, formatRows } from './report.ts'
import { installRivals } from './rivals/install.ts'
import type { Contender, Level, Row } from './row.ts'
import { benchHttp } from './server/http.ts'
import { benchSignatures } from './server/signatures.ts'

const USAGE = [
  'usage: pnpm bench [--quick] [--row-ms MILLISECONDS] [--level primitive|decision|signature|engine|http ...]',
  '                  [--provider noble|kernels|native ...] [--only TEXT] [--rivals] [--json FILE] [--svg FILE]',
].join('\n')

const FULL: Pace = { rowMs: 1000, minSamples: 9, isQuick: false }
const QUICK: Pace = { rowMs: 40, minSamples: 3, isQuick: true }
const MAX_ROW_MS = 60_000

const BENCHES: Readonly<Record<Level, LevelBench>> = {
  primitive: benchPrimitives,
  decision: benchDecisions,
  signature: benchSignatures,
  engine: benchEngine,
  http: benchHttp,
}
const LEVELS = Object.keys(BENCHES) as Level[]

interface Options {
  readonly pace: Pace
  readonly levels: readonly Level[]
  readonly providers: readonly ProviderName[]
  /** What the names of operations hold. */
  readonly only: string
  readonly isInstalling: boolean
  readonly json: string | undefined
  readonly svg: string | undefined
}

async function main({ pace, levels, providers, only, isInstalling, json, svg }: Options): Promise<void> {
  const progress = createProgressLine(process.stderr)
  const note = (text: string): void => {
    progress.clear()
    console.error(text)
  }
  if (isInstalling) installRivals(note)
  const machine = describeMachine()
  const rows: Row[] = []
  console.log(formatMachine(machine))
  for (const level of LEVELS.filter((one) => levels.includes(one))) {
    let contenders: readonly Contender[] = []
    await BENCHES[level]({
      pace,
      providers,
      only,
      note,
      progress: progress.show,
      begin(all) {
        contenders = [...new Set(all)]
        progress.clear()
        console.log(`\n${formatHeading(level, contenders)}`)
      },
      report(measured) {
        rows.push(...measured)
        progress.clear()
        console.log(formatRows(measured, contenders))
      },
    })
  }
  console.log(`\n${formatFooting()}`)
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ machine, rows }, undefined, 2)}\n`)
  if (svg !== undefined) writeFileSync(svg, drawChart(machine, rows))
}

/** @throws TypeError, RangeError for anything but the usage */
function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean' },
      'row-ms': { type: 'string' },
      json: { type: 'string' },
      svg: { type: 'string' },
      level: { type: 'string', multiple: true },
      only: { type: 'string' },
      provider: { type: 'string', multiple: true },
      rivals: { type: 'boolean' },
    },
  })
  const pace = values.quick === true ? QUICK : FULL
  const rowMs = values['row-ms'] === undefined ? pace.rowMs : Number(values['row-ms'])
  if (!Number.isInteger(rowMs) || rowMs < 1 || rowMs > MAX_ROW_MS) {
    throw new RangeError(`--row-ms must be 1 to ${MAX_ROW_MS}`)
  }
  return {
    pace: { ...pace, rowMs },
    levels: parseNames('--level', LEVELS, values.level),
    providers: parseNames('--provider', [...PROVIDERS.keys()], values.provider),
    only: values.only ?? '',
    isInstalling: values.rivals === true,
    json: values.json,
    svg: values.svg,
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
    console.error(`cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`)
    return false
  }
}

// Whoever ends this process ends those that it has started: they go with its `exit`, which a signal alone skips.
process.once('SIGTERM', () => process.exit(143))
process.once('SIGINT', () => process.exit(130))

const options = readOptions()
if (options === undefined) process.exitCode = 2
else if (![options.json, options.svg].every((file) => file === undefined || canWrite(file))) process.exitCode = 1
else await main(options)
