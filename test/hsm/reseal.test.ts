/** From one key to another inside the boundary: what comes out is sealed, and a refusal comes before the plaintext does. */
import { type GeneratedKey, type Hsm, type Provider, type ResealCommand, createHsm, nobleProvider } from '@softkms/hsm'
import { expect, test } from 'vitest'
import { eachBitFlipped, flipBit } from '../support/bits.ts'
import { expectHsmError, headerOf, layout, NEW_KEY, open, openCommand, seal } from '../support/hsm-fixture.ts'

const PLAINTEXT = new TextEncoder().encode('attack at dawn')
const OLD = new TextEncoder().encode('old')
const NEW = new TextEncoder().encode('new')

interface Scene {
  readonly hsm: Hsm
  readonly from: GeneratedKey
  readonly to: GeneratedKey
  readonly command: ResealCommand
  /** How many messages have been opened, tokens included. */
  readonly opened: () => number
}

async function setScene(): Promise<Scene> {
  let opened = 0
  const provider: Provider = {
    ...nobleProvider,
    openAesGcm(...args) {
      opened++
      return nobleProvider.openAesGcm(...args)
    },
  }
  const hsm = createHsm({ provider })
  const [from, to] = [await hsm.generateKey(NEW_KEY), await hsm.generateKey(NEW_KEY)]
  const sealed = await seal(hsm, from.token, PLAINTEXT, OLD)
  const command = {
    source: openCommand(from.token, sealed, OLD),
    destination: { token: to.token, layout, additionalData: NEW },
  }
  return { hsm, from, to, command, opened: () => opened }
}

test('the destination opens it, under its own additional data', async () => {
  const { hsm, from, to, command } = await setScene()
  const resealed = await hsm.reseal(command)
  expect(await open(hsm, to.token, resealed, NEW)).toEqual(PLAINTEXT)
  await expectHsmError(open(hsm, to.token, resealed, OLD), 'AUTHENTICATION_FAILED')
  await expectHsmError(open(hsm, from.token, resealed, NEW), 'AUTHENTICATION_FAILED')
})

test('the source still opens as before', async () => {
  const { hsm, command } = await setScene()
  await hsm.reseal(command)
  expect(await hsm.open(command.source)).toEqual(PLAINTEXT)
})

test('one key may be both, for another context or for a fresh nonce', async () => {
  const { hsm, from, command } = await setScene()
  const destination = { ...command.destination, token: from.token }
  const resealed = await hsm.reseal({ ...command, destination })
  expect(await open(hsm, from.token, resealed, NEW)).toEqual(PLAINTEXT)
})

test('no part of the plaintext is in what comes out', async () => {
  const { hsm, command } = await setScene()
  const resealed = await hsm.reseal(command)
  for (let at = 0; at + 4 <= PLAINTEXT.length; at++) {
    const part = Buffer.from(PLAINTEXT.subarray(at, at + 4))
    expect(Buffer.from(resealed).includes(part)).toBe(false)
  }
})

test('a source that is changed anywhere is refused', async () => {
  const { hsm, command } = await setScene()
  for (const ciphertext of eachBitFlipped(command.source.ciphertext)) {
    await expectHsmError(hsm.reseal({ ...command, source: { ...command.source, ciphertext } }), 'AUTHENTICATION_FAILED')
  }
  const source = { ...command.source, additionalData: NEW }
  await expectHsmError(hsm.reseal({ ...command, source }), 'AUTHENTICATION_FAILED')
})

test('a source token that is not one is refused', async () => {
  const { hsm, command } = await setScene()
  const source = { ...command.source, token: flipBit(command.source.token, 77) }
  await expectHsmError(hsm.reseal({ ...command, source }), 'INVALID_TOKEN')
})

test.each([
  ['a token that is none', { token: new Uint8Array(131) as GeneratedKey['token'] }, 'INVALID_TOKEN'],
  ['a header without room', { layout: () => headerOf(new Uint8Array(27)) }, 'RangeError'],
  ['additional data that is text', { additionalData: 'new' as unknown as Uint8Array }, 'TypeError'],
  ['a token that is text', { token: 'token' as unknown as GeneratedKey['token'] }, 'TypeError'],
])('a destination with %s is refused while the source is still sealed', async (_, change, refusal) => {
  const { hsm, command, opened } = await setScene()
  const before = opened()
  const attempt = hsm.reseal({ ...command, destination: { ...command.destination, ...change } })
  if (refusal === 'INVALID_TOKEN') await expectHsmError(attempt, refusal)
  else await expect(attempt).rejects.toThrow(expect.objectContaining({ name: refusal }))
  expect(opened()).toBe(before)
})
