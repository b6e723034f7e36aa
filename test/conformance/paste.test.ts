/** The AWS CLI line that `softkms serve` prints, pasted into a shell that knows nothing of AWS. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { KMS } from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findPythonClients } from '../support/python-clients.ts'
import { type ServedKms, serveKms } from '../support/served-kms.ts'

const ACCOUNT = '210987654321'
const REGION = 'eu-central-1'
const { path, summary } = await findPythonClients()

describe.skipIf(path === undefined)(`the printed line, pasted (${summary})`, () => {
  let server: ServedKms
  let home: string

  beforeAll(async () => {
    server = await serveKms('--account', ACCOUNT, '--region', REGION)
    home = await mkdtemp(join(tmpdir(), 'softkms-paste-'))
  })
  afterAll(async () => {
    await server.stop()
    await rm(home, { recursive: true, force: true })
  })

  it('creates a key in the account and Region that the server was started with', async () => {
    const [line] = /^AWS_ACCESS_KEY_ID=.* aws kms .*$/m.exec(server.stdout()) ?? ['']
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', line], {
      env: { PATH: path, HOME: home },
      cwd: home,
      timeout: 30_000,
    })
    expect(stderr).toBe('')
    const { KeyMetadata } = JSON.parse(stdout) as { KeyMetadata: { Arn: string; KeyId: string; KeyState: string } }
    expect(KeyMetadata.KeyState).toBe('Enabled')
    expect(KeyMetadata.Arn).toBe(`arn:aws:kms:${REGION}:${ACCOUNT}:key/${KeyMetadata.KeyId}`)

    const credentials = { accessKeyId: ACCOUNT, secretAccessKey: 'any' }
    const kms = new KMS({ endpoint: server.url, region: REGION, credentials })
    expect((await kms.listKeys({})).Keys).toEqual([{ KeyId: KeyMetadata.KeyId, KeyArn: KeyMetadata.Arn }])
    kms.destroy()
  })
})
