/** `softkms rotate-domain-key`: in a folder that nobody has open, and by a server that goes on serving. */
import { randomBytes } from 'node:crypto'
import { KMS } from '@aws-sdk/client-kms'
import { expect, test } from 'vitest'
import { type Ended, startCommandWith } from '../support/command.ts'
import { makeFolder } from '../support/sqlite-folder.ts'

const TOKEN = '0123456789abcdef0123456789abcdef'
const environment = { SOFTKMS_ROOT_KEY: randomBytes(32).toString('base64') }

const run = (...args: readonly string[]): Promise<Ended> => startCommandWith(environment, ...args).ended

test('a new domain key, online and offline', { timeout: 60_000 }, async () => {
  const store = ['--store', `sqlite:${makeFolder()}`] as const
  const server = startCommandWith(environment, 'serve', '--port', '0', ...store, '--control-token', TOKEN)
  const [, endpoint = ''] = await server.line(/^AWS_ENDPOINT_URL_KMS=(.*)$/m)
  const credentials = { accessKeyId: '000000000000', secretAccessKey: 'any' }
  const kms = new KMS({ endpoint, region: 'us-east-1', credentials })
  const blobs: (Uint8Array | undefined)[] = []
  for (let i = 0; i < 3; i++) {
    const { KeyMetadata } = await kms.createKey()
    blobs.push((await kms.encrypt({ KeyId: KeyMetadata?.KeyId, Plaintext: Buffer.from('secret') })).CiphertextBlob)
  }

  expect((await run('rotate-domain-key', ...store)).stderr).toContain('another process has')
  const online = await run('rotate-domain-key', '--endpoint-url', endpoint, '--control-token', TOKEN)
  expect(online).toEqual({
    code: 0,
    stdout: 'There is a new domain key; 3 tokens were wrapped anew.\n',
    stderr: '',
  })
  for (const CiphertextBlob of blobs) {
    expect(Buffer.from((await kms.decrypt({ CiphertextBlob })).Plaintext ?? []).toString()).toBe('secret')
  }
  server.process.kill('SIGTERM')
  expect(await server.ended).toMatchObject({ code: 0, stderr: '' })

  expect((await run('rotate-domain-key', ...store)).stdout).toBe(
    'There is a new domain key; 3 tokens were wrapped anew.\n',
  )
})

test.each([
  [['--store', 'memory'], 2, 'keys in memory have no domain key'],
  [['--endpoint-url', 'http://127.0.0.1:1'], 2, 'a control token is needed'],
  [['--endpoint-url', 'http://127.0.0.1:1', '--control-token', TOKEN], 1, 'no answer from'],
])('rotate-domain-key %j ends with %i', async (flags, code, message) => {
  const ended = await run('rotate-domain-key', ...flags)
  expect([ended.code, ended.stdout]).toEqual([code, ''])
  expect(ended.stderr).toContain(message)
})
