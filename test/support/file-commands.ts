/** `softkms encrypt` and `decrypt` in a folder of their own, against a `softkms serve` with two keys. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KMS } from '@aws-sdk/client-kms'
import { type CommandOptions, type Ended, type RunningCommand, startCommandAs } from './command.ts'
import { serveKms } from './served-kms.ts'

const ACCOUNT = '111122223333'
const REGION = 'eu-west-1'

export interface FileCommands {
  readonly url: string
  readonly kms: KMS
  /** ARNs. */
  readonly keys: readonly [string, string]
  readonly folder: string
  readonly pathOf: (name: string) => string
  readonly start: (options: CommandOptions, ...args: readonly string[]) => RunningCommand
  readonly run: (...args: readonly string[]) => Promise<Ended>
  readonly stop: () => Promise<void>
}

export async function createFileCommands(): Promise<FileCommands> {
  const server = await serveKms()
  const folder = await mkdtemp(join(tmpdir(), 'softkms-files-'))
  const kms = new KMS({
    endpoint: server.url,
    region: REGION,
    credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'any' },
  })
  const createKey = async (): Promise<string> => (await kms.createKey({})).KeyMetadata?.Arn ?? ''
  const env = {
    PATH: process.env['PATH'],
    AWS_ENDPOINT_URL_KMS: server.url,
    AWS_ACCESS_KEY_ID: ACCOUNT,
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_REGION: REGION,
  }
  const start: FileCommands['start'] = (options, ...args) =>
    startCommandAs({ ...options, env: { ...env, ...options.env } }, ...args)
  return {
    url: server.url,
    kms,
    keys: [await createKey(), await createKey()],
    folder,
    pathOf: (name) => join(folder, name),
    start,
    run: (...args) => start({}, ...args).ended,
    async stop() {
      kms.destroy()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
