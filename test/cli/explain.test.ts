/** `softkms explain`: the steps of each operation, in order, and key bytes from a teaching HSM alone. */
import { testingOnlyEntropy } from '@softkms/hsm/testing'
import { describe, expect, it } from 'vitest'
import { type ExplainOptions, explain } from '../../packages/cli/src/explain/explain.ts'
import type { ExplainedOperation, Explanation } from '../../packages/cli/src/explain/explanation.ts'
import { formatExplanation } from '../../packages/cli/src/explain/format-explanation.ts'
import { expectCovered } from '../support/annotations.ts'
import { runCommand } from '../support/run-command.ts'

const UNWRAP = ['token', 'derive-wrapping-key', 'unwrap', 'material']
const SEAL = ['frame', 'draw-nonce', 'derive-message-key', 'additional-data', 'seal', 'blob']
const OPEN = ['derive-message-key', 'additional-data', 'open', 'frame']
const ENGINE = ['validate', 'resolve', 'authorize', 'permit', 'perform']

const STEPS: Readonly<Record<ExplainedOperation, readonly string[]>> = {
  encrypt: ['request', ...ENGINE, ...UNWRAP, ...SEAL, 'answer'],
  decrypt: ['request', ...ENGINE, ...UNWRAP, ...OPEN, 'release', 'answer'],
  'generate-data-key': ['request', ...ENGINE, 'draw-data-key', ...UNWRAP, ...SEAL, 'release', 'answer'],
  're-encrypt': [
    ...['request', 'validate', 'resolve', 'authorize', 'resolve', 'authorize', 'permit', 'permit', 'perform'],
    // The destination is tried, the source opened, and the destination taken from among the loaded keys.
    ...[...UNWRAP, ...UNWRAP, ...OPEN, 'token', ...SEAL, 'answer'],
  ],
}
const OPERATIONS = Object.keys(STEPS) as ExplainedOperation[]

const QUESTION = { plaintext: 'attack at dawn', context: { order: '4711' }, toContext: { order: '4712' } } as const

async function told(options: Pick<ExplainOptions, 'operation'> & Partial<ExplainOptions>): Promise<Explanation> {
  return explain({ ...QUESTION, isTeaching: false, ...options })
}

function format(explanation: Explanation, width: number): string {
  return formatExplanation(explanation, { paint: (_style, text) => text, width })
}

describe.each(OPERATIONS)('%s', (operation) => {
  it('step by step, with every byte of what it shows annotated', async () => {
    const { steps, isTeaching } = await told({ operation })
    expect(isTeaching).toBe(false)
    expect(steps.map(({ step }) => step)).toEqual(STEPS[operation])
    const shown = steps.flatMap(({ bytes }) => bytes)
    for (const { hex, annotations } of shown) expectCovered(annotations, hex.length / 2)
    expect(shown.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['token', 'fixed input', 'frame', 'context', 'blob']),
    )
  })

  it('as a command: the same steps as JSON, and as a trace that fits 80 columns', () => {
    const json = runCommand(['explain', operation, '--json', '--context', 'order=4711'])
    expect(json).toMatchObject({ code: 0, stderr: '' })
    const { steps } = JSON.parse(json.stdout) as Explanation
    expect(steps.map(({ step }) => step)).toEqual(STEPS[operation])

    const { code, stdout, stderr } = runCommand(['explain', operation])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const headings = [...stdout.matchAll(/^ ?(\d+) {2}(\S+) +(caller|engine|hsm)$/gm)].map(([, , step]) => step)
    expect(headings).toEqual(STEPS[operation])
    expect(stdout).not.toContain('\u001b')
  })

  it.each([60, 80, 110])('in %i columns', async (width) => {
    for (const line of format(await told({ operation }), width).split('\n')) {
      expect(line.length).toBeLessThanOrEqual(width)
    }
  })

  it('prints no key byte, and with a teaching HSM the same and its secrets', async () => {
    const entropy = () => testingOnlyEntropy(Uint8Array.of(42))
    const teaching = await told({ operation, isTeaching: true, entropy: entropy() })
    const usual = await told({ operation, entropy: entropy() })
    const secrets = new Set(secretsOf(teaching))
    // Domain key, wrapping key, key material, message key and the framed plaintext at least.
    expect(secrets.size).toBeGreaterThanOrEqual(5)

    for (const output of [JSON.stringify(usual), format(usual, 80)].map((text) => text.replaceAll(/\s/g, ''))) {
      for (const secret of secrets) {
        expect(output).not.toContain(secret)
        expect(output).not.toContain(Buffer.from(secret, 'hex').toString('base64').replaceAll('=', ''))
      }
    }
    const shown = format(teaching, 80).replaceAll(/\s/g, '')
    for (const secret of secrets) expect(shown).toContain(secret)
    // The same randomness, so the same keys: what was looked for was at work, and nothing else differs.
    const hide = (name: string, value: unknown): unknown => (name === 'secret' ? undefined : value)
    const masked = JSON.parse(JSON.stringify({ ...teaching, isTeaching: false }, hide)) as Explanation
    expect(masked).toEqual(usual)
  })
})

it('decrypt gives back what was encrypted', async () => {
  const { steps } = await told({ operation: 'decrypt', plaintext: 'grüße' })
  expect(steps.at(-1)?.fields[0]).toEqual({ name: 'Plaintext', value: 'grüße' })
})

it('decrypt says what is checked, in which order', async () => {
  const { steps } = await told({ operation: 'decrypt' })
  expect(steps.flatMap(({ step, checked }) => (checked === undefined ? [] : [step]))).toEqual([
    ...['validate', 'resolve', 'authorize', 'permit'],
    ...['token', 'unwrap', 'material', 'open', 'frame'],
  ])
})

it('re-encrypt releases no plaintext, and binds what it seals to the other context', async () => {
  const { steps } = await told({ operation: 're-encrypt', context: { a: 'b' }, toContext: { c: 'd', e: 'f' } })
  expect(steps.map(({ step }) => step)).not.toContain('release')
  const contexts = steps.flatMap(({ step, bytes }) => (step === 'additional-data' ? bytes : []))
  const texts = contexts.map(({ annotations }) => annotations.filter(({ kind }) => kind === 'content'))
  expect(texts.map((fields) => fields.map(({ meaning }) => meaning))).toEqual([
    ['"a"', '"b"'],
    ['"c"', '"d"', '"e"', '"f"'],
  ])
})

it('text that would move the cursor is written out', async () => {
  const trace = format(
    await told({ operation: 'encrypt', plaintext: '\u001b[2J', context: { '\u202e': '\u009b' } }),
    80,
  )
  expect(trace.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
})

it('a teaching HSM is announced', () => {
  const { code, stdout, stderr } = runCommand(['explain', 'generate-data-key', '--teaching'])
  expect(code).toBe(0)
  expect(stderr).toBe('warning: a teaching HSM shows its keys; they were made for this run and end with it\n')
  expect(stdout).toMatch(/^ {4}domain key\n {4}[0-9a-f]{64}$/m)
})

describe('not understood', () => {
  it.each([
    [[], 'missing required argument'],
    [['sign'], 'Allowed choices are encrypt, decrypt, generate-data-key, re-encrypt.'],
    [['encrypt', '--plaintext', ''], 'A plaintext has 1 to 4096 bytes.'],
    [['encrypt', '--plaintext', 'ü'.repeat(2049)], 'A plaintext has 1 to 4096 bytes.'],
    [['encrypt', '--context', 'novalue'], 'A pair is written key=value.'],
    [['encrypt', '--to-context', 'a=b'], '--to-context is for re-encrypt alone'],
    [['generate-data-key', '--plaintext', 'x'], 'takes no --plaintext'],
  ])('%j', (args, message) => {
    const { code, stdout, stderr } = runCommand(['explain', ...args])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
  })
})

/** Every secret that a teaching HSM gave a value to, in hexadecimal. */
function secretsOf({ steps }: Explanation): string[] {
  return steps.flatMap(({ fields }) => fields).flatMap((field) => ('secret' in field ? [field.secret ?? ''] : []))
}
