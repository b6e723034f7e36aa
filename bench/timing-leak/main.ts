/**
 * `pnpm bench:leak`: whether the time of a kernel tells anything of a secret.
 *
 * Each subject is timed with one fixed secret and with random ones, by turns that chance decides. It ends with exit code
 * 1 when a subject is told apart, and likewise when a control is not: then the measurement sees nothing.
 */

import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { describeMachine } from '../machine.ts'
import type { LeakSubject } from './subject.ts'
import { createLeakSubjects } from './subjects.ts'
import { SUSPICIOUS, type Sample, findLeak } from './welch.ts'

const DEFAULT_SAMPLES = 200_000
const MOST_SAMPLES = 10_000_000
/** So many are thrown away first, while the compiler still changes the code. */
const WARM_UP_SHARE = 0.1
/** A leak is there again when it is looked for again; chance seldom is. */
const ATTEMPTS = 3

const NAME_WIDTH = 50

function sample({ prepare, run, repeats, secretBytes }: LeakSubject, count: number): readonly Sample[] {
  const secret = new Uint8Array(secretBytes)
  const samples: Sample[] = []
  const warmUp = Math.ceil(count * WARM_UP_SHARE)
  for (let i = -warmUp; i < count; i++) {
    // Both classes draw, and come by their secret in the same way: nothing but the secret itself differs. The fixed one is
    // zeros, which pass no branch and carry nothing: if any secret is quick, this one.
    const drawn = randomBytes(secretBytes + 1)
    const isFixed = (drawn[secretBytes] ?? 0) < 128
    const mask = isFixed ? 0 : 0xff
    for (let k = 0; k < secretBytes; k++) secret[k] = (drawn[k] ?? 0) & mask
    prepare(secret)
    const begin = performance.now()
    for (let k = 0; k < repeats; k++) run()
    const time = (performance.now() - begin) * 1e6
    if (i >= 0) samples.push({ secret: isFixed ? 'fixed' : 'random', time })
  }
  return samples
}

/** @returns |t|, the smallest of as many attempts as it takes to be unsuspicious */
function judge(subject: LeakSubject, count: number): number {
  let least = Infinity
  for (let attempt = 0; attempt < ATTEMPTS && least >= SUSPICIOUS; attempt++) {
    least = Math.min(least, findLeak(sample(subject, count)))
  }
  return least
}

async function main(count: number): Promise<boolean> {
  const { cpu, node, platform } = describeMachine()
  console.log(`${cpu}, ${platform}, Node ${node}, ${count.toLocaleString('en')} samples each\n`)
  console.log(`${'what'.padEnd(NAME_WIDTH)}${'|t|'.padStart(10)}  verdict`)
  let isAsExpected = true
  for (const subject of await createLeakSubjects()) {
    const t = judge(subject, count)
    const leaks = t >= SUSPICIOUS
    if (leaks !== subject.isControl) isAsExpected = false
    const verdict = subject.isControl ? (leaks ? 'caught' : 'MISSED') : leaks ? 'TOLD APART' : 'not told apart'
    console.log(`${subject.name.padEnd(NAME_WIDTH)}${t.toFixed(1).padStart(10)}  ${verdict}`)
  }
  console.log(`\nFrom |t| = ${SUSPICIOUS} on, a fixed secret and random ones are told apart.`)
  return isAsExpected
}

function readCount(): number | undefined {
  try {
    const { values } = parseArgs({ options: { samples: { type: 'string' } } })
    const count = values.samples === undefined ? DEFAULT_SAMPLES : Number(values.samples)
    if (Number.isInteger(count) && count >= 1 && count <= MOST_SAMPLES) return count
    console.error(`--samples must be 1 to ${MOST_SAMPLES}`)
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
  }
  return undefined
}

const count = readCount()
if (count === undefined) process.exitCode = 2
else if (!(await main(count))) process.exitCode = 1
