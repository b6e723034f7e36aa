/**
 * A request at the fetch door with nothing behind it, believed and verified: the difference is what a signature costs.
 *
 * The request is signed once, by the client of the command line, and sent again: its signature is good for five minutes.
 */

import type { KmsService } from '@softkms/kms'
import { createCredentials, createFetchHandler, type HandlerOptions } from '@softkms/server'
import { signRequest } from '../../packages/cli/src/kms-client/sign-request.ts'
import { measure } from '../measure.ts'
import type { BenchOptions } from '../options.ts'
import type { Row, Subject } from '../row.ts'

const BATCH = 64

const HOST = '127.0.0.1:8080'
const KEYS = { accessKeyId: 'AKIABENCHBENCHBENCH1', secretAccessKey: 'bench' }

/** About as long as a request for a data key. */
const BODY = JSON.stringify({ Limit: 100, Marker: 'm'.repeat(200) })

/** Answers at once, and remembers who asked last. */
class IdleKms implements KmsService {
  readonly defaults = { account: '000000000000', region: 'us-east-1' }
  principal: string | undefined

  async execute(_operation: string, _input: unknown, { principal }: { readonly principal?: string }): Promise<object> {
    this.principal = principal
    return { Keys: [] }
  }

  async performDue(): Promise<void> {}
}

/** Measures both for `rowMs` and reports each as it is done. */
export async function benchSignatures({ rowMs: timeMs }: BenchOptions, report: (row: Row) => void): Promise<void> {
  const principal = 'arn:aws:iam::111122223333:user/bench'
  const credentials = createCredentials([{ ...KEYS, principal }])
  for (const [name, options, expected] of [
    ['Answer: signature believed', {}, undefined],
    ['Answer: signature verified', { auth: { credentials } }, principal],
  ] as const) {
    const timing = await measure(createSubject(name, options, expected), timeMs, BATCH)
    report({ level: 'signature', name, provider: 'noble', ...timing })
  }
}

function createSubject(name: string, options: HandlerOptions, expected: string | undefined): Subject {
  const kms = new IdleKms()
  const handle = createFetchHandler(kms, options)
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.ListKeys' }
  const signingKey = { credentials: KEYS, region: 'eu-west-1' }
  let signed = signRequest({ host: HOST, headers, body: BODY }, signingKey, Date.now())
  const ask = (): Promise<Response> =>
    handle(new Request(`http://${HOST}/`, { method: 'POST', headers: signed, body: BODY }))
  return {
    name,
    async check() {
      signed = signRequest({ host: HOST, headers, body: BODY }, signingKey, Date.now())
      if ((await ask()).status !== 200 || kms.principal !== expected) throw new Error(`${name}: not the caller`)
    },
    async run() {
      if ((await ask()).status !== 200) throw new Error(`${name}: refused`)
    },
  }
}
