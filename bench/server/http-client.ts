/**
 * The client's process: AWS JSON 1.1 by hand over keep-alive connections, so that no SDK is measured along.
 *
 * `node http-client.ts ENDPOINT TIME_MS PROVIDER` prints one row of JSON a line.
 */

import { Agent, request } from 'node:http'
import { type BenchedKms, createSubjects } from '../kms/subjects.ts'
import { measure } from '../measure.ts'
import type { ProviderName } from '../providers.ts'
import type { Row } from '../row.ts'

const IN_FLIGHT = 8
/** Operations in one sample. */
const BATCH = 64

const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT })

async function main(endpoint: string, timeMs: number, provider: ProviderName): Promise<void> {
  for (const subject of await createSubjects(await createClient(endpoint))) {
    const timing = await measure(subject, timeMs, BATCH, IN_FLIGHT)
    const row: Row = { level: 'http', name: subject.name, provider, ...timing }
    const rate = subject.documentedRate
    console.log(JSON.stringify(rate === undefined ? row : { ...row, documentedRate: rate }))
  }
  agent.destroy()
}

async function createClient(endpoint: string): Promise<BenchedKms> {
  const call = (operation: string, input: object): Promise<Record<string, string>> => send(endpoint, operation, input)
  const { KeyMetadata } = (await call('CreateKey', {})) as unknown as { KeyMetadata: { KeyId: string } }
  const { KeyId } = KeyMetadata
  const EncryptionContext = { purpose: 'bench' }
  return {
    async encrypt(plaintext) {
      const { CiphertextBlob } = await call('Encrypt', { KeyId, Plaintext: toBase64(plaintext), EncryptionContext })
      return fromBase64(CiphertextBlob)
    },
    async decrypt(ciphertextBlob) {
      const { Plaintext } = await call('Decrypt', { CiphertextBlob: toBase64(ciphertextBlob), EncryptionContext })
      return fromBase64(Plaintext)
    },
    async generateDataKey() {
      const answer = await call('GenerateDataKey', { KeyId, KeySpec: 'AES_256', EncryptionContext })
      return { plaintext: fromBase64(answer['Plaintext']), ciphertextBlob: fromBase64(answer['CiphertextBlob']) }
    },
  }
}

function send(endpoint: string, operation: string, input: object): Promise<Record<string, string>> {
  const body = JSON.stringify(input)
  const headers = {
    'Content-Type': 'application/x-amz-json-1.1',
    'Content-Length': Buffer.byteLength(body),
    'X-Amz-Target': `TrentService.${operation}`,
  }
  return new Promise((resolve, reject) => {
    const outgoing = request(endpoint, { method: 'POST', agent, headers }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8')
        if (response.statusCode === 200) resolve(JSON.parse(text) as Record<string, string>)
        else reject(new Error(`${operation} answered ${response.statusCode ?? 'nothing'}: ${text}`))
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

function fromBase64(text: string | undefined): Uint8Array {
  return Buffer.from(text ?? '', 'base64')
}

const [endpoint = '', timeMs = '', provider = ''] = process.argv.slice(2)
await main(endpoint, Number(timeMs), provider as ProviderName)
