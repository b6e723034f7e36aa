/** `softkms inspect`: what it takes, what it prints, and what it never prints. */
import { encodeEncryptionContext, encryptStream, generateDataKeyPair } from '@softkms/envelope'
import { createHsm, nobleProvider } from '@softkms/hsm'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKms } from 'softkms'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodePkcs8 } from '../../packages/hsm/src/encoding/pkcs8.ts'
import { type DumpOptions, formatDump } from '../../packages/cli/src/inspect/dump.ts'
import { inspectBytes } from '../../packages/cli/src/inspect/formats.ts'
import { toHex } from '../support/bits.ts'
import { createBlobKey, sealWith } from '../support/blob-key.ts'
import { NEW_KEY } from '../support/hsm-fixture.ts'
import { runCommand } from '../support/run-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'softkms-inspect-'))
const inputs: Record<string, Uint8Array> = {}

interface Told {
  readonly format: string
  readonly encoding: string
  readonly length: number
  readonly remark?: string
  readonly annotations: readonly {
    readonly offset: number
    readonly length: number
    readonly kind: string
    readonly bytes?: string
  }[]
}

beforeAll(async () => {
  const key = await createBlobKey()
  const pair = await generateDataKeyPair(key.hsm, key, 'ECC_NIST_P384')
  const signer = await key.hsm.generateKey({ ...NEW_KEY, keySpec: 'ECC_NIST_P256', keyUsage: 'SIGN_VERIFY' })
  const command = { algorithm: 'ECDSA_SHA_256', messageType: 'RAW', message: Uint8Array.of(1) } as const
  Object.assign(inputs, {
    blob: await sealWith(key, Uint8Array.of(1, 2, 3), { a: 'b' }),
    token: key.token,
    spki: pair.publicKey,
    pkcs8: pair.plaintext,
    signature: await createHsmSignature(),
    message: await encryptMessage(),
    context: encodeEncryptionContext({ a: '\u001b[2J\u202e' }),
  })
  for (const [name, bytes] of Object.entries(inputs)) writeFileSync(join(folder, name), bytes)

  async function createHsmSignature(): Promise<Uint8Array> {
    return key.hsm.sign({ token: signer.token, ...command })
  }
})

afterAll(() => rmSync(folder, { recursive: true }))

async function encryptMessage(): Promise<Uint8Array> {
  const kms = await createKms({ hsm: createHsm() })
  const { KeyMetadata } = await kms.createKey()
  async function* plaintext() {
    yield Uint8Array.of(1, 2, 3)
  }
  const options = { kms, provider: nobleProvider, keyIds: [KeyMetadata?.KeyId ?? ''] }
  const pieces: Uint8Array[] = []
  for await (const piece of encryptStream(plaintext(), options)) pieces.push(piece)
  return Uint8Array.from(Buffer.concat(pieces))
}

function bytesOf(name: string): Uint8Array {
  return inputs[name] ?? new Uint8Array(0)
}

function dump(name: string, options: Pick<DumpOptions, 'width' | 'isFull'>): string[] {
  const inspection = inspectBytes(bytesOf(name), undefined)
  if ('refusal' in inspection) throw new Error(inspection.refusal)
  return formatDump(bytesOf(name), inspection.annotations, { paint: (_style, text) => text, ...options })
}

function told(args: readonly string[], input?: Uint8Array | string): Told {
  const { code, stdout, stderr } = runCommand(['inspect', '--json', ...args], input === undefined ? {} : { input })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as Told
}

const FORMATS = ['blob', 'token', 'spki', 'pkcs8', 'signature', 'message', 'context']

describe.each(FORMATS)('a %s', (format) => {
  it('is recognized in a file and told to its last byte', () => {
    const { format: found, encoding, length, annotations } = told([join(folder, format)])
    expect({ found, length }).toEqual({ found: format, length: bytesOf(format).length })
    expect(['raw', 'hex']).toContain(encoding)
    expect(annotations.reduce((at, one) => (one.offset === at ? at + one.length : Number.NaN), 0)).toBe(length)
    const hex = annotations.map((one) => one.bytes ?? '··'.repeat(one.length)).join('')
    if (format !== 'pkcs8') expect(hex).toBe(toHex(bytesOf(format)))
  })

  it.each([60, 80, 110])('has lines that fit %i columns', (width) => {
    const lines = dump(format, { width, isFull: false })
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width)
    expect(lines[0]).toMatch(/^── authenticated by /)
  })
})

describe('the bytes may come', () => {
  it.each([
    ['as base64', () => Buffer.from(bytesOf('blob')).toString('base64'), 'base64'],
    ['as hexadecimal', () => toHex(bytesOf('blob')), 'hex'],
  ])('%s, as an argument and through a pipe', (_name, encode, encoding) => {
    const expected = { format: 'blob', encoding, length: bytesOf('blob').length }
    expect(told([encode()])).toMatchObject(expected)
    expect(told(['-'], `${encode()}\n`)).toMatchObject(expected)
  })

  it('raw through a pipe, with and without the dash', () => {
    expect(told([], bytesOf('blob'))).toMatchObject({ format: 'blob', encoding: 'raw' })
    expect(told(['-'], bytesOf('token'))).toMatchObject({ format: 'token', encoding: 'raw' })
  })

  it('as PEM', () => {
    const lines = Buffer.from(bytesOf('spki')).toString('base64').replaceAll(/.{64}/g, '$&\n')
    const pem = `-----BEGIN PUBLIC KEY-----\n${lines}\n-----END PUBLIC KEY-----\n`
    expect(told(['-'], pem)).toMatchObject({ format: 'spki', encoding: 'pem' })
  })
})

describe('a private key', () => {
  it.each([['--json'], ['--full']])('is named and never shown, with %s', (flag) => {
    const { stdout, stderr } = runCommand(['inspect', flag, join(folder, 'pkcs8')])
    const key = decodePkcs8(bytesOf('pkcs8'))
    if (key?.family !== 'ec') throw new Error('no private key')
    expect(stdout).toContain('private scalar')
    const printed = (stdout + stderr).replaceAll(/\s/g, '')
    const scalar = Buffer.from(key.scalar)
    for (let at = 0; at + 8 <= scalar.length; at += 8) {
      expect(printed).not.toContain(scalar.subarray(at, at + 8).toString('hex'))
    }
    expect(printed).not.toContain(scalar.toString('base64').slice(0, 24))
  })

  it('is not repeated by a refusal either', () => {
    const text = `${Buffer.from(bytesOf('pkcs8')).toString('base64')}!`
    const { code, stdout, stderr } = runCommand(['inspect', text])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe('error: the argument is no file that can be read, and neither base64 nor hexadecimal\n')
  })
})

it('a signature that nothing tells from other bytes is one for whoever says so', () => {
  const bytes = Buffer.alloc(256, 7).toString('hex')
  expect(told(['--as', 'signature', bytes])).toMatchObject({ format: 'signature', length: 256 })
  expect(runCommand(['inspect', bytes]).code).toBe(1)
  const { stderr } = runCommand(['inspect', '--as', 'signature', bytes.slice(2)])
  expect(stderr).toBe('error: not an ECDSA signature: not the DER of two positive numbers\n')
})

describe('not inspected', () => {
  it.each([
    [['--as', 'token', 'AQICAHg='], 'not a key token: 5 bytes are too few for a header'],
    [['AQICAHg='], 'the input, 5 bytes, is of no format known here; --as FORMAT says why not of that one'],
    [['-'], 'there are no bytes to inspect'],
    [[tmpdir()], 'the argument names something that is not a file'],
  ])('%j', (args, message) => {
    const { code, stdout, stderr } = runCommand(['inspect', ...args])
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: `error: ${message}\n` })
  })

  it('more than is looked at byte by byte', () => {
    const { code, stderr } = runCommand(['inspect'], { input: new Uint8Array(16 * 1024 * 1024 + 1) })
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'error: more than 16 MiB are not inspected\n' })
  })

  it('a format that there is not', () => {
    const { code, stderr } = runCommand(['inspect', '--as', 'jpeg', 'AA=='])
    expect(code).toBe(2)
    expect(stderr).toContain('Allowed choices are blob, token, spki, pkcs8, signature, message, context.')
  })
})

it('a message that is cut off is told as far as it goes, with a warning', () => {
  const { code, stdout, stderr } = runCommand(['inspect'], { input: bytesOf('message').slice(0, -5) })
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: 'warning: the message ends without the signature of its suite\n',
  })
  expect(stdout).toContain('unparsed')
})

it('colours where they are wanted, and the same text under them', () => {
  const plain = runCommand(['inspect', join(folder, 'blob')]).stdout
  const painted = runCommand(['inspect', join(folder, 'blob')], { env: { FORCE_COLOR: '1' } }).stdout
  expect(painted).toContain('\u001b[36m')
  // oxlint-disable-next-line no-control-regex -- the escapes are what is taken out
  expect(painted.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain)
  expect(runCommand(['inspect', join(folder, 'blob')], { env: { NO_COLOR: '1' } }).stdout).toBe(plain)
})

it('text that would move the cursor is written out', () => {
  const text = dump('context', { width: 80, isFull: false }).join('')
  expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  expect(text).toContain('\\u{202e}')
})

it('long fields are cut, and whole with --full', () => {
  const short = dump('spki', { width: 80, isFull: false }).join('\n')
  const whole = runCommand(['inspect', '--full', join(folder, 'spki')]).stdout
  expect(short).toContain('… 65 more')
  expect(whole).not.toContain('more')
  const hex = [...whole.matchAll(/^.{6} {2}((?:[0-9a-f]{2} ?){1,8})(?: |$)/gm)].map(([, row]) => row).join('')
  expect(hex.replaceAll(' ', '')).toBe(toHex(bytesOf('spki')))
})
