/**
 * Bad input over HTTP to a served KMS: AWS's error, nothing changed, and the server still answers, after each.
 *
 * @covers wire §2, §3, §4
 */
import { OPERATIONS, operationShapes } from '@softkms/kms'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { eachBitFlipped } from '../support/bits.ts'
import { KEY_OPERATIONS, titleOf } from '../support/key-operations.ts'
import { exchangeRaw, formatRequest } from '../support/raw-http.ts'
import { type ServedKms, serveKms } from '../support/served-kms.ts'
import { type Answer, WireClient, formatBody } from './wire-client.ts'

const ACCOUNT = '000000000000'
const REGION = 'us-east-1'
const ABSENT_ID = '01234567-89ab-cdef-0123-456789abcdef'
const ABSENT_ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:key/${ABSENT_ID}`
const PLAINTEXT = new Uint8Array(32).fill(9)
const CONTEXT = { tenant: 'a' }
const BODY_LIMIT = 1_048_576

let server: ServedKms
let client: WireClient
let keyId: string
let otherKeyId: string
let blob: Uint8Array<ArrayBuffer>
let untouched: unknown

beforeAll(async () => {
  server = await serveKms()
  client = new WireClient(server.url)
  keyId = await createKey()
  otherKeyId = await createKey()
  await client.call('RotateKeyOnDemand', { KeyId: keyId })
  await client.call('TagResource', { KeyId: keyId, Tags: [{ TagKey: 'team', TagValue: 'a' }] })
  await client.send({ operation: 'CreateAlias', body: formatBody({ AliasName: 'alias/kept', TargetKeyId: keyId }) })
  const sealed = await client.call('Encrypt', { KeyId: keyId, Plaintext: PLAINTEXT, EncryptionContext: CONTEXT })
  blob = Uint8Array.from(Buffer.from(String(sealed['CiphertextBlob']), 'base64'))
  untouched = await client.readState()
})
afterAll(() => server.stop())

afterEach(async () => {
  expect(await client.readState()).toEqual(untouched)
  const opened = await client.call('Decrypt', { CiphertextBlob: blob, EncryptionContext: CONTEXT })
  expect(opened['Plaintext']).toBe(Buffer.from(PLAINTEXT).toString('base64'))
})

async function createKey(): Promise<string> {
  const { KeyMetadata } = await client.call('CreateKey', {})
  return (KeyMetadata as { readonly KeyId: string }).KeyId
}

/** The one form of every refusal. @param message absent where AWS sends none */
function refusal(name: string, message?: string, status = 400): Answer {
  return { status, json: message === undefined ? { __type: name } : { __type: name, message } }
}

describe('a body that is no request', () => {
  it.each([
    ['nothing', ''],
    ['an unfinished object', '{"KeyId":'],
    ['a trailing comma', '{"KeyId":"a",}'],
    ['a second value', '{}{}'],
    ['null', 'null'],
    ['a string', '"text"'],
    ['a byte order mark', '\u{feff}{}'],
    ['bytes that are not UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d)],
    ['brackets a hundred thousand deep', '['.repeat(100_000)],
  ])('%s', async (_what, body) => {
    for (const operation of ['CreateKey', 'DisableKey']) {
      expect(await client.send({ operation, body })).toEqual(refusal('SerializationException'))
    }
  })

  it('a list', async () => {
    const expected = refusal('SerializationException', 'Start of list found where not expected')
    expect(await client.send({ operation: 'CreateKey', body: '[]' })).toEqual(expected)
  })
})

describe('a wrong target', () => {
  it.each(['TrentService.Nothing', 'TrentService', 'TrentService.', 'Trent.CreateKey', 'TrentService.createKey'])(
    '%s',
    async (target) => {
      const answer = await client.send({ headers: { 'X-Amz-Target': target } })
      expect(answer).toEqual(refusal('UnknownOperationException'))
    },
  )

  it.each(['__proto__', 'constructor', 'toString', 'CreateKey,TrentService.CreateKey'])(
    'TrentService.%s',
    async (operation) => {
      expect(await client.send({ operation })).toEqual(refusal('UnknownOperationException'))
    },
  )

  it('none at all, and two', async () => {
    for (const target of [undefined, ['TrentService.CreateKey', 'TrentService.DisableKey']]) {
      const answer = await exchangeRaw(server.port, formatRequest({ headers: { 'X-Amz-Target': target } }))
      expect(answer).toMatchObject({ status: 400, body: '{"__type":"UnknownOperationException"}' })
    }
  })
})

interface MemberCase {
  readonly title: string
  readonly operation: string
  readonly member: string
}

const MEMBERS = Object.keys(OPERATIONS).flatMap((operation) =>
  Object.entries(operationShapes[operation as keyof typeof OPERATIONS].input.members).map(([member, rule]) => {
    return { title: `${operation}.${member}`, operation, member, ...rule }
  }),
)

describe('a missing member', () => {
  const required: readonly MemberCase[] = MEMBERS.filter((member) => member.required === true)

  it('is looked for in at least thirty places', () => expect(required.length).toBeGreaterThan(30))

  it.each(required)('$title', async ({ operation, member }) => {
    const { status, json } = await client.send({ operation, body: '{}' })
    const { __type, message } = json as { readonly __type: string; readonly message: string }
    expect({ status, __type }).toEqual({ status: 400, __type: 'ValidationException' })
    const path = `${member.charAt(0).toLowerCase()}${member.slice(1)}`
    expect(message).toMatch(/^[1-9] validation errors? detected: /)
    // A value that must not be repeated is not repeated when it is null either.
    expect(message.replaceAll('Value null at', 'Value at')).toContain(
      `Value at '${path}' failed to satisfy constraint: Member must not be null`,
    )
  })
})

describe('a member of a wrong type', () => {
  const WRONG = {
    string: [1, 'NUMBER_VALUE can not be converted to a String'],
    blob: [true, 'TRUE_VALUE can not be converted to a Blob'],
    integer: ['1', 'STRING_VALUE can not be converted to an Integer'],
    boolean: ['true', 'STRING_VALUE can not be converted to an Boolean'],
    timestamp: ['now', 'STRING_VALUE can not be converted to milliseconds since epoch'],
    list: ['a', 'Expected list or null'],
    map: ['a', 'Expected map or null'],
    structure: ['a', 'Expected null'],
  } as const

  it.each(MEMBERS)('$title', async ({ operation, member, shape }) => {
    const [value, message] = WRONG[shape.type]
    const answer = await client.send({ operation, body: JSON.stringify({ [member]: value }) })
    expect(answer).toEqual(refusal('SerializationException', message))
  })
})

describe('text that UTF-8 cannot write', () => {
  it.each([
    ['a description', 'CreateKey', '{"Description":"\\ud800"}', 'description', 'a String'],
    [
      'a name in an encryption context',
      'Encrypt',
      context('{"\\udc00":"a"}'),
      'encryptionContext',
      'a Map of String to String',
    ],
    [
      'a value in an encryption context',
      'Encrypt',
      context('{"a":"\\ud83d"}'),
      'encryptionContext',
      'a Map of String to String',
    ],
  ])('as %s', async (_what, operation, body, path, type) => {
    const message = `Value at '${path}' can not be converted to ${type}`
    expect(await client.send({ operation, body })).toEqual(refusal('SerializationException', message))
  })
})

/** JSON of an Encrypt, with the JSON of its encryption context as it is. */
function context(json: string): string {
  return `{"KeyId":"alias/kept","Plaintext":"AAAA","EncryptionContext":${json}}`
}

describe('a blob that is too long, or empty', () => {
  it.each([
    ['Encrypt', 'Plaintext', 4096],
    ['Decrypt', 'CiphertextBlob', 6144],
    ['ReEncrypt', 'CiphertextBlob', 6144],
  ])('%s.%s', async (operation, member, most) => {
    const path = `${member.charAt(0).toLowerCase()}${member.slice(1)}`
    for (const [length, rule] of [
      [most + 1, `less than or equal to ${most}`],
      [700_000, `less than or equal to ${most}`],
      [0, 'greater than or equal to 1'],
    ] as const) {
      const input = { KeyId: keyId, DestinationKeyId: keyId, [member]: new Uint8Array(length) }
      const message = `1 validation error detected: Value at '${path}' failed to satisfy constraint: Member must have length ${rule}`
      expect(await client.send({ operation, body: formatBody(input) })).toEqual(refusal('ValidationException', message))
    }
  })
})

describe('a body over 1 MiB', () => {
  const tooLarge = refusal('RequestEntityTooLargeException', `HTTP content length exceeded ${BODY_LIMIT} bytes.`, 413)
  const createBody = (length: number): string => '{"Description":"'.padEnd(length - 2, 'a') + '"}'

  it('is refused, and one of 1 MiB is looked at', async () => {
    const description = await client.send({ operation: 'CreateKey', body: createBody(BODY_LIMIT) })
    expect(description).toMatchObject({ status: 400, json: { __type: 'ValidationException' } })
    expect(await client.send({ operation: 'CreateKey', body: createBody(BODY_LIMIT + 1) })).toEqual(tooLarge)
    expect(await client.send({ operation: 'CreateKey', body: createBody(4 * BODY_LIMIT) })).toEqual(tooLarge)
  })

  it('is refused when its length is not announced', async () => {
    const body = createBody(BODY_LIMIT + 1)
    const headers = { 'X-Amz-Target': 'TrentService.CreateKey', 'Transfer-Encoding': 'chunked' }
    const chunk = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
    const answer = await exchangeRaw(server.port, formatRequest({ headers, body: chunk }))
    expect(answer).toMatchObject({ status: 413, body: JSON.stringify(tooLarge.json) })
  })
})

describe('invalid base64', () => {
  const FOREIGN = 'STRING_VALUE can not be converted to a Blob: Invalid Base64 character'
  const lengthOf = (length: number): string =>
    'STRING_VALUE can not be converted to a Blob: ' +
    `Base64 encoded length is expected a multiple of 4 bytes but found: ${length}`

  it.each([
    ['no padding', 'AAA', lengthOf(3)],
    ['five characters', 'AAAAA', lengthOf(5)],
    ['the URL alphabet', 'AA-_', FOREIGN],
    ['a line break', 'AAA\n', FOREIGN],
    ['padding in the middle', 'AA==AAAA', FOREIGN],
    ['only padding', '====', FOREIGN],
    ['letters of other scripts', 'Ключ', FOREIGN],
  ])('%s', async (_what, text, message) => {
    for (const [operation, member] of [
      ['Encrypt', 'Plaintext'],
      ['Decrypt', 'CiphertextBlob'],
    ] as const) {
      const answer = await client.send({ operation, body: JSON.stringify({ KeyId: keyId, [member]: text }) })
      expect(answer).toEqual(refusal('SerializationException', message))
    }
  })
})

function aliasRefusal(name: string, forms: 'any' | 'key-only'): Answer {
  if (forms === 'any') {
    return refusal('NotFoundException', `Alias arn:aws:kms:${REGION}:${ACCOUNT}:alias/absent is not found.`)
  }
  return name === 'CreateAlias' || name === 'UpdateAlias'
    ? refusal('ValidationException', 'Aliases must refer to keys. Not aliases')
    : refusal('InvalidArnException', 'Key Aliases are not supported for this operation.')
}

describe('an unknown key', () => {
  const titled = KEY_OPERATIONS.map((operation) => ({ ...operation, title: titleOf(operation) }))

  it.each(titled)('$title', async ({ name, input, forms }) => {
    const surroundings = {
      blob,
      otherKeyId,
      freeAlias: 'alias/free',
      otherAlias: 'alias/kept',
      grantId: '0'.repeat(64),
    }
    const answerFor = (identifier: string): Promise<Answer> =>
      client.send({ operation: name, body: formatBody(input(identifier, surroundings)) })
    const missing = refusal('NotFoundException', `Key '${ABSENT_ARN}' does not exist`)
    expect(await answerFor(ABSENT_ID)).toEqual(missing)
    expect(await answerFor(ABSENT_ARN)).toEqual(missing)
    expect(await answerFor('no-uuid')).toEqual(refusal('NotFoundException', "Invalid keyId 'no-uuid'"))
    const elsewhere = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/${keyId}`
    expect(await answerFor(elsewhere)).toEqual(refusal('NotFoundException', 'Invalid arn eu-west-1'))
    expect(await answerFor('alias/absent')).toEqual(aliasRefusal(name, forms))
  })
})

describe('a damaged blob', () => {
  const damaged = refusal('InvalidCiphertextException')

  async function expectRefused(damage: Uint8Array, named: object = {}): Promise<void> {
    const opening = { CiphertextBlob: damage, EncryptionContext: CONTEXT, ...named }
    expect(await client.send({ operation: 'Decrypt', body: formatBody(opening) })).toEqual(damaged)
    const moving = { CiphertextBlob: damage, SourceEncryptionContext: CONTEXT, DestinationKeyId: otherKeyId }
    expect(await client.send({ operation: 'ReEncrypt', body: formatBody(moving) })).toEqual(damaged)
  }

  it('with one bit flipped, in 64 places and in every byte of the head', async () => {
    const flipped = eachBitFlipped(blob)
    const step = flipped.length / 64
    const places = Array.from({ length: 64 }, (_, i) => Math.floor(i * step) + (i % 8))
    const head = Array.from({ length: 64 }, (_, i) => 8 * i + ((3 * i) % 8))
    for (const place of new Set([...places, ...head])) {
      const damage = flipped[place]
      if (damage === undefined) throw new Error(`there is no bit ${place}`)
      await expectRefused(damage, place % 2 === 0 ? {} : { KeyId: keyId })
    }
  })

  it('cut off at any place', async () => {
    expect(blob).toHaveLength(184)
    for (let length = 1; length < blob.length; length++) await expectRefused(blob.slice(0, length))
  })

  it('with a byte more at either end', async () => {
    await expectRefused(Uint8Array.of(...blob, 0))
    await expectRefused(Uint8Array.of(0, ...blob))
  })

  it('is not told from a good one with another context', async () => {
    for (const EncryptionContext of [{}, { tenant: 'b' }, { Tenant: 'a' }, { ...CONTEXT, more: '' }]) {
      const body = formatBody({ CiphertextBlob: blob, EncryptionContext })
      expect(await client.send({ operation: 'Decrypt', body })).toEqual(damaged)
    }
  })
})
