/** Root keys: made, sealed by a passphrase or another KMS, and opened by whoever may; and `softkms start`, which makes one. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KMS } from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { configFolder } from '../../packages/cli/src/root-key/config-folder.ts'
import { type Ended, startCommandWith } from '../support/command.ts'
import { type ServedKms, serveKms } from '../support/served-kms.ts'

const folder = mkdtempSync(join(tmpdir(), 'softkms-'))
const at = (name: string): string => join(folder, name)
let kms: ServedKms
let environment: Readonly<Record<string, string>>
let keyId: string

/** Another KMS, which knows nothing of root keys. */
beforeAll(async () => {
  kms = await serveKms()
  const credentials = { accessKeyId: '000000000000', secretAccessKey: 'any' }
  const client = new KMS({ endpoint: kms.url, region: 'us-east-1', credentials })
  keyId = (await client.createKey({})).KeyMetadata?.Arn ?? ''
  environment = {
    AWS_ENDPOINT_URL_KMS: kms.url,
    AWS_ACCESS_KEY_ID: '000000000000',
    AWS_SECRET_ACCESS_KEY: 'any',
    XDG_CONFIG_HOME: at('config'),
  }
})
afterAll(async () => {
  await kms.stop()
  rmSync(folder, { recursive: true })
})

const run = (...args: readonly string[]): Promise<Ended> => startCommandWith(environment, ...args).ended

function passphraseFile(name: string, text: string): string {
  writeFileSync(at(name), text)
  return at(name)
}

const isServing = async (...args: readonly string[]): Promise<Ended> => {
  const server = startCommandWith(environment, 'serve', '--port', '0', ...args)
  await Promise.race([server.line(/Ctrl-C/), server.ended])
  server.process.kill('SIGTERM')
  return server.ended
}

describe('sealed and unsealed', () => {
  const file = at('sealed-key')
  const data = ['--store', `sqlite:${at('data')}`, '--root-key-file', file] as const
  let plain = ''

  beforeAll(async () => {
    await run('init', '--root-key-file', file)
    plain = readFileSync(file, 'utf8')
    expect(await isServing(...data)).toMatchObject({ code: 0, stderr: '' })
  })

  test.each([
    [
      'by a passphrase',
      () => ['--passphrase-file', passphraseFile('words', 'correct horse battery staple\nsecond line\n')],
    ],
    ['by a key of another KMS', () => ['--kms-key-id', keyId]],
  ])('%s, it opens the same store, and is not in the file', { timeout: 60_000 }, async (_how, flags) => {
    const [flag = '', value = ''] = flags()
    const sealed = await run('seal', '--root-key-file', file, flag, value)
    expect(sealed).toMatchObject({ code: 0, stderr: '' })
    const text = readFileSync(file, 'utf8')
    expect(text).not.toContain(plain.trim())
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect((await run('seal', '--root-key-file', file, flag, value)).stderr).toContain('is sealed already')

    const opening = flag === '--passphrase-file' ? [flag, value] : []
    expect(await isServing(...data, ...opening)).toMatchObject({ code: 0, stderr: '' })
    expect(await run('unseal', '--root-key-file', file, ...opening)).toMatchObject({ code: 0, stderr: '' })
    expect(readFileSync(file, 'utf8')).toBe(plain)
    expect(readdirSync(folder).filter((name) => name.startsWith('sealed-key'))).toEqual(['sealed-key'])
  })

  test(
    'a wrong passphrase, none, or a file that was changed opens nothing, and changes nothing',
    { timeout: 60_000 },
    async () => {
      const right = passphraseFile('right', 'right')
      await run('seal', '--root-key-file', file, '--passphrase-file', right)
      const sealed = readFileSync(file, 'utf8')
      const database = readFileSync(join(at('data'), 'softkms.db'))
      const wrong = passphraseFile('wrong', 'Right')
      expect(await isServing(...data, '--passphrase-file', wrong)).toMatchObject({
        code: 1,
        stdout: '',
        stderr: `error: the passphrase is not the one of ${file}, or the file is damaged\n`,
      })
      expect((await isServing(...data)).stderr).toContain('is sealed by a passphrase: name it by')
      for (const [from, to] of [
        ['"cost": 131072', '"cost": 65536'],
        ['"blockSize": 8', '"blockSize": 9'],
        ['"cost": 131072', '"cost": 1073741824'],
        ['"cost": 131072', '"cost": 3'],
        ['"softkmsRootKey": 1', '"softkmsRootKey": 2'],
      ] as const) {
        expect(sealed).toContain(from)
        writeFileSync(file, sealed.replace(from, to))
        const { code, stderr } = await run('unseal', '--root-key-file', file, '--passphrase-file', right)
        expect([code, stderr.split('\n').length]).toEqual([1, 2])
      }
      writeFileSync(file, sealed)
      expect(readFileSync(join(at('data'), 'softkms.db')).equals(database)).toBe(true)
      await run('unseal', '--root-key-file', file, '--passphrase-file', right)
    },
  )

  test('a KMS that refuses, or is not there, is told as it is', async () => {
    await run('seal', '--root-key-file', file, '--kms-key-id', keyId)
    const sealed = readFileSync(file, 'utf8')
    writeFileSync(file, sealed.replace(keyId, keyId.replace(/[0-9a-f]{12}$/, '000000000000')))
    expect((await run('unseal', '--root-key-file', file)).stderr).toContain('NotFoundException')
    writeFileSync(file, sealed)
    const nobody = startCommandWith({ ...environment, AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:1' }, 'serve', ...data)
    const { code, stdout, stderr } = await nobody.ended
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('cannot reach')
    await run('unseal', '--root-key-file', file)
    expect((await run('seal', '--root-key-file', file)).stderr).toContain('say by what')
  })

  test('a root key can be made sealed, and was never in the file', { timeout: 30_000 }, async () => {
    const words = passphraseFile('at-once', 'at once')
    const made = await run('init', '--root-key-file', at('born-sealed'), '--passphrase-file', words)
    expect(made.stdout).toContain('sealed by a passphrase')
    expect(readFileSync(at('born-sealed'), 'utf8')).toContain('"sealedBy": "passphrase"')
  })
})

describe('softkms start', () => {
  const start = async (...args: readonly string[]): Promise<Ended> => {
    const server = startCommandWith(environment, 'start', '--port', '0', ...args)
    await Promise.race([server.line(/Ctrl-C/), server.ended])
    server.process.kill('SIGTERM')
    return server.ended
  }
  const file = at('config/softkms/root-key')
  const store = ['--store', `sqlite:${at('start-data')}`] as const

  test('makes a root key in the configuration folder and says so, and finds it again', async () => {
    const first = await start(...store)
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toContain(`A root key was made for you in ${file}.`)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(file, '..')).mode & 0o777).toBe(0o700)
    const text = readFileSync(file, 'utf8')
    const second = await start(...store)
    expect(second.stdout).toContain(`Your root key is in ${file}.`)
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  test('makes no other one for keys whose root key is gone', async () => {
    rmSync(file)
    const { code, stdout, stderr } = await start(...store)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(`there is none in ${file}`)
    expect(existsSync(file)).toBe(false)
  })

  test('needs none for keys in memory', async () => {
    expect((await start('--store', 'memory')).stdout).toContain('memory only')
    expect(existsSync(file)).toBe(false)
  })

  test.each([
    [{ XDG_CONFIG_HOME: '/somewhere' }, 'linux', '/somewhere/softkms'],
    [{ XDG_CONFIG_HOME: 'relative', HOME: '/nowhere' }, 'linux', /\.config\/softkms$/],
    [{ APPDATA: '/roaming' }, 'win32', '/roaming/softkms'],
  ])('the configuration folder of %j on %s is %s', (variables, platform, expected) => {
    expect(configFolder(variables, platform)).toEqual(
      typeof expected === 'string' ? expected : expect.stringMatching(expected),
    )
  })
})
