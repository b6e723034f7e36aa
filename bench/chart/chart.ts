/**
 * A chart of the rows that say most, as an SVG that is legible on a light page and on a dark one.
 *
 * Bars stand on a logarithmic scale, because a fast operation does ten thousand times what a slow one does; the number
 * stands beside each. A tick marks the rate that AWS documents.
 */

import { formatRate } from '../../packages/cli/src/bench/bar-chart.ts'
import type { Machine } from '../machine.ts'
import type { Contender, Level, Row } from '../row.ts'
import { element, escapeText } from './svg.ts'

interface Section {
  readonly level: Level
  readonly title: string
  readonly names: readonly string[]
}

const SECTIONS: readonly Section[] = [
  {
    level: 'primitive',
    title: 'Primitives',
    names: [
      'AES-256-GCM seal 32 B',
      'AES-256-GCM seal 4096 B',
      'HMAC-SHA-256 32 B',
      'KBKDF 32 B',
      'RSA_2048 private',
      'RSA_2048 public',
      'ECC_NIST_P256 sign',
      'ECC_NIST_P256 verify',
      'ECC_NIST_EDWARDS25519 sign',
      'ML_DSA_65 sign',
      'ML_KEM_768 decapsulate',
    ],
  },
  {
    level: 'engine',
    title: 'Whole engine, in process',
    names: ['GenerateDataKey AES_256', 'Encrypt 4096 B', 'Decrypt 4096 B', 'Sign RSA_2048', 'Sign ECC_NIST_P256'],
  },
  {
    level: 'http',
    title: 'Over HTTP',
    names: ['GenerateDataKey AES_256', 'Encrypt 4096 B', 'Decrypt 4096 B'],
  },
]

/** On a light page, and on a dark one. */
const COLOURS: Readonly<Record<Contender, readonly [light: string, dark: string]>> = {
  noble: ['#6e7781', '#8b949e'],
  kernels: ['#0969da', '#4493f8'],
  native: ['#bc4c00', '#f0883e'],
  softhsm2: ['#8250df', '#ab7df8'],
  bare: ['#1a7f37', '#3fb950'],
  'local-kms': ['#9a6700', '#d29922'],
  moto: ['#bf3989', '#f778ba'],
}
const NAMES: Readonly<Partial<Record<Contender, string>>> = {
  native: 'native (node:crypto)',
  softhsm2: 'SoftHSM2',
  bare: 'bare node:http, one AES-GCM',
}

const WIDTH = 860
const LEFT = 225
const RIGHT = 75
const MARGIN = 16
const BAR = { height: 11, step: 13 } as const
const GROUP_GAP = 8
const SECTION_HEIGHT = 38
const TITLE_HEIGHT = 106
const LEGEND = { top: 62, lineHeight: 20, gap: 36, characterWidth: 6.4 } as const
/** The scale begins here. */
const LEAST = 10

/** @returns the text of an SVG file */
export function drawChart(machine: Machine, rows: readonly Row[]): string {
  const shown = SECTIONS.map((section) => ({ ...section, groups: groupsOf(section, rows) })).filter(
    ({ groups }) => groups.length > 0,
  )
  const most = Math.max(
    LEAST * 10,
    ...shown.flatMap(({ groups }) => groups.flat().map(({ opsPerSecond }) => opsPerSecond)),
  )
  const decades = Math.ceil(Math.log10(most / LEAST))
  const scale = (rate: number): number =>
    LEFT + (Math.max(0, Math.log10(rate / LEAST)) / decades) * (WIDTH - LEFT - RIGHT)

  const parts: string[] = []
  let y = TITLE_HEIGHT
  for (const { title, groups } of shown) {
    parts.push(text({ x: MARGIN, y: y + 22, class: 'section' }, title))
    y += SECTION_HEIGHT
    const top = y
    for (const group of groups) {
      parts.push(drawGroup(group, y, scale))
      y += group.length * BAR.step + GROUP_GAP
    }
    parts.unshift(drawGrid(decades, top - 4, y - GROUP_GAP + 2, scale))
  }
  const height = y + MARGIN
  const contenders = (Object.keys(COLOURS) as Contender[]).filter((name) =>
    shown.some(({ groups }) => groups.flat().some(({ provider }) => provider === name)),
  )
  return `${element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${WIDTH} ${height}`, width: WIDTH, height, role: 'img' },
    element('title', {}, 'Operations per second'),
    element('style', {}, style()),
    element('rect', { width: WIDTH, height, class: 'page' }),
    drawTitle(machine, contenders),
    ...parts,
  )}\n`
}

function groupsOf({ level, names }: Section, rows: readonly Row[]): readonly (readonly Row[])[] {
  return names
    .map((name) => rows.filter((row) => row.level === level && row.name === name))
    .filter((group) => group.length > 0)
}

function drawTitle({ cpu, node, date }: Machine, contenders: readonly Contender[]): string {
  return [
    text({ x: MARGIN, y: 26, class: 'title' }, 'Operations per second on one core'),
    text(
      { x: MARGIN, y: 46, class: 'quiet' },
      `${cpu}, Node ${node}, ${date.slice(0, 10)}. Logarithmic scale, medians.`,
    ),
    ...drawLegend(contenders),
  ].join('')
}

function drawLegend(contenders: readonly Contender[]): readonly string[] {
  const labels = [...contenders.map((name) => [name, NAMES[name] ?? name]), ['documented', 'rate that AWS documents']]
  let x = MARGIN
  let y = LEGEND.top
  return labels.map(([name = '', label = '']) => {
    const width = LEGEND.gap + label.length * LEGEND.characterWidth
    if (x + width > WIDTH) {
      x = MARGIN
      y += LEGEND.lineHeight
    }
    const swatch = { x, y, width: name === 'documented' ? 2.5 : BAR.height, height: BAR.height, rx: 2, class: name }
    const drawn = element('rect', swatch) + text({ x: x + 16, y: y + 10 }, label)
    x += width
    return drawn
  })
}

function drawGrid(decades: number, top: number, bottom: number, scale: (rate: number) => number): string {
  return Array.from({ length: decades + 1 }, (_, i) => LEAST * 10 ** i)
    .map((rate) => {
      const x = scale(rate)
      const line = element('line', { x1: x, x2: x, y1: top, y2: bottom, class: 'grid' })
      return line + text({ x, y: top - 3, class: 'quiet', 'text-anchor': 'middle' }, rate.toLocaleString('en'))
    })
    .join('')
}

function drawGroup(group: readonly Row[], top: number, scale: (rate: number) => number): string {
  const [first] = group
  if (first === undefined) return ''
  const height = group.length * BAR.step
  const label = text({ x: LEFT - 10, y: top + height / 2 + 3, 'text-anchor': 'end' }, first.name)
  const bars = group.map(({ provider, opsPerSecond }, i) => {
    const bar = { x: LEFT, y: top + i * BAR.step, width: Math.max(1, scale(opsPerSecond) - LEFT), height: BAR.height }
    return element('rect', { ...bar, rx: 2, class: provider })
  })
  const { documentedRate } = first
  if (documentedRate !== undefined) {
    const mark = { x: scale(documentedRate) - 1.2, y: top - 2, width: 2.5, height: height + 2, class: 'documented' }
    bars.push(element('rect', mark))
  }
  // Last, because a mark may be where a number is.
  const numbers = group.map(({ opsPerSecond }, i) =>
    text({ x: scale(opsPerSecond) + 5, y: top + i * BAR.step + 9.5, class: 'number' }, formatRate(opsPerSecond)),
  )
  return [label, ...bars, ...numbers].join('')
}

function text(attributes: Readonly<Record<string, string | number>>, content: string): string {
  return element('text', attributes, escapeText(content))
}

function style(): string {
  const rules = (which: 0 | 1, page: string, ink: string, quiet: string, grid: string, documented: string): string =>
    [
      `.page{fill:${page}}.number{stroke:${page}}text{fill:${ink}}.quiet{fill:${quiet}}.grid{stroke:${grid}}.documented{fill:${documented}}`,
      ...Object.entries(COLOURS).map(([name, colours]) => `.${name}{fill:${colours[which]}}`),
    ].join('')
  return [
    'text{font:12px system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif}',
    '.title{font-size:17px;font-weight:600}.section{font-size:14px;font-weight:600}',
    '.number,.grid+text{font-size:10.5px}.number{stroke-width:3px;paint-order:stroke}.grid{stroke-width:1}',
    rules(0, '#ffffff', '#1f2328', '#59636e', '#d1d9e0', '#cf222e'),
    `@media(prefers-color-scheme:dark){${rules(1, '#0d1117', '#e6edf3', '#9198a1', '#30363d', '#ff7b72')}}`,
  ].join('')
}
