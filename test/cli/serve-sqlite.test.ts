/** `softkms serve --store sqlite:FOLDER`: what is kept, under which root key, and what is nowhere to be read. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KMS } from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Ended, type RunningCommand, startCommand, startCommandWith } from '../support/command.ts'
import { wrapUnder } from '../support/import-material.ts'

const folder = mkdtempSync(join(tmpdir(), 'softkms-'))
const data = join(folder, 'data')
const rootKeyFile = join(folder, 'root-key')
const store = ['--store', `sqlite:${data}`] as const

beforeAll(async () => {
  expect((await startCommand('init', '--root-key-file', rootKeyFile).ended).code).toBe(0)
})
afterAll(() => rmSync(folder, { recursive: true }))

interface Served {
  readonly kms: KMS
  readonly stop: () => Promise<Ended>
}

async function serve(): Promise<Served> {
  const server = startCommand('serve', '--port', '0', ...store, '--root-key-file', rootKeyFile)
  return { kms: await connect(server), stop: () => stopped(server) }
}

async function connect(server: RunningCommand): Promise<KMS> {
  const [, endpoint = ''] = await server.line(/^AWS_ENDPOINT_URL_KMS=(.*)$/m)
  const credentials = { accessKeyId: '000000000000', secretAccessKey: 'any' }
  return new KMS({ endpoint, region: 'us-east-1', credentials })
}

async function stopped(server: RunningCommand): Promise<Ended> {
  server.process.kill('SIGTERM')
  return server.ended
}

describe('softkms init', () => {
  test('makes a root key that its owner alone can read, and never another in its place', async () => {
    const text = readFileSync(rootKeyFile, 'utf8')
    expect(Buffer.from(text, 'base64')).toHaveLength(32)
    expect(statSync(rootKeyFile).mode & 0o777).toBe(0o600)
    const again = await startCommand('init', '--root-key-file', rootKeyFile).ended
    expect(again).toMatchObject({ code: 1, stdout: '' })
    expect(again.stderr).toContain('is there already, and stays as it is')
    expect(readFileSync(rootKeyFile, 'utf8')).toBe(text)
  })
})

describe('keys in a folder', () => {
  test('are there after the server was started anew', async () => {
    const first = await serve()
    const { KeyMetadata } = await first.kms.createKey({ Description: 'kept' })
    const KeyId = KeyMetadata?.KeyId ?? ''
    const { CiphertextBlob } = await first.kms.encrypt({ KeyId, Plaintext: Buffer.from('secret') })
    expect(await first.stop()).toMatchObject({ code: 0, stderr: '' })
    const second = await serve()
    // Kept back until the first server stopped.
    expect((await second.kms.getKeyLastUsage({ KeyId })).KeyLastUsage?.Operation).toBe('Encrypt')
    expect((await second.kms.describeKey({ KeyId })).KeyMetadata).toEqual(KeyMetadata)
    const { Plaintext } = await second.kms.decrypt({ CiphertextBlob })
    expect(Buffer.from(Plaintext ?? []).toString()).toBe('secret')
    expect(await second.stop()).toMatchObject({ code: 0, stderr: '' })
  })

  test('are refused to another root key and to none, and nothing is changed', async () => {
    const before = readFileSync(join(data, 'softkms.db'))
    const other = { SOFTKMS_ROOT_KEY: randomBytes(32).toString('base64') }
    const wrong = await startCommandWith(other, 'serve', '--port', '0', ...store).ended
    expect(wrong).toMatchObject({ code: 1, stdout: '' })
    expect(wrong.stderr).toBe(`error: the root key is not the one of ${data}; nothing there was changed\n`)
    const none = await startCommandWith({ SOFTKMS_ROOT_KEY: '' }, 'serve', '--port', '0', ...store).ended
    expect(none).toMatchObject({ code: 1, stdout: '' })
    expect(none.stderr).toContain('are sealed by a root key: make one with `softkms init')
    expect(readFileSync(join(data, 'softkms.db')).equals(before)).toBe(true)
  })

  test('are copied while a server has them, and restored elsewhere', async () => {
    const first = await serve()
    const { KeyMetadata } = await first.kms.createKey({})
    const copy = join(folder, 'copy.db')
    const backup = await startCommand('backup', copy, ...store).ended
    expect(backup).toMatchObject({ code: 0, stderr: '' })
    await first.stop()
    const elsewhere = ['--store', `sqlite:${join(folder, 'elsewhere')}`]
    expect(await startCommand('restore', copy, ...elsewhere).ended).toMatchObject({ code: 0, stderr: '' })
    const server = startCommand('serve', '--port', '0', ...elsewhere, '--root-key-file', rootKeyFile)
    const kms = await connect(server)
    expect((await kms.describeKey({ KeyId: KeyMetadata?.KeyId })).KeyMetadata).toEqual(KeyMetadata)
    expect((await stopped(server)).code).toBe(0)
    expect(await startCommand('restore', copy, ...store).ended).toMatchObject({ code: 1, stdout: '' })
    expect(await startCommand('backup', copy, '--store', 'memory').ended).toMatchObject({ code: 2, stdout: '' })
  })

  test('belong to one server at a time', async () => {
    const first = await serve()
    const second = await startCommand('serve', '--port', '0', ...store, '--root-key-file', rootKeyFile).ended
    expect(second).toMatchObject({ code: 1, stdout: '', stderr: `error: another process has ${data} open\n` })
    expect((await first.stop()).code).toBe(0)
  })

  test('are nowhere in the clear, nor is the root key', async () => {
    const material = randomBytes(32)
    const server = startCommand('serve', '--port', '0', ...store, '--root-key-file', rootKeyFile)
    const kms = await connect(server)
    const { KeyMetadata } = await kms.createKey({ Origin: 'EXTERNAL' })
    const KeyId = KeyMetadata?.KeyId
    const { ImportToken, PublicKey = new Uint8Array(0) } = await kms.getParametersForImport({
      KeyId,
      WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
      WrappingKeySpec: 'RSA_2048',
    })
    const EncryptedKeyMaterial = wrapUnder('RSAES_OAEP_SHA_256', PublicKey, material)
    const ExpirationModel = 'KEY_MATERIAL_DOES_NOT_EXPIRE'
    await kms.importKeyMaterial({ KeyId, ImportToken, EncryptedKeyMaterial, ExpirationModel })
    await kms.encrypt({ KeyId, Plaintext: Buffer.from('secret') })
    await kms.scheduleKeyDeletion({ KeyId })
    const whileOpen = readAll()
    const { stdout, stderr } = await stopped(server)
    const rootKey = Buffer.from(readFileSync(rootKeyFile, 'utf8'), 'base64')
    const everything = [...whileOpen, ...readAll(), Buffer.from(stdout + stderr)]
    expect(everything.some((bytes) => bytes.includes('PendingDeletion'))).toBe(true)
    for (const secret of [material, rootKey]) {
      for (const form of [secret, secret.toString('hex'), secret.toString('base64'), secret.toString('base64url')]) {
        expect(everything.some((bytes) => bytes.includes(form))).toBe(false)
      }
    }
  })
})

describe('what is no root key', () => {
  test.each([
    ['too short', Buffer.alloc(31).toString('base64')],
    ['too long', Buffer.alloc(33).toString('base64')],
    ['no base64', 'correct horse battery staple, over and over'],
    ['hexadecimal', '00'.repeat(32)],
  ])('%s', async (_name, text) => {
    const file = join(folder, 'not-a-root-key')
    writeFileSync(file, text)
    const { code, stderr } = await startCommand('serve', '--port', '0', ...store, '--root-key-file', file).ended
    expect([code, stderr]).toEqual([1, `error: ${file}: a root key is 32 bytes in base64\n`])
  })
})

/** Every file of the folder, the journal included. */
function readAll(): Buffer[] {
  return readdirSync(data).map((file) => readFileSync(join(data, file)))
}
