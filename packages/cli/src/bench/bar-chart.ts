/** Rates as lines of a chart: a bar against what AWS documents, and how many cores would sustain that. */

import type { Paint } from '../terminal/paint.ts'
import type { Rates } from './request-rates.ts'
import type { Timing } from './time-operation.ts'

/** The bar's full width stands for this many times the rate that it is held against. */
const BAR_RATIO = 4
const BAR_WIDTH = { least: 12, most: 40 } as const

const COLUMNS = { ops: 12, spread: 8, rate: 9, cores: 7 } as const
const COLUMNS_WIDTH: number = Object.values(COLUMNS).reduce((sum, width) => sum + width, 0)

/** @param nameWidth of the longest name, in columns */
export function formatChartHeading(nameWidth: number): string {
  return [
    'operation'.padEnd(nameWidth),
    'per second'.padStart(COLUMNS.ops),
    'spread'.padStart(COLUMNS.spread),
    'rate'.padStart(COLUMNS.rate),
    'cores'.padStart(COLUMNS.cores),
  ].join('')
}

/**
 * @param name as wide as the longest
 * @param width of the line, in columns
 */
export function formatChartLine(name: string, timing: Timing, rates: Rates, width: number, paint: Paint): string {
  const rate = rates.documentedRate ?? rates.quota
  const columns = [
    name,
    formatRate(timing.opsPerSecond).padStart(COLUMNS.ops),
    formatSpread(timing.spread).padStart(COLUMNS.spread),
  ].join('')
  if (rate === undefined) return columns
  const barWidth = Math.min(BAR_WIDTH.most, Math.max(BAR_WIDTH.least, width - name.length - COLUMNS_WIDTH - 2))
  const ratio = timing.opsPerSecond / rate
  const held = formatRate(rate).padStart(COLUMNS.rate) + formatCores(1 / ratio).padStart(COLUMNS.cores)
  return `${columns}${held}  ${paint(ratio >= 1 ? 'content' : 'warning', formatBar(ratio, barWidth))}`
}

/** Few operations a second are told to a tenth. */
export function formatRate(opsPerSecond: number): string {
  const digits = opsPerSecond < 10 && !Number.isInteger(opsPerSecond) ? 1 : 0
  return opsPerSecond.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

export function formatSpread(spread: number): string {
  return `±${(spread * 100).toFixed(0)} %`
}

/** To two digits: a fraction of a core is what one has to spare. */
export function formatCores(cores: number): string {
  return cores < 0.095 ? cores.toFixed(2) : cores < 9.95 ? cores.toFixed(1) : formatRate(Math.round(cores))
}

/** Full at four times the rate; a mark stands at the rate itself. */
function formatBar(ratio: number, width: number): string {
  const length = Math.min(width, Math.max(1, Math.round((ratio / BAR_RATIO) * width)))
  const mark = Math.round(width / BAR_RATIO)
  const bar = '█'.repeat(length).padEnd(width, '·')
  return `${bar.slice(0, mark)}|${bar.slice(mark)}`
}
