/**
 * Every message that was recorded from AWS, through the AWS SDK: the exception, HTTP status 400, and the exact text or
 * none. Those that need policies of callers, request rates or time are in `access.test.ts`.
 *
 * @covers wire §2, §3, §4
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectRefusal } from '../sdk-js/answers.ts'
import { DOORS, type Door } from '../sdk-js/doors.ts'
import { ACCESS_MESSAGES } from './access.ts'
import { CRYPTOGRAPHY_MESSAGES } from './cryptography.ts'
import { GRAMMAR } from './grammar.ts'
import { KEY_MESSAGES } from './keys.ts'
import { MANAGEMENT_MESSAGES } from './management.ts'
import type { NotAnswered } from './row.ts'
import { type Scene, setScene } from './scene.ts'

const MESSAGES = [...GRAMMAR, ...ACCESS_MESSAGES, ...KEY_MESSAGES, ...CRYPTOGRAPHY_MESSAGES, ...MANAGEMENT_MESSAGES]

const NOT_ANSWERED: readonly NotAnswered[] = [
  {
    name: 'ValidationException',
    text: "Value at 'keyStorePassword' failed to satisfy constraint: ...",
    why: 'the texts that are sensitive are those of custom key stores',
  },
  {
    name: 'AccessDeniedException',
    text: 'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
    why: 'AWS says it in newer words, which access.test.ts has',
  },
  { name: 'KMSInvalidStateException', text: '<key ARN> is unavailable.', why: 'needs a custom key store that works' },
  {
    name: 'ThrottlingException',
    text: 'longer texts of custom key stores',
    why: 'needs a custom key store that works',
  },
  { name: 'ValidationException', text: 'Invalid identifier', why: 'the older form of the alias prefix error' },
]

describe.each(DOORS)('$name', ({ open }) => {
  let door: Door
  let scene: Scene

  beforeAll(async () => {
    door = await open()
    scene = await setScene(door)
  })
  afterAll(() => door.close())

  it.each(MESSAGES)('$name: $when', async ({ name, text, attempt }) => {
    await expectRefusal(attempt(scene), name, typeof text === 'function' ? text(scene) : text)
  })
})

it('no case is there twice', () => {
  const titles = MESSAGES.map(({ name, when }) => `${name}: ${when}`)
  expect(new Set(titles).size).toBe(titles.length)
})

it.each(NOT_ANSWERED)('$name is not answered with "$text": $why', ({ text }) => {
  expect(MESSAGES.map((row) => row.text)).not.toContain(text)
})
