/** Secrets do not stay in memory longer than a command, and are in no error, status or printed object. */
import { type Entropy, type Hsm, type Provider, createHsm, nobleProvider, systemEntropy } from '@softkms/hsm'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createKnownKey } from '../../tools/blob-vectors/known-key.ts'
import { flipBit, toHex } from '../support/bits.ts'
import { COMMANDS, expectHsmError, headerOf, layout, NEW_KEY, open, openCommand, seal } from '../support/hsm-fixture.ts'

const PLAINTEXT = new TextEncoder().encode('attack at dawn!!')
const ADDITIONAL_DATA = new TextEncoder().encode('wherever it is')

/** An HSM together with every buffer that its entropy and its provider have seen: the buffers, not copies of them. */
function watch(): {
  readonly hsm: Hsm
  readonly drawn: Uint8Array[]
  readonly keys: Uint8Array[]
  readonly plaintexts: Uint8Array[]
  readonly forget: () => void
} {
  const drawn: Uint8Array[] = []
  const keys: Uint8Array[] = []
  const plaintexts: Uint8Array[] = []
  const entropy: Entropy = {
    fill(bytes) {
      systemEntropy.fill(bytes)
      drawn.push(bytes)
    },
  }
  const provider: Provider = {
    ...nobleProvider,
    name: 'noble, watched',
    sealAesGcm(key, nonce, additionalData, plaintext) {
      keys.push(key)
      plaintexts.push(plaintext)
      return nobleProvider.sealAesGcm(key, nonce, additionalData, plaintext)
    },
    openAesGcm(key, nonce, additionalData, sealed) {
      const plaintext = nobleProvider.openAesGcm(key, nonce, additionalData, sealed)
      keys.push(key)
      if (plaintext !== undefined) plaintexts.push(plaintext)
      return plaintext
    },
    createHmac(hash, key) {
      keys.push(key)
      return nobleProvider.createHmac(hash, key)
    },
  }
  const forget = (): void => {
    for (const list of [drawn, keys, plaintexts]) list.length = 0
  }
  return { hsm: createHsm({ entropy, provider }), drawn, keys, plaintexts, forget }
}

const zeros = (length: number): Uint8Array => new Uint8Array(length)

describe('after a command, nothing of what it needed is left:', () => {
  test('generateKey', async () => {
    const { hsm, drawn, keys, plaintexts, forget } = watch()
    await hsm.random(1)
    // The domain key, drawn with the first command.
    expect(drawn.map((bytes) => bytes.length)).toEqual([16, 32, 1])
    expect(drawn[1]).toEqual(zeros(32))

    forget()
    await hsm.generateKey(NEW_KEY)
    // Key material; nonce and vector.
    expect(drawn.map((bytes) => bytes.length)).toEqual([32, 28])
    expect(drawn[0]).toEqual(zeros(32))
    expect(keys).toEqual([zeros(32), zeros(32)])
    expect(plaintexts).toEqual([zeros(32)])
  })

  test('generateKey, refused', async () => {
    const { hsm, drawn, keys, forget } = watch()
    await hsm.random(1)
    forget()
    await expect(hsm.generateKey({ ...NEW_KEY, keyId: '' })).rejects.toThrow(RangeError)
    expect(drawn).toEqual([zeros(32)])
    expect(keys).toEqual([zeros(32)])
  })

  test('seal and open', async () => {
    const { hsm, keys, plaintexts, forget } = watch()
    const { token } = await hsm.generateKey(NEW_KEY)
    forget()
    const sealed = await seal(hsm, token, PLAINTEXT)
    // The wrapping key, the material to name it and to use it, then the message's own key.
    expect(keys).toEqual([zeros(32), zeros(32), zeros(32), zeros(32)])
    expect(plaintexts).toEqual([zeros(32), zeros(11 + PLAINTEXT.length)])

    forget()
    expect(await open(hsm, token, sealed)).toEqual(PLAINTEXT)
    expect(keys).toEqual([zeros(32)])
    expect(plaintexts).toEqual([zeros(11 + PLAINTEXT.length)])
  })

  test('open, refused', async () => {
    const { hsm, keys, plaintexts, forget } = watch()
    const { token } = await hsm.generateKey(NEW_KEY)
    const sealed = await seal(hsm, token, PLAINTEXT)
    forget()
    await expectHsmError(open(hsm, token, flipBit(sealed, 300)), 'AUTHENTICATION_FAILED')
    expect(keys).toEqual([zeros(32)])
    expect(plaintexts).toEqual([])
  })

  test('reseal', async () => {
    const { hsm, keys, plaintexts, forget } = watch()
    const { token } = await hsm.generateKey(NEW_KEY)
    const source = openCommand(token, await seal(hsm, token, PLAINTEXT))
    forget()
    await hsm.reseal({ source, destination: { token, layout, additionalData: ADDITIONAL_DATA } })
    expect(keys).toEqual([zeros(32), zeros(32)])
    expect(plaintexts).toEqual([zeros(11 + PLAINTEXT.length), zeros(11 + PLAINTEXT.length)])
  })

  test.each([true, false])('generateSealedDataKey (in the clear: %s)', async (isPlaintextWanted) => {
    const { hsm, drawn, keys, plaintexts, forget } = watch()
    const { token } = await hsm.generateKey(NEW_KEY)
    await seal(hsm, token, PLAINTEXT)
    forget()
    const command = { token, layout, additionalData: ADDITIONAL_DATA, length: 32, isPlaintextWanted }
    const { plaintext } = await hsm.generateSealedDataKey(command)
    // The data key, its nonce and its vector, in one.
    expect(drawn).toEqual([zeros(60)])
    expect(keys).toEqual([zeros(32)])
    expect(plaintexts).toEqual([zeros(11 + 32)])
    if (isPlaintextWanted) expect(plaintext).not.toEqual(zeros(32))
  })

  test('generateSealedDataKey, refused', async () => {
    const { hsm, drawn, forget } = watch()
    const { token } = await createHsm().generateKey(NEW_KEY)
    await hsm.random(1)
    forget()
    const command = { token, layout, additionalData: ADDITIONAL_DATA, length: 32, isPlaintextWanted: true }
    await expectHsmError(hsm.generateSealedDataKey(command), 'INVALID_TOKEN')
    expect(drawn).toEqual([zeros(60)])
  })
})

/** The bytes in every form that something printed could have. */
function formsOf(bytes: Uint8Array): readonly string[] {
  const buffer = Buffer.from(bytes)
  return [
    buffer.toString('hex'),
    buffer.toString('base64').replace(/=+$/, ''),
    buffer.toString('base64url'),
    buffer.toString('latin1'),
    [...bytes].join(','),
    [...bytes].join(', '),
    [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
  ]
}

function printAll(value: unknown): string {
  const stack = value instanceof Error ? `${value.stack ?? ''}${String(value)}${String(value.cause)}` : ''
  return (
    stack +
    inspect(value, { showHidden: true, depth: 20, maxArrayLength: null, breakLength: Infinity }) +
    (JSON.stringify(value) ?? '')
  )
}

test('no error holds key material, plaintext or additional data', async () => {
  const key = await createKnownKey('errors', 'k')
  const { hsm, token } = key
  const sealed = await seal(hsm, token, PLAINTEXT, ADDITIONAL_DATA)
  const foreign = createHsm()
  const attempts = [
    open(hsm, token, flipBit(sealed, 400), ADDITIONAL_DATA),
    open(hsm, token, sealed),
    seal(hsm, flipBit(token, 900), PLAINTEXT, ADDITIONAL_DATA),
    seal(foreign, token, PLAINTEXT, ADDITIONAL_DATA),
    seal(hsm, token, Uint8Array.from(Buffer.concat(Array.from({ length: 300 }, () => Buffer.from(PLAINTEXT))))),
    hsm.seal({
      token,
      layout: () => headerOf(new Uint8Array(3)),
      additionalData: ADDITIONAL_DATA,
      plaintext: PLAINTEXT,
    }),
    hsm.seal({
      token,
      layout,
      additionalData: 'wherever it is' as unknown as Uint8Array,
      plaintext: PLAINTEXT,
    }),
    hsm.generateKey({ ...NEW_KEY, keyId: 'no key id' }),
    foreign.zeroize().then(() => seal(foreign, token, PLAINTEXT, ADDITIONAL_DATA)),
  ]
  const errors = await Promise.all(
    attempts.map((attempt) =>
      attempt.then(
        () => 'accepted',
        (error: unknown) => error,
      ),
    ),
  )
  const secrets = [key.material, key.domainKey, PLAINTEXT, ADDITIONAL_DATA]
  for (const error of errors) {
    expect(error).toBeInstanceOf(Error)
    const printed = printAll(error)
    for (const form of secrets.flatMap(formsOf)) expect(printed).not.toContain(form)
  }
})

test('an HSM that is printed, or asked for its status, shows no key', async () => {
  const key = await createKnownKey('printed', 'k')
  await seal(key.hsm, key.token, PLAINTEXT)
  const printed = printAll(key.hsm) + printAll(await key.hsm.status())
  for (const form of [key.material, key.domainKey].flatMap(formsOf)) expect(printed).not.toContain(form)
})

test('the key material is nowhere in its token, nor in anything that it sealed', async () => {
  const { hsm, token, material, domainKey } = await createKnownKey('sealed', 'k')
  const sealed = await seal(hsm, token, PLAINTEXT)
  const { sealed: dataKey } = await hsm.generateSealedDataKey({
    token,
    layout,
    additionalData: ADDITIONAL_DATA,
    length: 32,
    isPlaintextWanted: false,
  })
  for (const bytes of [token, sealed, dataKey]) {
    for (const secret of [material, domainKey, PLAINTEXT]) {
      for (let at = 0; at + 8 <= secret.length; at++) {
        expect(toHex(bytes)).not.toContain(toHex(secret.subarray(at, at + 8)))
      }
    }
  }
})

test.each(Object.keys(COMMANDS))('%s gives a promise even when it refuses at once', async (name) => {
  const hsm = createHsm()
  await hsm.zeroize()
  const { token } = await createHsm().generateKey(NEW_KEY)
  const attempt = COMMANDS[name]?.(hsm, token)
  expect(attempt).toBeInstanceOf(Promise)
  await expectHsmError(attempt ?? Promise.resolve(), 'ZEROIZED')
})
