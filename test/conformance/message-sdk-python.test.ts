/** Messages and the AWS Encryption SDK for Python: each reads what the other wrote. `message_suite.py` does its part. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { KMS } from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACCOUNT, REGION } from '../support/kms-fixture.ts'
import { SUITES, decryptBytes, encryptBytes } from '../support/message-kms.ts'
import { findPythonEncryptionSdk } from '../support/python-clients.ts'
import { type ServedKms, serveKms } from '../support/served-kms.ts'

const SUITE = fileURLToPath(new URL('message_suite.py', import.meta.url))
/** Python writes no frames but multiples of 128. */
const FRAME_LENGTH = 128
const LENGTHS = [0, 1, 127, 128, 129, 256, 1_234]
const CONTEXT = { tenant: 'a', Tenant: 'b', '～': 'tilde', '😀': 'face' }
const { path, summary } = await findPythonEncryptionSdk()

interface Case {
  readonly do: 'encrypt' | 'decrypt'
  readonly keys: readonly string[]
  readonly suite: (typeof SUITES)[number]
  readonly plaintext: Uint8Array
  readonly bytes: Uint8Array
}

interface Result {
  readonly bytes: string
  readonly context: { readonly [key: string]: string }
}

describe.skipIf(path === undefined)(`the Encryption SDK for Python (${summary})`, () => {
  let server: ServedKms
  /** The AWS SDK's own client is as good a KMS for messages as ours. */
  let kms: KMS
  let keys: readonly string[]

  beforeAll(async () => {
    server = await serveKms()
    const credentials = { accessKeyId: ACCOUNT, secretAccessKey: 'any' }
    kms = new KMS({ endpoint: server.url, region: REGION, credentials })
    const created = await Promise.all([kms.createKey({}), kms.createKey({})])
    keys = created.map(({ KeyMetadata }) => KeyMetadata?.Arn ?? '')
  })
  afterAll(async () => {
    kms.destroy()
    await server.stop()
  })

  async function perform(cases: readonly Case[]): Promise<readonly Result[]> {
    const env = {
      ...process.env,
      PATH: path,
      AWS_ENDPOINT_URL_KMS: server.url,
      AWS_ACCESS_KEY_ID: ACCOUNT,
      AWS_SECRET_ACCESS_KEY: 'any',
      AWS_EC2_METADATA_DISABLED: 'true',
    }
    const child = spawn('python3', [SUITE], { env, stdio: ['pipe', 'pipe', 'inherit'] })
    const asked = cases.map((one) => ({
      ...{ do: one.do, keys: one.keys, suite: one.suite, frame: FRAME_LENGTH, context: CONTEXT },
      bytes: Buffer.from(one.bytes).toString('base64'),
    }))
    child.stdin.end(JSON.stringify(asked))
    return JSON.parse(await text(child.stdout)) as Result[]
  }

  it('reads what we wrote, with each key', async () => {
    const cases: Case[] = []
    for (const suite of SUITES) {
      for (const length of LENGTHS) {
        const plaintext = randomBytes(length)
        const bytes = await encryptBytes(kms, keys, plaintext, { suite, frameLength: FRAME_LENGTH, context: CONTEXT })
        for (const key of keys) cases.push({ do: 'decrypt', keys: [key], suite, plaintext, bytes })
      }
    }
    const results = await perform(cases)
    expect(results.map(({ bytes }) => bytes)).toEqual(
      cases.map(({ plaintext }) => Buffer.from(plaintext).toString('base64')),
    )
    for (const { context } of results) expect(context).toMatchObject(CONTEXT)
  }, 120_000)

  it('is read by us, with each key', async () => {
    const cases = SUITES.flatMap((suite) =>
      LENGTHS.map((length): Case => {
        const plaintext = randomBytes(length)
        return { do: 'encrypt', keys, suite, plaintext, bytes: plaintext }
      }),
    )
    const results = await perform(cases)
    expect(results.length).toBe(cases.length)
    for (const [i, { bytes }] of results.entries()) {
      for (const key of keys) {
        const read = await decryptBytes(kms, Buffer.from(bytes, 'base64'), { keyArns: [key], context: CONTEXT })
        expect(Buffer.compare(read, cases[i]?.plaintext ?? randomBytes(1))).toBe(0)
      }
    }
  }, 120_000)
})
