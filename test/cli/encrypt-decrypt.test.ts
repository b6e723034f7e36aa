/** `softkms encrypt` and `softkms decrypt`, as processes: files in, files out, and what the shell learns. */
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FileCommands, createFileCommands } from '../support/file-commands.ts'
import { decryptBytes, encryptBytes } from '../support/message-kms.ts'

let commands: FileCommands
let first: string
let second: string
let file: string
const plaintext = randomBytes(200_000)

beforeAll(async () => {
  commands = await createFileCommands()
  ;[first, second] = commands.keys
  file = commands.pathOf('file')
  await writeFile(file, plaintext)
})
afterAll(() => commands.stop())

async function expectFailure(args: readonly string[], message: string, code = 1): Promise<void> {
  const before = await readdir(commands.folder)
  const ended = await commands.run(...args)
  expect(ended.stderr).toContain(message)
  expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: '' })
  expect(await readdir(commands.folder)).toEqual(before)
}

describe('a file', () => {
  it('is encrypted beside itself, and comes back where it was told to', async () => {
    expect(await commands.run('encrypt', file, '--key-id', first)).toEqual({
      code: 0,
      stdout: '',
      stderr: `encrypted 195 KiB into ${file}.encrypted\n`,
    })
    const back = commands.pathOf('back')
    const decrypted = await commands.run('decrypt', `${file}.encrypted`, '--output', back)
    expect(decrypted).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining(`into ${back}\n`) as string,
    })
    expect((await readFile(back)).equals(plaintext)).toBe(true)
    expect((await stat(back)).mode & 0o777).toBe(0o600)
  })

  it('goes under several keys, with a context, and opens with each of them', async () => {
    const sealed = commands.pathOf('several')
    const flags = ['--context', 'tenant=a', '--context', 'equation=a=b', '--frame-length', '1000']
    await commands.run('encrypt', file, '--key-id', first, '--key-id', second, ...flags, '-o', sealed)
    const message = await readFile(sealed)
    for (const key of [first, second]) {
      const context = { tenant: 'a', equation: 'a=b' }
      expect(Buffer.compare(await decryptBytes(commands.kms, message, { keyArns: [key], context }), plaintext)).toBe(0)
      const args = ['--key-id', key, '--context', 'tenant=a', '-o', commands.pathOf('several-back'), '--force']
      expect(await commands.run('decrypt', sealed, ...args)).toMatchObject({ code: 0 })
    }
    await expectFailure(
      ['decrypt', sealed, '--context', 'tenant=b', '-o', commands.pathOf('none')],
      'lacks what was asked for',
    )
    const foreign = `${first.slice(0, -12)}000000000000`
    await expectFailure(
      ['decrypt', sealed, '--key-id', foreign, '-o', commands.pathOf('none')],
      'None of the encrypted data keys',
    )
  })

  it('may go unsigned', async () => {
    const [signed, unsigned] = [commands.pathOf('signed'), commands.pathOf('unsigned')]
    await commands.run('encrypt', file, '--key-id', first, '-o', signed)
    await commands.run('encrypt', file, '--key-id', first, '-o', unsigned, '--no-sign')
    expect([...(await readFile(signed)).subarray(0, 3)]).toEqual([2, 5, 0x78])
    expect([...(await readFile(unsigned)).subarray(0, 3)]).toEqual([2, 4, 0x78])
  })

  it('goes through pipes', async () => {
    const sealed = commands.pathOf('piped')
    const encrypting = commands.start({ hasInput: true }, 'encrypt', '-', '--key-id', first, '-o', sealed)
    encrypting.process.stdin?.end('text from a pipe')
    expect(await encrypting.ended).toMatchObject({ code: 0 })
    expect(await commands.run('decrypt', sealed, '-o', '-')).toEqual({
      code: 0,
      stdout: 'text from a pipe',
      stderr: '',
    })
  })

  it('that is empty comes back empty', async () => {
    const empty = commands.pathOf('empty')
    await writeFile(empty, '')
    await commands.run('encrypt', empty, '--key-id', first)
    expect(await commands.run('decrypt', `${empty}.encrypted`, '--force')).toMatchObject({ code: 0 })
    expect((await stat(empty)).size).toBe(0)
  })
})

describe('what is there already', () => {
  it('is neither replaced without being told so, nor when the message is damaged', async () => {
    const [sealed, kept] = [commands.pathOf('whole'), commands.pathOf('kept')]
    const message = Buffer.from(await encryptBytes(commands.kms, [first], plaintext))
    await writeFile(sealed, message)
    await writeFile(kept, 'kept')
    await expectFailure(['decrypt', sealed, '-o', kept], `${kept} exists already`)
    await writeFile(commands.pathOf('cut'), message.subarray(0, -1))
    await expectFailure(
      ['decrypt', commands.pathOf('cut'), '-o', kept, '--force'],
      'The message is damaged or incomplete.',
    )
    expect(await readFile(kept, 'utf8')).toBe('kept')
    expect(await commands.run('decrypt', sealed, '-o', kept, '--force')).toMatchObject({ code: 0 })
    expect((await readFile(kept)).equals(plaintext)).toBe(true)
  })

  it('and no regular file is not replaced at all', async () => {
    const folder = commands.pathOf('folder')
    await mkdir(folder)
    await expectFailure(['encrypt', file, '--key-id', first, '-o', folder, '--force'], 'is not a regular file')
  })
})

describe('what cannot be done', () => {
  it('a file that is not there, a folder that is not there, a folder that is none', async () => {
    await expectFailure(['encrypt', commands.pathOf('nothing'), '--key-id', first], 'no such file or directory')
    await expectFailure(['encrypt', file, '--key-id', first, '-o', commands.pathOf('a/b')], 'no such file or directory')
    await expectFailure(['encrypt', commands.folder, '--key-id', first], 'illegal operation on a directory')
  })

  it.skipIf(process.getuid?.() === 0)('a folder that may not be written to', async () => {
    const folder = commands.pathOf('read-only')
    await mkdir(folder)
    await chmod(folder, 0o500)
    await expectFailure(['encrypt', file, '--key-id', first, '-o', `${folder}/file`], 'permission denied')
  })

  it('a key that KMS does not have', async () => {
    const missing = `${first.slice(0, -12)}000000000000`
    await expectFailure(
      ['encrypt', file, '--key-id', missing, '-o', commands.pathOf('none')],
      `NotFoundException: Key '${missing}'`,
    )
  })

  it('a KMS that is not there, or is none', async () => {
    const server = createServer((_request, response) => response.end('<html>'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const args = ['encrypt', file, '--key-id', first, '-o', commands.pathOf('none'), '--endpoint-url', url]
    await expectFailure(args, `${url} answered with status 200, and not as a KMS does`)
    await new Promise((resolve) => server.close(resolve))
    await expectFailure(args, `cannot reach ${url}: connect ECONNREFUSED`)
  })

  it('what is not a message', async () => {
    await expectFailure(['decrypt', file, '-o', commands.pathOf('none')], 'not a framed message of format version 2')
  })

  it('a context with a name that is the format’s own', async () => {
    const args = ['encrypt', file, '--key-id', first, '-o', commands.pathOf('none'), '--context', 'aws-crypto-a=b']
    await expectFailure(args, 'must not begin with aws-crypto-')
  })
})

describe('not understood', () => {
  it.each([
    [['encrypt', 'file'], "required option '--key-id <id>' not specified"],
    [['encrypt', '--key-id', 'a'], "missing required argument 'file'"],
    [['encrypt', 'file', '--key-id', 'a', '--context', 'tenant'], 'is written key=value'],
    [['encrypt', 'file', '--key-id', 'a', '--context', '=a'], 'is written key=value'],
    [['encrypt', 'file', '--key-id', 'a', '--context', 'a=1', '--context', 'a=2'], 'comes once'],
    [['encrypt', 'file', '--key-id', 'a', '--frame-length', '0'], 'A frame has 1 to 16777216 bytes.'],
    [['encrypt', 'file', '--key-id', 'a', '--frame-length', '16777217'], 'A frame has 1 to 16777216 bytes.'],
    [['encrypt', 'file', '--key-id', 'a', '--endpoint-url', 'ftp://kms'], 'An endpoint is an http or https URL'],
    [['encrypt', 'file', '--key-id', 'a', '--endpoint-url', 'http://kms/path'], 'An endpoint is an http or https URL'],
    [['encrypt', 'file', '--key-id', 'a', '--region', 'EU'], 'A Region has a name such as us-east-1.'],
    [['decrypt', 'file', '--key-id', 'alias/name'], 'Messages name their keys by ARN'],
    [['decrypt', 'file', 'more'], 'too many arguments'],
  ])('%j', async (args, message) => {
    await expectFailure(args, message, 2)
  })

  it('an environment that cannot be right', async () => {
    const env = { AWS_ENDPOINT_URL_KMS: 'kms' }
    expect(await commands.start({ env }, 'encrypt', file, '--key-id', first).ended).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('AWS_ENDPOINT_URL_KMS or AWS_ENDPOINT_URL is no http or https URL') as string,
    })
  })
})
