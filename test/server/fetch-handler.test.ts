/**
 * The fetch door, from request to answer.
 *
 * @covers wire §1, §2
 */
import { test as property, fc } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { KmsError } from '@softkms/kms'
import { createFetchHandler } from '@softkms/server'
import { createProgrammedKms, type Operations } from '../support/programmed-kms.ts'
import { ask, createRequest, type WireCall } from '../support/wire.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

async function visit(call: WireCall, operations: Operations = {}) {
  const kms = createProgrammedKms(operations)
  const faults: unknown[] = []
  const handle = createFetchHandler(kms, { onInternalError: (cause, request) => faults.push({ cause, request }) })
  return { answer: await ask(handle, call), kms, faults }
}

describe('an answer', () => {
  it('has the headers of AWS', async () => {
    const { answer, kms } = await visit({}, { ListKeys: () => ({ Keys: [{ KeyId: 'ä' }] }) })
    expect(answer.status).toBe(200)
    expect(answer.text).toBe('{"Keys":[{"KeyId":"ä"}]}')
    expect(answer.headers.get('content-type')).toBe('application/x-amz-json-1.1')
    expect(answer.headers.get('content-length')).toBe('25')
    expect(answer.headers.get('cache-control')).toBe('no-cache, no-store, must-revalidate, private')
    expect(answer.headers.get('pragma')).toBe('no-cache')
    expect(answer.headers.get('expires')).toBe('0')
    expect(new Date(answer.headers.get('date') ?? '').getTime()).toBeGreaterThan(0)
    expect(answer.headers.get('x-amzn-requestid')).toMatch(UUID)
    expect(kms.calls[0]?.caller.requestId).toBe(answer.headers.get('x-amzn-requestid'))
  })

  it('has an empty body for an operation without output', async () => {
    const { answer } = await visit({ operation: 'EnableKey', body: '{"KeyId":"k"}' }, { EnableKey: () => ({}) })
    expect(answer.status).toBe(200)
    expect(answer.text).toBe('')
    expect(answer.headers.get('content-length')).toBe('0')
  })

  it('carries bytes both ways', async () => {
    const { answer, kms } = await visit(
      { operation: 'Encrypt', body: '{"KeyId":"k","Plaintext":"AQID","EncryptionContext":{"a":"b"}}' },
      { Encrypt: ({ Plaintext }: { Plaintext: Uint8Array }) => ({ CiphertextBlob: Plaintext.toReversed() }) },
    )
    expect(kms.calls[0]?.input).toEqual({
      KeyId: 'k',
      Plaintext: Uint8Array.of(1, 2, 3),
      EncryptionContext: { a: 'b' },
    })
    expect(answer.text).toBe('{"CiphertextBlob":"AwIB"}')
  })

  it('holds only what the model has', async () => {
    const { answer } = await visit({}, { ListKeys: () => ({ Keys: [], Secret: 'x' }) })
    expect(answer.text).toBe('{"Keys":[]}')
  })
})

describe('an error', () => {
  it('has type and message', async () => {
    const { answer, faults } = await visit(
      {},
      {
        ListKeys: () => {
          throw new KmsError('NotFoundException', "Key 'x' does not exist")
        },
      },
    )
    expect(answer.status).toBe(400)
    expect(answer.text).toBe('{"__type":"NotFoundException","message":"Key \'x\' does not exist"}')
    expect(answer.headers.get('x-amzn-requestid')).toMatch(UUID)
    expect(faults).toEqual([])
  })

  it('has no message when AWS sends none', async () => {
    const { answer } = await visit(
      {},
      {
        ListKeys: () => {
          throw new KmsError('InvalidCiphertextException')
        },
      },
    )
    expect(answer.text).toBe('{"__type":"InvalidCiphertextException"}')
  })

  it('that nobody expected says nothing of its cause, and tells the operator', async () => {
    const cause = new Error('password is hunter2')
    const { answer, faults } = await visit(
      {},
      {
        ListKeys: () => {
          throw cause
        },
      },
    )
    expect(answer.status).toBe(500)
    expect(JSON.parse(answer.text)).toMatchObject({ __type: 'KMSInternalException' })
    expect(answer.text).not.toContain('hunter2')
    const requestId = answer.headers.get('x-amzn-requestid')
    expect(faults).toEqual([{ cause, request: { operation: 'ListKeys', requestId } }])
  })

  it('of an operation that answers with something unspeakable is one of those', async () => {
    const { answer, faults } = await visit({}, { ListKeys: () => ({ Keys: 7 }) })
    expect(answer.status).toBe(500)
    expect(faults).toHaveLength(1)
  })
})

describe('the address of an operation', () => {
  const unknown = { status: 400, text: '{"__type":"UnknownOperationException"}' }

  it.each([
    ['an operation that is none', 'TrentService.Nope'],
    ['an operation in another letter case', 'TrentService.listKeys'],
    ['another service', 'DynamoDB_20120810.ListKeys'],
    ['no service', 'ListKeys'],
    ['no operation', 'TrentService.'],
    ['a name of every object', 'TrentService.constructor'],
    ['a prototype', 'TrentService.__proto__'],
    ['two targets', 'TrentService.ListKeys, TrentService.ListKeys'],
    ['an empty target', ''],
  ])('%s', async (_what, target) => {
    const { answer, kms } = await visit({ headers: { 'X-Amz-Target': target } })
    expect(answer).toMatchObject(unknown)
    expect(kms.calls).toEqual([])
  })

  it('is missing', async () => {
    const request = createRequest({})
    request.headers.delete('x-amz-target')
    const kms = createProgrammedKms()
    expect(await ask(createFetchHandler(kms), request)).toMatchObject(unknown)
  })

  it('is known to the model and not to the engine', async () => {
    const { answer } = await visit({ operation: 'Sign', body: '{}' })
    expect(answer).toMatchObject(unknown)
  })

  it.each(['GET', 'PUT', 'DELETE', 'OPTIONS'])('is not reached by %s', async (method) => {
    const { answer, kms } = await visit({ method })
    expect(answer.status).toBe(403)
    expect(JSON.parse(answer.text)).toEqual({
      __type: 'AccessDeniedException',
      message: 'Unable to determine service/operation name to be authorized',
    })
    expect(kms.calls).toEqual([])
  })

  it.each(['/ListKeys', '//', '/health', '/%2f'])('is not at %s', async (path) => {
    const { answer } = await visit({ url: `http://localhost${path}` })
    expect(answer.status).toBe(404)
    expect(answer.text).toBe('{"__type":"UnknownOperationException"}')
  })

  it.each(['application/x-amz-json-1.1; charset=utf-8', 'Application/X-AMZ-JSON-1.1'])(
    'may have type %s',
    async (type) => {
      const { answer } = await visit({ headers: { 'Content-Type': type } }, { ListKeys: () => ({ Keys: [] }) })
      expect(answer.status).toBe(200)
    },
  )

  it.each(['application/x-amz-json-1.0', 'application/x-amz-json-1.1x', 'application/cbor', ''])(
    'may not have type %j',
    async (type) => {
      const { answer, kms } = await visit({ headers: { 'Content-Type': type } }, { ListKeys: () => ({ Keys: [] }) })
      expect(answer.status).toBe(404)
      expect(answer.text).toContain('"__type":"UnknownOperationException"')
      expect(kms.calls).toEqual([])
    },
  )
})

describe('the body', () => {
  const tooLarge = {
    status: 413,
    text: '{"__type":"RequestEntityTooLargeException","message":"HTTP content length exceeded 1048576 bytes."}',
  }

  it('may be 1 MiB long', async () => {
    const frame = '{"Marker":""}'
    const body = `{"Marker":"${'a'.repeat(1_048_576 - frame.length)}"}`
    const { answer, kms } = await visit({ body }, { ListKeys: () => ({ Keys: [] }) })
    expect(answer.status).toBe(200)
    expect(kms.calls).toHaveLength(1)
  })

  it('is refused one byte later', async () => {
    const { answer, kms } = await visit({ body: ' '.repeat(1_048_577) })
    expect(answer).toMatchObject(tooLarge)
    expect(kms.calls).toEqual([])
  })

  it('is refused by its declared length, unread', async () => {
    const request = createRequest({ headers: { 'Content-Length': '1048577' } })
    expect(await ask(createFetchHandler(createProgrammedKms()), request)).toMatchObject(tooLarge)
    expect(request.bodyUsed).toBe(false)
  })

  it('that never ends is cancelled once it is too long', async () => {
    let sent = 0
    let isCancelled = false
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 65_536
        controller.enqueue(new Uint8Array(65_536))
      },
      cancel() {
        isCancelled = true
      },
    })
    const request = new Request(createRequest({}), { body: stream, duplex: 'half' } as RequestInit)
    expect(await ask(createFetchHandler(createProgrammedKms()), request)).toMatchObject(tooLarge)
    expect(isCancelled).toBe(true)
    expect(sent).toBeLessThan(1_400_000)
  })

  it('that is missing is malformed, as in AWS', async () => {
    const { answer } = await visit({ body: '' })
    expect(answer).toMatchObject({ status: 400, text: '{"__type":"SerializationException"}' })
  })

  it('that breaks off is no fault of the server, whether or not the runtime says that the client is gone', async () => {
    const faults: unknown[] = []
    const handle = createFetchHandler(createProgrammedKms(), { onInternalError: (cause) => faults.push(cause) })
    const gone = new AbortController()
    gone.abort()
    for (const signal of [gone.signal, new AbortController().signal]) {
      const stream = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(new TextEncoder().encode('{"Limit":')),
        pull: (controller) => controller.error(new Error('connection reset')),
      })
      const request = new Request(createRequest({}), { body: stream, duplex: 'half', signal } as RequestInit)
      expect(await ask(handle, request)).toMatchObject({
        status: 400,
        text: '{"__type":"RequestAbortedException","message":"The request was aborted before its body was whole."}',
      })
    }
    expect(faults).toEqual([])
  })
})

describe('whatever is sent, the answer is one that AWS could give', () => {
  const anyBody = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Uint8Array.from(bytes)),
    fc.json().map((text) => new TextEncoder().encode(text)),
  )
  property.prop([anyBody])('as a body', async (body) => {
    const { answer, faults } = await visit({ operation: 'Encrypt', body })
    expect(answer.status).toBe(400)
    expect(answer.text).toMatch(/^\{"__type":"(?:Serialization|UnknownOperation)Exception"/)
    expect(faults).toEqual([])
  })

  const headerValue = fc.string({ unit: 'grapheme-ascii', maxLength: 60 }).map((text) => text.replace(/[^ -~]/g, ''))
  const anyHeaders = fc.dictionary(
    fc.constantFrom(
      'Host',
      'Origin',
      'Sec-Fetch-Site',
      'X-Amz-Target',
      'Content-Type',
      'Authorization',
      'Content-Length',
    ),
    fc.oneof(
      headerValue,
      fc.constantFrom('AWS4-HMAC-SHA256 Credential=', 'AWS4-HMAC-SHA256 =,=,=', 'TrentService.', '-1'),
    ),
  )
  property.prop([anyHeaders])('as headers', async (headers) => {
    const { answer, faults } = await visit({ headers }, { ListKeys: () => ({ Keys: [] }) })
    expect([200, 400, 403, 404, 413]).toContain(answer.status)
    expect(faults).toEqual([])
  })
})

it('hands on the signal of the request', async () => {
  const abort = new AbortController()
  const seen: boolean[] = []
  const kms = createProgrammedKms({
    ListKeys: (_input, { signal }) => {
      seen.push(signal?.aborted ?? true)
      abort.abort()
      seen.push(signal?.aborted ?? false)
      return { Keys: [] }
    },
  })
  await createFetchHandler(kms)(new Request(createRequest({}), { signal: abort.signal }))
  expect(seen).toEqual([false, true])
})
