/** The chart is well-formed, shows what it should, and to scale. */

import { expect, test } from 'vitest'
import { drawChart } from '../../bench/chart/chart.ts'
import { element, escapeText } from '../../bench/chart/svg.ts'
import type { Row } from '../../bench/row.ts'

const MACHINE = {
  cpu: 'A & B <fast>',
  cores: 2,
  memoryGiB: 4,
  platform: 'linux x64',
  node: 'v24.0.0',
  date: '2026-11-27T00:00:00.000Z',
  versions: {},
}

function row(name: string, provider: Row['provider'], opsPerSecond: number, documentedRate?: number): Row {
  const common = { level: 'primitive', name, provider, opsPerSecond, spread: 0.01 } as const
  return documentedRate === undefined ? common : { ...common, documentedRate }
}

/** Every tag is closed in its turn. */
function expectWellFormed(markup: string): void {
  const open: string[] = []
  for (const [, slash, name = '', , isEmpty] of markup.matchAll(/<(\/?)([a-z]+)((?:\s[\w:-]+="[^"<]*")*)\s*(\/?)>/g)) {
    if (slash === '/') expect(open.pop()).toBe(name)
    else if (isEmpty !== '/') open.push(name)
  }
  expect(open).toEqual([])
  expect(markup.replaceAll(/<\/?[a-z]+(?:\s[\w:-]+="[^"<]*")*\s*\/?>/g, '')).not.toMatch(/[<>]/)
}

function widthsOf(svg: string, name: string): readonly number[] {
  return [
    ...svg.matchAll(
      new RegExp(`<rect x="225" y="[\\d.]+" width="([\\d.]+)" height="11" rx="2" class="${name}"/>`, 'g'),
    ),
  ].map(([, width]) => Number(width))
}

test('shows the rows that say most, ten times as much a decade further', () => {
  const svg = drawChart(MACHINE, [
    row('AES-256-GCM seal 32 B', 'noble', 100),
    row('AES-256-GCM seal 32 B', 'native', 1_000),
    row('AES-256-GCM seal 32 B', 'softhsm2', 10_000),
    row('RSA_2048 private', 'noble', 100, 500),
    row('SHA-384 4096 B', 'moto', 100),
  ])
  expectWellFormed(svg)
  const [one = 0] = widthsOf(svg, 'noble')
  expect(widthsOf(svg, 'native')[0]).toBeCloseTo(2 * one, 0)
  expect(widthsOf(svg, 'softhsm2')[0]).toBeCloseTo(3 * one, 0)
  expect(svg).toContain('A &amp; B &lt;fast&gt;')
  expect(svg).toContain('>SoftHSM2<')
  // In the legend, and at the one row that has a documented rate.
  expect(svg.match(/class="documented"/g)).toHaveLength(2)
  expect(svg).not.toContain('SHA-384')
  expect(svg).not.toContain('class="moto"')
})

test('is legible on a light page and on a dark one', () => {
  const svg = drawChart(MACHINE, [row('KBKDF 32 B', 'noble', 100)])
  const [light = '', dark = ''] = svg.split('@media(prefers-color-scheme:dark)')
  for (const part of [light, dark])
    for (const name of ['page', 'noble', 'documented', 'grid']) expect(part).toContain(`.${name}{`)
})

test('without rows is a chart without bars', () => {
  expectWellFormed(drawChart(MACHINE, []))
})

test('elements escape what they are given', () => {
  expect(element('text', { x: 1.26, class: '"<&' }, escapeText('<a> & "b"'))).toBe(
    '<text x="1.3" class="&quot;&lt;&amp;">&lt;a&gt; &amp; &quot;b&quot;</text>',
  )
  expect(element('rect', {})).toBe('<rect/>')
})
