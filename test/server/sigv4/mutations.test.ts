/** Nothing that is signed can be changed: every single change of a good request is refused, whatever it hits. */
import { describe, expect, test } from 'vitest'
import { presignWithSdk, type Signed, signWithSdk, toRequest, unsigned } from '../../support/signed-requests.ts'
import { ALICE, createVerifyingServer, SESSION } from '../../support/signers.ts'

const REQUEST = unsigned({ body: '{"Limit":10}', query: { 'a b': '1', c: '2' }, headers: { 'x-amz-meta': 'm' } })
const HOST = REQUEST.host

/** Every text that differs in one character, each replaced by one that means something else. */
function* changed(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += 1) {
    yield `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`
  }
}

function* mutants({ url, headers, body }: Signed): Generator<readonly [what: string, mutant: Signed]> {
  const [origin = '', query = ''] = url.split('?')
  for (const one of changed(query)) yield ['query', { url: `${origin}?${one}`, headers, body }]
  for (const one of changed(body)) yield ['body', { url, headers, body: one }]
  for (const [name, value] of Object.entries(headers)) {
    for (const one of changed(value)) yield [name, { url, headers: { ...headers, [name]: one }, body }]
    const { [name]: _, ...others } = headers
    yield [`without ${name}`, { url, headers: others, body }]
    yield [`twice ${name}`, { url, headers: { ...headers, [name]: `${value}, ${value}` }, body }]
  }
  yield ['a parameter', { url: `${url}&d=3`, headers, body }]
  yield ['a parameter of the signature', { url: `${url}&X-Amz-Date=20260102T030405Z`, headers, body }]
  yield ['a header', { url, headers: { ...headers, 'x-amz-more': '1' }, body }]
  yield ['another token', { url, headers: { ...headers, 'x-amz-security-token': 'more' }, body }]
  yield ['a declared hash', { url, headers: { ...headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, body }]
  yield ['another host', { url: url.replace(HOST, 'localhost:8080'), headers, body }]
  yield ['another port', { url: url.replace(HOST, '127.0.0.1:8081'), headers, body }]
  yield ['more of a body', { url, headers, body: `${body} ` }]
  yield ['no body', { url, headers, body: '' }]
}

describe.each([
  ['in the header', () => signWithSdk(REQUEST, ALICE)],
  ['in the header, by a session', () => signWithSdk(REQUEST, SESSION)],
  ['in the query', () => presignWithSdk(REQUEST, ALICE)],
  ['in the query, by a session', () => presignWithSdk(REQUEST, SESSION)],
] as const)('signed %s', (_where, sign) => {
  test('no change is taken, and no answer says which part was wrong', async () => {
    const signed = await sign()
    const { kms, handle } = createVerifyingServer()
    expect((await handle(toRequest(signed))).status).toBe(200)
    expect(kms.calls.splice(0)).toHaveLength(1)
    const taken: string[] = []
    const answers = new Set<string>()
    let count = 0
    for (const [what, mutant] of mutants(signed)) {
      count += 1
      const response = await handle(toRequest(mutant))
      if (kms.calls.splice(0).length > 0 || response.status < 400) taken.push(what)
      answers.add(await response.text())
    }
    expect(taken).toEqual([])
    expect(count).toBeGreaterThan(300)
    // What is wrong with a signature that can be read is one text, whatever part of the request it is.
    const unfitting = [...answers].filter((text) => text.includes('does not match the signature'))
    expect(unfitting).toHaveLength(1)
    for (const text of answers) {
      expect(text).not.toContain(ALICE.secretAccessKey)
      expect(text).not.toContain(SESSION.sessionToken)
    }
  })
})

test('the same request may be sent again while its signature is good, as to AWS', async () => {
  const signed = await signWithSdk(REQUEST, ALICE)
  const { kms, handle } = createVerifyingServer()
  expect((await handle(toRequest(signed))).status).toBe(200)
  expect((await handle(toRequest(signed))).status).toBe(200)
  expect(kms.calls).toHaveLength(2)
})
