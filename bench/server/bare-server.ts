/**
 * The least that a server in Node can do for the same client: node:http, JSON, base64 and one AES-GCM.
 *
 * It answers CreateKey, Encrypt, Decrypt and GenerateDataKey under one key, and asks nobody for anything. What softkms
 * takes longer is what a KMS is.
 */

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const ALGORITHM = 'aes-256-gcm'
const NONCE_LENGTH = 12
const TAG_LENGTH = 16
const key = randomBytes(32)

interface Input {
  readonly Plaintext?: string
  readonly CiphertextBlob?: string
}

const OPERATIONS: Readonly<Record<string, (input: Input) => object>> = {
  CreateKey: () => ({ KeyMetadata: { KeyId: 'bare' } }),
  ScheduleKeyDeletion: () => ({ KeyId: 'bare' }),
  Encrypt: ({ Plaintext = '' }) => ({ CiphertextBlob: seal(Buffer.from(Plaintext, 'base64')) }),
  Decrypt: ({ CiphertextBlob = '' }) => ({ Plaintext: open(Buffer.from(CiphertextBlob, 'base64')) }),
  GenerateDataKey() {
    const dataKey = randomBytes(32)
    return { CiphertextBlob: seal(dataKey), Plaintext: dataKey.toString('base64') }
  },
}

function seal(plaintext: Buffer): string {
  const nonce = randomBytes(NONCE_LENGTH)
  const cipher = createCipheriv(ALGORITHM, key, nonce)
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]).toString('base64')
}

function open(blob: Buffer): string {
  const decipher = createDecipheriv(ALGORITHM, key, blob.subarray(0, NONCE_LENGTH))
  decipher.setAuthTag(blob.subarray(-TAG_LENGTH))
  const opened = decipher.update(blob.subarray(NONCE_LENGTH, -TAG_LENGTH))
  return Buffer.concat([opened, decipher.final()]).toString('base64')
}

const server = createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    const name = String(request.headers['x-amz-target']).replace('TrentService.', '')
    const operation = OPERATIONS[name]
    const body = JSON.stringify(operation?.(JSON.parse(Buffer.concat(parts).toString('utf8')) as Input) ?? {})
    response.writeHead(operation === undefined ? 400 : 200, {
      'content-type': 'application/x-amz-json-1.1',
      'content-length': Buffer.byteLength(body),
    })
    response.end(body)
  })
})

server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
