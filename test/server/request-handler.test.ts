/** The SDK door, driven by the real AWS SDK with no socket. */
import {
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EnableKeyCommand,
  GenerateDataKeyCommand,
  KMSClient,
  ListKeysCommand,
  NotFoundException,
} from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { KmsError } from '@softkms/kms'
import { requestHandler } from '@softkms/server'
import { createKms } from 'softkms'
import { createProgrammedKms, type Operations, type ProgrammedKms } from '../support/programmed-kms.ts'

const NEVER = new Promise<never>(() => undefined)

function connect(operations: Operations): { client: KMSClient; kms: ProgrammedKms } {
  const kms = createProgrammedKms(operations)
  const client = new KMSClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: '111122223333', secretAccessKey: 'any' },
    requestHandler: requestHandler(kms),
    maxAttempts: 1,
  })
  return { client, kms }
}

describe('the real SDK', () => {
  it('is served, with account and Region from its credentials', async () => {
    const Plaintext = Uint8Array.of(1, 2, 3)
    const { client, kms } = connect({ GenerateDataKey: () => ({ KeyId: 'k', Plaintext, CiphertextBlob: Plaintext }) })
    const output = await client.send(
      new GenerateDataKeyCommand({ KeyId: 'k', NumberOfBytes: 3, EncryptionContext: { tenant: 'a' } }),
    )
    expect([...(output.Plaintext ?? [])]).toEqual([1, 2, 3])
    expect(output.KeyId).toBe('k')
    expect(kms.calls[0]).toMatchObject({
      operation: 'GenerateDataKey',
      input: { KeyId: 'k', NumberOfBytes: 3, EncryptionContext: { tenant: 'a' } },
      caller: { account: '111122223333', region: 'eu-west-1', requestId: output.$metadata.requestId },
    })
  })

  it('reads times and empty answers', async () => {
    const CreationDate = new Date(1773253425560)
    const { client } = connect({
      DescribeKey: () => ({ KeyMetadata: { KeyId: 'k', CreationDate } }),
      EnableKey: () => ({}),
    })
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: 'k' }))
    expect(KeyMetadata?.CreationDate).toEqual(CreationDate)
    expect((await client.send(new EnableKeyCommand({ KeyId: 'k' }))).$metadata.httpStatusCode).toBe(200)
  })

  it('throws its own error classes', async () => {
    const { client } = connect({
      DescribeKey: () => {
        throw new KmsError('NotFoundException', 'not there')
      },
    })
    const error = await client.send(new DescribeKeyCommand({ KeyId: 'k' })).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(NotFoundException)
    expect(error).toMatchObject({ message: 'not there', $metadata: { httpStatusCode: 400 } })
  })

  it('may name an endpoint of any host and path', async () => {
    const kms = createProgrammedKms({ ListKeys: () => ({ Keys: [] }) })
    const client = new KMSClient({
      region: 'eu-west-1',
      endpoint: 'http://kms.test/some/path',
      credentials: { accessKeyId: 'AKID', secretAccessKey: 'any' },
      requestHandler: requestHandler(kms),
    })
    expect((await client.send(new ListKeysCommand({}))).Keys).toEqual([])
    expect(kms.calls[0]?.caller.account).toBe(kms.defaults.account)
  })

  it('does envelope encryption against the engine, and learns of its refusals', async () => {
    const client = new KMSClient({
      region: 'eu-west-1',
      credentials: { accessKeyId: '111122223333', secretAccessKey: 'any' },
      requestHandler: requestHandler(await createKms()),
    })
    const { KeyMetadata } = await client.send(new CreateKeyCommand({}))
    const dataKey = await client.send(
      new GenerateDataKeyCommand({ KeyId: KeyMetadata?.KeyId, KeySpec: 'AES_256', EncryptionContext: { tenant: 'a' } }),
    )
    const { CiphertextBlob, Plaintext } = dataKey
    const opened = await client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { tenant: 'a' } }))
    expect(opened.Plaintext).toEqual(Plaintext)
    await expect(
      client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { tenant: 'b' } })),
    ).rejects.toMatchObject({ name: 'InvalidCiphertextException', $metadata: { httpStatusCode: 400 } })
  })

  it('can be destroyed', () => {
    const { client } = connect({})
    expect(() => client.destroy()).not.toThrow()
  })
})

describe('stopping', () => {
  it('an abort rejects at once and reaches the engine', async () => {
    const abort = new AbortController()
    let isAborted: (() => boolean) | undefined
    const { client } = connect({
      ListKeys: (_input, { signal }) => {
        isAborted = () => signal?.aborted === true
        abort.abort()
        return NEVER
      },
    })
    const sent = client.send(new ListKeysCommand({}), { abortSignal: abort.signal })
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' })
    expect(isAborted?.()).toBe(true)
  })

  it('a signal that has already fired never reaches the engine', async () => {
    const { client, kms } = connect({ ListKeys: () => ({ Keys: [] }) })
    const sent = client.send(new ListKeysCommand({}), { abortSignal: AbortSignal.abort() })
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' })
    expect(kms.calls).toEqual([])
  })

  const request = {
    method: 'POST',
    path: '/',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.ListKeys' },
    body: '{}',
  }

  it('the older signals of the SDK work too', async () => {
    const kms = createProgrammedKms({ ListKeys: () => NEVER })
    const abortSignal: { aborted: boolean; onabort?: unknown } = { aborted: false }
    const handled = requestHandler(kms).handle(request, { abortSignal })
    ;(abortSignal.onabort as () => void)()
    await expect(handled).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('a time-out rejects', async () => {
    const kms = createProgrammedKms({ ListKeys: () => NEVER })
    const handled = requestHandler(kms).handle(request, { requestTimeout: 10 })
    await expect(handled).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  it('an answer in time leaves nothing behind', async () => {
    const kms = createProgrammedKms({ ListKeys: () => ({ Keys: [] }) })
    const abort = new AbortController()
    const { response } = await requestHandler(kms).handle(request, {
      abortSignal: abort.signal,
      requestTimeout: 60_000,
    })
    abort.abort()
    expect(new TextDecoder().decode(response.body)).toBe('{"Keys":[]}')
  })
})

describe('what the SDK may hand over', () => {
  const headers = { 'CONTENT-TYPE': 'application/x-amz-json-1.1', 'X-AMZ-TARGET': 'TrentService.ListKeys' }
  const bytes = new TextEncoder().encode('{"Limit":3}')

  it.each([
    ['a string', '{"Limit":3}'],
    ['bytes', bytes],
    ['a buffer', bytes.buffer],
    ['a view', new DataView(bytes.buffer)],
  ])('a body that is %s', async (_what, body) => {
    const kms = createProgrammedKms({ ListKeys: () => ({ Keys: [] }) })
    const { response } = await requestHandler(kms).handle({ method: 'POST', path: '/', headers, body })
    expect(response.statusCode).toBe(200)
    expect(kms.calls[0]?.input).toEqual({ Limit: 3 })
  })

  it('a body of another kind is a fault', async () => {
    const faults: unknown[] = []
    const handler = requestHandler(createProgrammedKms(), { onInternalError: (cause) => faults.push(cause) })
    const { response } = await handler.handle({ method: 'POST', path: '/', headers, body: {} })
    expect(response.statusCode).toBe(500)
    expect(faults).toEqual([expect.any(TypeError)])
  })

  it('a body that is too long is refused', async () => {
    const body = ' '.repeat(1_048_577)
    const { response } = await requestHandler(createProgrammedKms()).handle({
      method: 'POST',
      path: '/',
      headers,
      body,
    })
    expect(response.statusCode).toBe(413)
  })

  it('a query with a signature', async () => {
    const kms = createProgrammedKms({ ListKeys: () => ({ Keys: [] }) })
    const query = {
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': ['111122223333/20260102/eu-west-1/kms/aws4_request'],
      'X-Amz-Date': '20260102T030405Z',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': '00',
      flag: null,
    }
    await requestHandler(kms).handle({ method: 'POST', path: '/', query, headers, body: '{}' })
    expect(kms.calls[0]?.caller).toMatchObject({ account: '111122223333', region: 'eu-west-1' })
  })
})
