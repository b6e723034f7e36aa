/** The bench's page in the terminal: the rows of an operation together, each held against the others and against AWS. */

import { styleText } from 'node:util'
import { formatCores, formatRate, formatSpread } from '../packages/cli/src/bench/bar-chart.ts'
import type { Machine } from './machine.ts'
import type { Contender, Level, Row } from './row.ts'

const COLUMNS = { name: 43, provider: 11, ops: 12, spread: 8, ratio: 11, rate: 12, cores: 8 } as const

export function formatMachine({ cpu, cores, node, platform, commit, versions }: Machine): string {
  const rivals = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return [
    `${cpu}, ${cores} cores, ${platform}, Node ${node}${commit === undefined ? '' : `, commit ${commit}`}`,
    rivals.join(', '),
  ].join('\n')
}

/** @param contenders who have a column; a single one has nobody to be held against */
export function formatHeading(level: Level, contenders: readonly Contender[]): string {
  return styleText(
    'bold',
    [
      level.padEnd(COLUMNS.name),
      'provider'.padEnd(COLUMNS.provider),
      'per second'.padStart(COLUMNS.ops),
      'spread'.padStart(COLUMNS.spread),
      ...rivalsOf(contenders).map((name) => `/${name}`.padStart(COLUMNS.ratio)),
      'documented'.padStart(COLUMNS.rate),
      'cores'.padStart(COLUMNS.cores),
      'quota'.padStart(COLUMNS.rate),
      'cores'.padStart(COLUMNS.cores),
    ].join(''),
    { stream: process.stdout },
  )
}

/** @param rows of one operation */
export function formatRows(rows: readonly Row[], contenders: readonly Contender[]): string {
  return rows.map((row) => formatRow(row, rows, rivalsOf(contenders))).join('\n')
}

function formatRow(row: Row, rows: readonly Row[], rivals: readonly Contender[]): string {
  const { name, provider, opsPerSecond, spread, documentedRate, quota } = row
  return [
    name.padEnd(COLUMNS.name),
    provider.padEnd(COLUMNS.provider),
    formatRate(opsPerSecond).padStart(COLUMNS.ops),
    formatSpread(spread).padStart(COLUMNS.spread),
    ...rivals.map((rival) => formatRatio(row, rows, rival).padStart(COLUMNS.ratio)),
    ...[documentedRate, quota].flatMap((rate) => [
      (rate === undefined ? '' : formatRate(rate)).padStart(COLUMNS.rate),
      (rate === undefined ? '' : formatCores(rate / opsPerSecond)).padStart(COLUMNS.cores),
    ]),
  ]
    .join('')
    .trimEnd()
}

export function formatFooting(): string {
  return [
    'Medians, with the median absolute deviation. /name: so many times what that one does. One core serves.',
    'cores: as many would sustain the rate, which AWS documented, or grants today.',
  ].join('\n')
}

function formatRatio({ provider, opsPerSecond }: Row, rows: readonly Row[], rival: Contender): string {
  const other = rows.find((row) => row.provider === rival)
  if (other === undefined || rival === provider) return ''
  const ratio = opsPerSecond / other.opsPerSecond
  return `${ratio.toFixed(ratio < 9.95 ? 2 : 0)}x`
}

function rivalsOf(contenders: readonly Contender[]): readonly Contender[] {
  return contenders.length > 1 ? contenders : []
}
