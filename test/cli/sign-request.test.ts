/** The client's signatures, held against those of the AWS SDK. */
import { SignatureV4 } from '@smithy/signature-v4'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { signRequest } from '../../packages/cli/src/kms-client/sign-request.ts'
import { runs } from '../support/runs.ts'
import { Sha256 } from '../support/sdk-sha256.ts'

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
