/** `softkms bench`: measures a KMS in this process and at an endpoint, ends by itself, and leaves no keys behind. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createKms } from 'softkms'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { median, timeOperation } from '../../packages/cli/src/bench/time-operation.ts'
import { startCommand } from '../support/command.ts'
import { type ServedKms, serveKms } from '../support/served-kms.ts'

const BRIEF = ['--seconds', '0.01']
const SYMMETRIC = [
  'GenerateDataKey AES_256',
  'Encrypt 32 B',
  'Decrypt 32 B',
  'Encrypt 4096 B',
  'Decrypt 4096 B',
  'ReEncrypt 32 B',
  'GenerateRandom 32 B',
]

/** @returns names of the lines that have a number and a bar */
function namesIn(stdout: string): readonly string[] {
  return [...stdout.matchAll(/^(\w.*?) +[\d,.]+ +±\d+ % +[\d,]+ +[\d,.]+ {2}[█·|]+$/gm)].map(([, name = '']) => name)
}

describe('in this process', () => {
  it('charts every operation of a symmetric key', async () => {
    const { code, stdout } = await startCommand('bench', ...BRIEF).ended
    expect(code).toBe(0)
    expect(namesIn(stdout)).toEqual(SYMMETRIC)
    expect(stdout).toMatch(/^A KMS in this process, 1 at a time\n/)
  })

  it.each([
    ['noble', ['HMAC_256', 'ECC_NIST_EDWARDS25519']],
    ['native', ['RSA_2048', 'ML_KEM_512']],
  ])('by provider %s charts %j', async (provider, specs) => {
    const { code, stdout } = await startCommand('bench', ...BRIEF, '--provider', provider, '--key-spec', ...specs).ended
    expect(code).toBe(0)
    for (const spec of specs) expect(namesIn(stdout).filter((name) => name.endsWith(spec)).length).toBeGreaterThan(1)
    expect(namesIn(stdout).every((name) => specs.some((spec) => name.endsWith(spec)))).toBe(true)
  })
})

describe('at an endpoint', () => {
  let served: ServedKms
  beforeAll(async () => {
    served = await serveKms()
  })
  afterAll(async () => {
    await served.stop()
  })

  async function call(operation: string, input: object): Promise<Record<string, unknown>> {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${operation}` }
    const response = await fetch(served.url, { method: 'POST', headers, body: JSON.stringify(input) })
    return (await response.json()) as Record<string, unknown>
  }

  it('charts the same, and schedules the deletion of its keys', async () => {
    const { code, stdout } = await startCommand('bench', ...BRIEF, '--endpoint-url', served.url).ended
    expect(code).toBe(0)
    expect(namesIn(stdout)).toEqual(SYMMETRIC)
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+, 8 requests at a time\n/)
    const { Keys } = (await call('ListKeys', {})) as { readonly Keys: readonly { readonly KeyId: string }[] }
    expect(Keys.length).toBeGreaterThan(0)
    for (const { KeyId } of Keys) {
      const { KeyMetadata } = await call('DescribeKey', { KeyId })
      expect(KeyMetadata).toMatchObject({ Description: 'softkms bench', KeyState: 'PendingDeletion' })
    }
  })

  it('uses a key that is there, and leaves it alone', async () => {
    const { KeyMetadata } = await call('CreateKey', { KeySpec: 'HMAC_384', KeyUsage: 'GENERATE_VERIFY_MAC' })
    const { KeyId } = KeyMetadata as { readonly KeyId: string }
    const { code, stdout } = await startCommand('bench', ...BRIEF, '--endpoint-url', served.url, '--key-id', KeyId)
      .ended
    expect(code).toBe(0)
    expect(namesIn(stdout)).toEqual(['GenerateMac HMAC_384', 'VerifyMac HMAC_384'])
    expect((await call('DescribeKey', { KeyId }))['KeyMetadata']).toMatchObject({ KeyState: 'Enabled' })
  })

  it('takes its keys away when it is interrupted', async () => {
    const before = (await call('ListKeys', {})) as { readonly Keys: readonly object[] }
    const command = startCommand('bench', '--seconds', '60', '--endpoint-url', served.url)
    await command.line(/^operation /m)
    await expect.poll(async () => (await call('ListKeys', {}))['Keys']).toHaveLength(before.Keys.length + 1)
    command.process.kill('SIGINT')
    expect(await command.ended).toMatchObject({ code: 1, stderr: 'ended before its time\n' })
    const { Keys } = (await call('ListKeys', {})) as { readonly Keys: readonly { readonly KeyId: string }[] }
    for (const { KeyId } of Keys) {
      const { KeyMetadata } = (await call('DescribeKey', { KeyId })) as {
        readonly KeyMetadata: { readonly Description: string; readonly KeyState: string }
      }
      if (KeyMetadata.Description === 'softkms bench') expect(KeyMetadata.KeyState).toBe('PendingDeletion')
    }
  })

  it('says what the KMS refused', async () => {
    const { code, stderr } = await startCommand(
      'bench',
      ...BRIEF,
      '--endpoint-url',
      served.url,
      '--key-id',
      'alias/none',
    ).ended
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: NotFoundException: /)
  })

  it('does not time an answer that is wrong', async () => {
    const kms = await createKms()
    const { KeyMetadata } = await kms.createKey()
    const wrong = createServer((request, response) => {
      request.resume()
      const isDecrypt = request.headers['x-amz-target'] === 'TrentService.Decrypt'
      const answer = isDecrypt ? { Plaintext: 'AA==' } : { KeyMetadata, Plaintext: 'AQ==', CiphertextBlob: 'AQ==' }
      response.end(JSON.stringify(answer))
    })
    await new Promise<void>((resolve) => wrong.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(wrong.address() as AddressInfo).port}`
    const { code, stdout, stderr } = await startCommand('bench', ...BRIEF, '--endpoint-url', url).ended
    wrong.close()
    expect(code).toBe(1)
    expect(stderr).toBe('error: GenerateDataKey AES_256: the answer is wrong, so it is not timed\n')
    expect(namesIn(stdout)).toEqual([])
  })
})

it.each([
  [['--endpoint-url', 'http://127.0.0.1:1/path'], 'without a path'],
  [['--endpoint-url', 'http://127.0.0.1:1', '--provider', 'noble'], '--provider is for a KMS in this process'],
  [['--key-id', 'alias/a'], 'are for a KMS at an endpoint'],
  [['--region', 'eu-west-1'], 'are for a KMS at an endpoint'],
  [['--endpoint-url', 'http://127.0.0.1:1', '--key-id', 'a', '--key-spec', 'HMAC_256'], 'a key has its own spec'],
  [['--key-spec', 'SM2'], 'A key spec is one of SYMMETRIC_DEFAULT'],
  [['--provider', 'abacus'], 'Allowed choices are noble'],
  [['--seconds', '61'], 'at most 60 seconds'],
  [['--seconds', '0'], 'more than 0'],
  [['--requests', '0'], 'A number from 1 to 10000000'],
  [['--in-flight', '65'], 'A number from 1 to 64'],
])('refuses %j', async (flags, message) => {
  const { code, stdout, stderr } = await startCommand('bench', ...flags).ended
  expect(stderr).toContain(message)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
})

describe('timing', () => {
  const unlimited = { timeMs: 30, most: 1_000_000, inFlight: 1, signal: new AbortController().signal }

  it.each([1, 3, 64, 1000])('ends after %i requests', async (most) => {
    let runs = 0
    const run = async (): Promise<void> => void runs++
    await timeOperation(run, 1, { ...unlimited, timeMs: 60_000, most, inFlight: 8 })
    expect(runs).toBeLessThanOrEqual(Math.max(most, 2))
  })

  it('has as many on their way as it is told, and no more', async () => {
    let [now, most] = [0, 0]
    const run = async (): Promise<void> => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setTimeout(resolve, 1))
      now--
    }
    await timeOperation(run, 1, { ...unlimited, inFlight: 5 })
    expect(most).toBe(5)
  })

  it('passes on what a request throws', async () => {
    const run = () => Promise.reject(new RangeError('no'))
    await expect(timeOperation(run, 1, unlimited)).rejects.toThrow('no')
  })

  it('measures nothing when it is ended at once', async () => {
    const controller = new AbortController()
    controller.abort()
    expect(await timeOperation(async () => undefined, 1, { ...unlimited, signal: controller.signal })).toBeUndefined()
  })

  it('takes the middle one, or the mean of two', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 2, 3])).toBe(2.5)
  })
})
