/** The bench's page in the terminal: a row a measurement, and a bar that shows it against the documented rate. */

import { styleText } from 'node:util'
import type { Machine } from './machine.ts'
import { REFERENCE } from './providers.ts'
import type { Row } from './row.ts'

const BAR_WIDTH = 24
/** The bar's full width stands for this many times the documented rate. */
const BAR_RATIO = 4

const COLUMNS = {
  name: 36,
  level: 11,
  provider: 8,
  ops: 12,
  spread: 8,
  reference: 10,
  documented: 12,
  ratio: 8,
} as const

export function formatHeading(machine: Machine): string {
  const { cpu, cores, node, platform, commit } = machine
  return [
    `${cpu}, ${cores} cores, ${platform}, Node ${node}${commit === undefined ? '' : `, commit ${commit}`}`,
    '',
    [
      'operation'.padEnd(COLUMNS.name),
      'level'.padEnd(COLUMNS.level),
      'provider'.padEnd(COLUMNS.provider),
      'per second'.padStart(COLUMNS.ops),
      'spread'.padStart(COLUMNS.spread),
      `to ${REFERENCE}`.padStart(COLUMNS.reference),
      'documented'.padStart(COLUMNS.documented),
      'ratio'.padStart(COLUMNS.ratio),
    ].join(''),
  ].join('\n')
}

/** @param reference how often a second the reference does the same, where that was measured */
export function formatRow(
  { name, level, provider, opsPerSecond, spread, documentedRate }: Row,
  reference: number | undefined,
): string {
  const columns = [
    name.padEnd(COLUMNS.name),
    level.padEnd(COLUMNS.level),
    provider.padEnd(COLUMNS.provider),
    formatRate(opsPerSecond).padStart(COLUMNS.ops),
    `±${(spread * 100).toFixed(0)} %`.padStart(COLUMNS.spread),
    (reference === undefined ? '' : `${(opsPerSecond / reference).toFixed(2)}x`).padStart(COLUMNS.reference),
  ]
  if (documentedRate === undefined) return columns.join('').trimEnd()
  const ratio = opsPerSecond / documentedRate
  columns.push(
    documentedRate.toLocaleString('en').padStart(COLUMNS.documented),
    `${ratio.toFixed(2)}x`.padStart(COLUMNS.ratio),
  )
  return `${columns.join('')}  ${formatBar(ratio)}`
}

export function formatFooting(): string {
  return `\nOne core serves. The mark in each bar is the documented rate, its end four times that. Medians, with the median deviation.`
}

/** Few operations a second are told to a tenth. */
function formatRate(opsPerSecond: number): string {
  const digits = opsPerSecond < 10 ? 1 : 0
  return opsPerSecond.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

function formatBar(ratio: number): string {
  const length = Math.min(BAR_WIDTH, Math.max(1, Math.round((ratio / BAR_RATIO) * BAR_WIDTH)))
  const mark = BAR_WIDTH / BAR_RATIO
  const bar = '█'.repeat(length).padEnd(BAR_WIDTH, '·')
  const marked = bar.slice(0, mark) + '|' + bar.slice(mark)
  return styleText(ratio >= 1 ? 'green' : 'yellow', marked)
}
