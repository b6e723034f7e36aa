/** What a server tells of itself: that it is there, whether it can serve, and what became of requests. */
import { createFetchHandler, createMetrics, type HandlerOptions, type RequestReport } from '@softkms/server'
import { describe, expect, it } from 'vitest'
import { createKms } from 'softkms'
import { createProgrammedKms } from '../support/programmed-kms.ts'

const URL = 'http://127.0.0.1:8080'

function post(operation: string, body: object): Request {
  return new Request(`${URL}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${operation}` },
    body: JSON.stringify(body),
  })
}

describe('pages', () => {
  const serve = (options: HandlerOptions) => createFetchHandler(createProgrammedKms(), options)
  const get = async (options: HandlerOptions, path: string, method = 'GET') => {
    const response = await serve(options)(new Request(URL + path, { method }))
    return [response.status, await response.text()] as const
  }

  it('/ready follows what is asked, and an answer that cannot be had is no', async () => {
    expect(await get({}, '/ready')).toEqual([200, '{"status":"ready","service":"softkms"}'])
    expect(await get({ isReady: async () => false }, '/ready')).toEqual([
      503,
      '{"status":"not ready","service":"softkms"}',
    ])
    const isReady = (): never => {
      throw new Error('the store is gone')
    }
    expect((await get({ isReady }, '/ready'))[0]).toBe(503)
    expect((await get({ isReady }, '/health'))[0]).toBe(200)
  })

  it('/metrics is there when it was asked for, for reading, and for no web page', async () => {
    const metrics = (): string => 'softkms 1\n'
    expect(await get({ metrics }, '/metrics')).toEqual([200, 'softkms 1\n'])
    expect((await get({}, '/metrics'))[0]).toBe(404)
    expect((await get({ metrics }, '/metrics', 'POST'))[0]).toBe(404)
    const page = new Request(`${URL}/metrics`, { headers: { origin: 'https://evil.example' } })
    expect((await serve({ metrics })(page)).status).toBe(403)
  })
})

describe('a request that was answered', () => {
  it('is reported with who asked and how it ended, and nothing of what was in it', async () => {
    const reports: RequestReport[] = []
    const kms = await createKms()
    const handle = createFetchHandler(kms, { onRequest: (report) => reports.push(report) })
    const ask = async (operation: string, body: object): Promise<unknown> =>
      (await handle(post(operation, body))).json()
    const { KeyMetadata } = (await ask('CreateKey', {})) as { KeyMetadata: { KeyId: string } }
    const Plaintext = Buffer.from('the secret').toString('base64')
    await ask('Encrypt', { KeyId: KeyMetadata.KeyId, Plaintext, EncryptionContext: { name: 'context' } })
    await ask('Encrypt', { KeyId: 'alias/none', Plaintext })
    await ask('Nothing', {})
    const caller = { account: '000000000000', region: 'us-east-1' }
    expect(reports.map(({ operation, status, errorCode }) => [operation, status, errorCode])).toEqual([
      ['CreateKey', 200, undefined],
      ['Encrypt', 200, undefined],
      ['Encrypt', 400, 'NotFoundException'],
      [undefined, 400, 'UnknownOperationException'],
    ])
    expect(reports[1]?.caller).toMatchObject(caller)
    expect(reports.every(({ durationMs }) => durationMs >= 0)).toBe(true)
    const text = JSON.stringify(reports)
    for (const secret of [Plaintext, 'the secret', 'context', KeyMetadata.KeyId]) expect(text).not.toContain(secret)
  })

  it('is counted by operation and end, and timed in buckets that add up', () => {
    const metrics = createMetrics()
    const report = { requestId: 'r', status: 200 }
    metrics.observe({ ...report, operation: 'Encrypt', durationMs: 0.4 })
    metrics.observe({ ...report, operation: 'Encrypt', durationMs: 7 })
    metrics.observe({ ...report, operation: 'Encrypt', errorCode: 'NotFoundException', durationMs: 11_000 })
    metrics.observe({ ...report, errorCode: 'UnknownOperationException', durationMs: 1 })
    const gauge = { name: 'softkms_x', help: 'X.', type: 'gauge', value: 2, labels: { a: 'b"\\\n' } } as const
    const lines = metrics.format([gauge]).split('\n')
    for (const line of [
      '# TYPE softkms_requests_total counter',
      'softkms_requests_total{operation="Encrypt",code="OK"} 2',
      'softkms_requests_total{operation="Encrypt",code="NotFoundException"} 1',
      'softkms_requests_total{operation="none",code="UnknownOperationException"} 1',
      '# TYPE softkms_request_duration_seconds histogram',
      'softkms_request_duration_seconds_bucket{operation="Encrypt",le="0.0005"} 1',
      'softkms_request_duration_seconds_bucket{operation="Encrypt",le="0.005"} 1',
      'softkms_request_duration_seconds_bucket{operation="Encrypt",le="0.01"} 2',
      'softkms_request_duration_seconds_bucket{operation="Encrypt",le="10"} 2',
      'softkms_request_duration_seconds_bucket{operation="Encrypt",le="+Inf"} 3',
      'softkms_request_duration_seconds_count{operation="Encrypt"} 3',
      'softkms_x{a="b\\"\\\\\\n"} 2',
    ]) {
      expect(lines).toContain(line)
    }
    expect(lines.at(-1)).toBe('')
  })
})

it('more requests than may be under way are throttled, and the others answered', async () => {
  const waiting: (() => void)[] = []
  const kms = createProgrammedKms({
    ListKeys: () => new Promise((resolve) => waiting.push(() => resolve({ Keys: [] }))),
  })
  const handle = createFetchHandler(kms, { maxInFlight: 3 })
  const answers = Array.from({ length: 5 }, () => handle(post('ListKeys', {})))
  const throttled = await Promise.all([answers[3], answers[4]])
  for (const response of throttled) {
    expect(response?.status).toBe(400)
    expect(await response?.json()).toEqual({ __type: 'ThrottlingException', message: 'Rate exceeded' })
  }
  expect((await handle(new Request(`${URL}/health`))).status).toBe(200)
  while (waiting.length < 3) await new Promise((resolve) => setTimeout(resolve, 1))
  for (const answer of waiting.splice(0)) answer()
  expect((await Promise.all(answers)).map((response) => response.status)).toEqual([200, 200, 200, 400, 400])
  const later = handle(post('ListKeys', {}))
  while (waiting.length < 1) await new Promise((resolve) => setTimeout(resolve, 1))
  for (const answer of waiting) answer()
  expect((await later).status).toBe(200)
})
