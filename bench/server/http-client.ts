/**
 * The client's process: all the servers in turns, over kept connections and without an SDK.
 *
 * `node http-client.ts '{"endpoints":{"noble":"http://..."},"own":["noble"],"pace":{...},"only":""}'` prints one JSON a line: the rows
 * of an operation, a note, or which operation comes next.
 */

import { createBenchKeys } from '../../packages/cli/src/bench/bench-keys.ts'
import { operationsOfSpec } from '../../packages/cli/src/bench/operations.ts'
import { type Pace, groupByName, measureTogether } from '../measure.ts'
import { createRawKms } from './raw-kms.ts'
import type { Contender, Entry, Row, Run, Subject } from '../row.ts'

const IN_FLIGHT = 8
/** Requests in one run. */
const BATCH = 128
const REGION = 'eu-west-1'

/** What this process is started with. */
export interface ClientTask {
  readonly endpoints: Readonly<Partial<Record<Contender, string>>>
  /** Which of them are softkms, whose answers must be right; what another one cannot do is left out. */
  readonly own: readonly Contender[]
  readonly pace: Pace
  readonly only: string
}

/** One line of what it prints. */
export type ClientLine = { readonly rows: readonly Row[] } | { readonly note: string } | { readonly progress: string }

/** moto finds the service in the signature; it does not verify it. */
const AUTHORIZATION: Partial<Record<Contender, string>> = {
  moto: `AWS4-HMAC-SHA256 Credential=AKIABENCHBENCHBENCH1/20260101/${REGION}/kms/aws4_request, SignedHeaders=host, Signature=00`,
}

async function main({ endpoints, own, pace, only }: ClientTask): Promise<void> {
  const clients = (Object.entries(endpoints) as [Contender, string][]).map(([provider, url]) => {
    return { provider, kms: createRawKms(new URL(url), IN_FLIGHT, AUTHORIZATION[provider]) }
  })
  const entries: Entry[] = clients.flatMap(({ provider, kms }) =>
    operationsOfSpec(kms.call, 'SYMMETRIC_DEFAULT', createBenchKeys(kms.call).find)
      .filter(({ name }) => name.includes(only))
      .map((subject) => ({ provider, subject: manyAtATime(subject) })),
  )
  for (const group of groupByName(entries)) {
    print({ progress: group[0]?.subject.name ?? '' })
    const able: Entry[] = []
    for (const entry of group) if (own.includes(entry.provider) || (await isAble(entry))) able.push(entry)
    print({ rows: await measureTogether('http', able, pace) })
  }
  for (const { kms } of clients) kms.close()
}

function manyAtATime(subject: Subject): Subject {
  return {
    ...subject,
    operations: BATCH * (subject.operations ?? 1),
    async prepare() {
      const run = await subject.prepare()
      return () => runBatch(run)
    },
  }
}

async function runBatch(run: Run): Promise<void> {
  let left = BATCH
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await run()
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
}

async function isAble({ provider, subject }: Entry): Promise<boolean> {
  try {
    await subject.prepare()
    return true
  } catch (error) {
    // The bare server does not pretend to be a KMS.
    if (provider === 'bare') return false
    print({
      note: `${provider} is left out of ${subject.name}: ${error instanceof Error ? error.message : 'it fails'}`,
    })
    return false
  }
}

function print(line: ClientLine): void {
  console.log(JSON.stringify(line))
}

if (import.meta.main) await main(JSON.parse(process.argv[2] ?? '') as ClientTask)
