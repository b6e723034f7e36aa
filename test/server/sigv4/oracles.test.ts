/**
 * What the AWS SDK's signer and aws4 sign is good, whatever they sign, and is whose it is.
 *
 * @covers SigV4 create a canonical request, create a string to sign, calculate the signature
 */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runs } from '../../support/runs.ts'
import {
  presignWithSdk,
  type Signed,
  type Signer,
  signWithAws4,
  signWithSdk,
  toRequest,
  type Unsigned,
  unsigned,
} from '../../support/signed-requests.ts'
import { ALICE, BOB, createVerifyingServer, SESSION } from '../../support/signers.ts'

const HEADER_NAME = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}[a-z0-9]$/).map((name) => `x-test-${name}`)
/** Visible, with spaces and tabs that are trimmed or run together. */
const HEADER_VALUE = fc.stringMatching(/^[ \t]{0,2}[!-~]{1,8}(?:[ \t]{1,3}[!-~]{1,8}){0,2}[ \t]{0,2}$/)
const TEXT = fc.string({ unit: 'grapheme', maxLength: 8 })
const QUERY_NAME = TEXT.filter((name) => name !== '' && !/^x-amz-/i.test(name) && name !== '__proto__')

const request: fc.Arbitrary<Unsigned> = fc
  .record({
    host: fc.constantFrom('127.0.0.1:8080', 'localhost', 'kms.eu-west-1.amazonaws.com'),
    region: fc.constant('eu-west-1'),
    query: fc.dictionary(QUERY_NAME, TEXT, { maxKeys: 4, noNullPrototype: true }),
    headers: fc.dictionary(HEADER_NAME, HEADER_VALUE, { maxKeys: 4, noNullPrototype: true }),
    body: TEXT.map((text) => JSON.stringify({ Marker: text })),
  })
  .map(unsigned)

const signer = fc.constantFrom(ALICE, BOB, SESSION)

type SignOne = (request: Unsigned, signer: Signer) => Promise<Signed> | Signed

const SIGNERS: readonly (readonly [name: string, sign: SignOne])[] = [
  ['the SDK, in the header', (one, who) => signWithSdk(one, who)],
  ['the SDK, in the query', (one, who) => presignWithSdk(one, who)],
  ['aws4, in the header', (one, who) => signWithAws4(one, who)],
  ['aws4, in the query', (one, who) => signWithAws4(one, who, { signQuery: true })],
]

describe.each(SIGNERS)('signed by %s', (_name, sign) => {
  test('a request is its signer’s', async () => {
    await fc.assert(
      fc.asyncProperty(request, signer, async (one, who) => {
        const { kms, handle } = createVerifyingServer()
        const response = await handle(toRequest(await sign(one, who)))
        expect([response.status, await response.text()]).toEqual([200, '{"Keys":[]}'])
        expect(kms.calls.map(({ caller }) => [caller.account, caller.region, caller.principal])).toEqual([
          [/\d{12}/.exec(who.principal)?.[0], one.region, who.principal],
        ])
      }),
      { numRuns: runs(60, 2_000) },
    )
  })

  test('with another secret, or for another service or Region, it is nobody’s', async () => {
    await fc.assert(
      fc.asyncProperty(
        request,
        signer,
        fc.constantFrom<readonly [Partial<Signer>, Partial<Unsigned>]>(
          [{ secretAccessKey: 'not-the-secret' }, {}],
          [{}, { service: 's3' }],
          [{}, { region: 'eu_west_1' }],
        ),
        async (one, who, [otherSigner, otherRequest]) => {
          const { kms, handle } = createVerifyingServer()
          const signed = await sign({ ...one, ...otherRequest }, { ...who, ...otherSigner })
          const response = await handle(toRequest(signed))
          expect(response.status).toBe(400)
          expect(await response.json()).toMatchObject({ __type: 'InvalidSignatureException' })
          expect(kms.calls).toEqual([])
        },
      ),
      { numRuns: runs(30, 500) },
    )
  })
})
