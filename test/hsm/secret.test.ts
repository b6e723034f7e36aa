/** Secrets: what they show, which is nothing, and what zeroize leaves, which is zeros. */

import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { Secret } from '../../packages/hsm/src/secret.ts'

const BYTES = Uint8Array.of(0xde, 0xad, 0xbe, 0xef, 0x42, 0x17)
const secret = Secret.copyOf(BYTES)
const anyObject: object = secret

/** Every form in which the bytes could turn up in a text. */
const TRACES = ['222', '173', '190', '239', '66', '23', 'dead', 'beef', '3q2', 'bytes', '\u{de}']

function expectBlind(text: string): void {
  for (const trace of TRACES) expect(text.toLowerCase()).not.toContain(trace)
}

function print(value: unknown): string {
  let printed = ''
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      printed += chunk.toString()
      done()
    },
  })
  const console = new Console({ stdout: sink, stderr: sink })
  console.log(value)
  console.log('%s %o %O %j', value, value, value, value)
  console.error('failed', value)
  console.dir(value, { showHidden: true, depth: null })
  console.table([value])
  return printed
}

test.each([
  ['JSON.stringify', () => JSON.stringify({ secret, inside: [secret] })],
  ['inspect', () => inspect(secret)],
  ['inspect of a holder, with everything shown', () => inspect({ secret }, { showHidden: true, depth: null })],
  [
    'inspect without custom functions',
    () => inspect(secret, { customInspect: false, showHidden: true, getters: true }),
  ],
  ['a template', () => `${String(secret)} ${secret.toString()}`],
  ['concatenation', () => ''.concat(secret as unknown as string)],
  ['console', () => print(secret)],
  ['console with a holder', () => print({ key: { secret } })],
  ['spread', () => inspect({ ...anyObject })],
  ['Object.assign', () => inspect(Object.assign({}, secret))],
  ['structuredClone', () => inspect(structuredClone(secret))],
  ['property names', () => Reflect.ownKeys(secret).map(String).join()],
  ['entries', () => JSON.stringify(Object.entries(secret))],
  ['an error about it', () => inspect(new Error(`no use for ${String(secret)}`, { cause: secret }))],
])('shows nothing: %s', (_name, show) => {
  expectBlind(show())
})

test('these tests would see the bytes of something that shows them', () => {
  expect(() => expectBlind(inspect({ bytes: BYTES }))).toThrow('not to contain')
  expect(() => expectBlind(print(BYTES))).toThrow('not to contain')
})

test('spread, assign and structuredClone copy nothing', () => {
  expect({ ...anyObject }).toEqual({})
  expect(Object.keys(structuredClone(secret))).toEqual([])
  expect(Object.keys(secret)).toEqual([])
})

test('keeps a copy of its own', () => {
  const bytes = Uint8Array.from(BYTES)
  const copy = Secret.copyOf(bytes)
  bytes.fill(0)
  expect(copy.use((inside) => Uint8Array.from(inside))).toEqual(BYTES)
  expect(copy.length).toBe(BYTES.length)
})

test('leaves zeros in its memory', () => {
  let memory: Uint8Array = new Uint8Array(0)
  const created = Secret.create(4, (bytes) => {
    bytes.set([1, 2, 3, 4])
    memory = bytes
  })
  expect(new Uint8Array(memory.buffer)).toEqual(Uint8Array.of(1, 2, 3, 4))
  expect(created.isZeroized).toBe(false)

  created.zeroize()
  expect(new Uint8Array(memory.buffer)).toEqual(new Uint8Array(4))
  expect(created.isZeroized).toBe(true)
  expect(() => created.use((bytes) => bytes)).toThrow(TypeError)
  created.zeroize()
})

test('leaves zeros when it could not be made', () => {
  let memory: Uint8Array = new Uint8Array(0)
  const fail = (bytes: Uint8Array) => {
    memory = bytes
    bytes.fill(7)
    throw new Error('no entropy')
  }
  expect(() => Secret.create(4, fail)).toThrow('no entropy')
  expect(memory).toEqual(new Uint8Array(4))
})

test('cannot be changed or made to show itself from outside', () => {
  expect(Object.isFrozen(secret)).toBe(true)
  expect(() => Object.assign(secret, { toJSON: () => 'x' })).toThrow(TypeError)
})
