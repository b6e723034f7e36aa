/** The client's signatures, held against those of the AWS SDK. */
import { type Hash, type Hmac, createHash, createHmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { signRequest } from '../../packages/cli/src/kms-client/sign-request.ts'
import { runs } from '../support/runs.ts'

/** SHA-256 and HMAC as the AWS SDK wants them. */
class Sha256 {
  readonly #state: Hash | Hmac
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#state =
      secret === undefined
        ? createHash('sha256')
        : createHmac('sha256', typeof secret === 'string' ? secret : new Uint8Array(toBytes(secret)))
  }
  update(part: string | Uint8Array): void {
    this.#state.update(part)
  }
  reset(): void {}
  async digest(): Promise<Uint8Array> {
    return this.#state.digest()
  }
}

function toBytes(source: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source)
}

const token = fc.base64String({ minLength: 1, maxLength: 40 })

test('every signature is the one that the AWS SDK makes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        host: fc.constantFrom('127.0.0.1:8080', 'kms.eu-west-1.amazonaws.com', '[::1]:1'),
        region: fc.constantFrom('us-east-1', 'cn-north-1'),
        body: fc.string({ unit: 'binary', maxLength: 200 }),
        operation: fc.constantFrom('Encrypt', 'Decrypt', 'GenerateDataKey'),
        milliseconds: fc.integer({ min: 0, max: 4_000_000_000_000 }),
        accessKeyId: token,
        secretAccessKey: token,
        sessionToken: fc.option(token, { nil: undefined }),
      }),
      async ({ host, region, body, operation, milliseconds, accessKeyId, secretAccessKey, sessionToken }) => {
        const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${operation}` }
        const credentials = { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) }
        const signed = signRequest({ host, headers, body }, { credentials, region }, milliseconds)

        const oracle = new SignatureV4({ service: 'kms', region, credentials, sha256: Sha256, applyChecksum: false })
        const request = {
          method: 'POST',
          protocol: 'https:',
          path: '/',
          hostname: host,
          headers: { ...headers, host },
          body,
        }
        const { headers: expected } = await oracle.sign(request, { signingDate: new Date(milliseconds) })
        expect({ ...signed, host }).toEqual(expected)
      },
    ),
    { numRuns: runs(100, 3_000) },
  )
})
