/**
 * Any request to any operation, over the wire, against keys in every state: the answer is one that AWS could give, it
 * comes, and a refusal changes nothing.
 *
 * A run is a list of requests to a world of its own. Each is answered 200 with what the model has, which the AWS SDK
 * decodes whole, or 400 with an error that the model lists for the operation or every operation may have.
 *
 * @covers wire §1, §2
 */
import { type KmsErrorCode, OPERATIONS, operationShapes } from '@softkms/kms'
import { createFetchHandler } from '@softkms/server'
import * as fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { isKnownToModel } from '../support/known-errors.ts'
import { readEverything } from '../support/kms-fixture.ts'
import { runs } from '../support/runs.ts'
import { assertDecodedWhole, decodeWithSdk } from '../support/sdk-decoding.ts'
import { type WireAnswer, ask } from '../support/wire.ts'
import { type FuzzRequest, requests } from './requests.ts'
import { type Scene, type World, buildScene } from './scene.ts'

const RUN_LENGTH = 25
const RUNS = runs(40, 900)
/** A busy machine takes several times as long as the few seconds of an idle one. */
const TIMEOUT_MS = runs(120_000, 600_000)
/** Generating RSA keys takes a second at worst; nothing else takes a tenth. */
const PATIENCE_MS = 20_000
/** Every so many requests a refusal is checked against the whole store, not only against its commits. */
const WHOLE_EVERY = 8

let scene: Scene

beforeAll(async () => {
  scene = await buildScene()
})

type Handle = ReturnType<typeof createFetchHandler>

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** How often each operation was asked, and how often it succeeded. */
const asked = new Map<string, number>()
const succeeded = new Map<string, number>()
const refused = new Map<string, number>()

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

test(
  'every answer is well formed, and a refusal changes nothing',
  async () => {
    const property = fc.asyncProperty(
      fc.array(requests(scene), { minLength: RUN_LENGTH, maxLength: RUN_LENGTH, size: 'max' }),
      async (sequence) => {
        const world = await scene.openWorld()
        const faults: unknown[] = []
        const handle = createFetchHandler(world.kms, {
          trustCallerHeader: true,
          onInternalError: (cause) => faults.push(cause),
        })
        for (const [index, request] of sequence.entries()) {
          await inContext(request, () => look(world, handle, request, index % WHOLE_EVERY === 0))
          // oxlint-disable-next-line typescript/only-throw-error -- the cause is whatever the engine threw
          if (faults.length > 0) throw faults[0]
        }
      },
    )
    await fc.assert(property, { numRuns: RUNS, endOnFailure: true })
    expect([...asked.values()].reduce((sum, times) => sum + times)).toBeGreaterThanOrEqual(RUNS * RUN_LENGTH)
  },
  TIMEOUT_MS,
)

test('every operation was asked, and most succeeded', () => {
  const names = Object.keys(operationShapes)
  expect(names.filter((name) => !asked.has(name))).toEqual([])
  const never = [...scene.good.keys()].filter((name) => !succeeded.has(name))
  expect(never.length).toBeLessThan(runs(20, 1))
  // What there is to look at when a run is made for its numbers.
  if (process.env['SOFTKMS_FUZZ_COUNTS'] === '1') process.stdout.write(formatCounts())
})

/** Sends one request to a world, and judges its answer and what it did. */
async function look(world: World, handle: Handle, request: FuzzRequest, isWhole: boolean): Promise<void> {
  // What is due is done first, so that nothing but the request can change anything.
  await world.kms.performDue()
  const before = { commits: world.commits(), everything: isWhole && (await readEverything(world.store)) }
  const answer = await inTime(ask(handle, request))
  count(asked, request.operation)
  await expectWellFormed(request, answer)
  if (answer.status !== 200) await expectUnchanged(world, before)
}

/** A failure says which of the requests it was. */
async function inContext({ operation, body }: FuzzRequest, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (cause) {
    throw new Error(`${operation} ${body}`, { cause })
  }
}

async function expectWellFormed({ operation }: FuzzRequest, { status, headers, text }: WireAnswer): Promise<void> {
  expect(headers.get('x-amzn-requestid')).toMatch(UUID)
  expect(headers.get('content-type')).toBe('application/x-amz-json-1.1')
  const body = new TextEncoder().encode(text)
  expect(headers.get('content-length')).toBe(String(body.length))
  if (status === 200) {
    count(succeeded, operation)
    const output = await decodeWithSdk(operation, { headers: Object.fromEntries(headers), body })
    assertDecodedWhole(operation, text, output)
    return
  }
  expect(status).toBe(400)
  const { __type, message, ...rest } = JSON.parse(text) as { readonly __type: string; readonly message?: string }
  expect(rest).toEqual({})
  expect(message === undefined || (typeof message === 'string' && message !== '')).toBe(true)
  count(refused, __type)
  if (__type === 'UnknownOperationException') expect(Object.hasOwn(OPERATIONS, operation)).toBe(false)
  else expect([operation, __type, isKnownToModel(operation, __type as KmsErrorCode)]).toEqual([operation, __type, true])
}

async function expectUnchanged(
  { commits, store }: World,
  before: { readonly commits: number; readonly everything: unknown },
): Promise<void> {
  expect(commits()).toBe(before.commits)
  if (before.everything !== false) expect(await readEverything(store)).toEqual(before.everything)
}

async function inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const hang = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${PATIENCE_MS} ms`)), PATIENCE_MS)
  })
  try {
    return await Promise.race([answer, hang])
  } finally {
    clearTimeout(timer)
  }
}

function formatCounts(): string {
  const lines = [...asked].map(([name, times]) => `${name} asked ${times}, succeeded ${succeeded.get(name) ?? 0}`)
  const errors = [...refused].map(([name, times]) => `${name} ${times}`)
  return `${[...lines, ...errors].toSorted().join('\n')}\n`
}
