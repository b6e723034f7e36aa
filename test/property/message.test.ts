/** Laws of messages: what was written is read, however it is cut; what was changed anywhere is refused. */

import { MessageError, decryptStream, encryptStream } from '@softkms/envelope'
import * as fc from 'fast-check'
import type { Kms } from 'softkms'
import { beforeAll, describe, expect, test } from 'vitest'
import { flipBit } from '../support/bits.ts'
import { encryptionContext } from '../support/encryption-context-arbitrary.ts'
import { forgeMessage } from '../support/message-forger.ts'
import { SUITES, collect, createMessageKms, decryptBytes, encryptBytes, inPieces } from '../support/message-kms.ts'
import { nativeProvider } from '../support/providers.ts'
import { runs } from '../support/runs.ts'

let kms: Kms
let keys: readonly string[]
beforeAll(async () => {
  ;({ kms, keys } = await createMessageKms())
})

const suite = fc.constantFrom(...SUITES)
const frameLength = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 21, max: 5_000 }))
const plaintext = fc.oneof(fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ maxLength: 3_000, size: 'max' }))
const cuts = fc.array(fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 20_000 })), {
  minLength: 1,
  maxLength: 12,
})

/** What came out before the end or the refusal, and the refusal. */
async function readAll(message: Uint8Array): Promise<{ readonly seen: Buffer; readonly refusal: unknown }> {
  const seen: Uint8Array[] = []
  try {
    const options = { kms, keyArns: keys, provider: nativeProvider }
    for await (const piece of decryptStream(inPieces(message, 64), options)) seen.push(piece)
    return { seen: Buffer.concat(seen), refusal: undefined }
  } catch (refusal) {
    return { seen: Buffer.concat(seen), refusal }
  }
}

/** Refused, and nothing given out but a beginning of the plaintext that is not all of it. */
async function expectRefused(message: Uint8Array, whole: Uint8Array): Promise<void> {
  const { seen, refusal } = await readAll(message)
  expect(refusal).toBeInstanceOf(MessageError)
  expect(seen.length).toBeLessThan(whole.length)
  expect(seen.equals(whole.subarray(0, seen.length))).toBe(true)
}

test('what was written is read: any plaintext, context, suite and frame length, cut in any way', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        plaintext,
        encryptionContext,
        suite,
        frameLength,
        cuts,
        recuts: cuts,
        keyCount: fc.integer({ min: 1, max: 3 }),
      }),
      async (one) => {
        const options = { kms, provider: nativeProvider, context: one.encryptionContext, suite: one.suite }
        const written = encryptStream(inPieces(one.plaintext, ...one.cuts), {
          ...options,
          keyIds: keys.slice(0, one.keyCount),
          frameLength: one.frameLength,
        })
        const message = await collect(written)
        const read = decryptStream(inPieces(message, ...one.recuts), { ...options, keyArns: keys })
        expect(Buffer.compare(await collect(read), one.plaintext)).toBe(0)
      },
    ),
    { numRuns: runs(100, 5_000) },
  )
})

test('what another program wrote by docs/message.md is read', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 200 }),
      fc.integer({ min: 1, max: 50 }),
      suite,
      async (bytes, length, name) => {
        const suiteId = name === SUITES[0] ? 0x0478 : 0x0578
        const contents = Array.from({ length: Math.floor(bytes.length / length) + 1 }, (_, i) =>
          bytes.subarray(i * length, (i + 1) * length),
        )
        const frames = contents.map((content, i) => ({ content, isFinal: i === contents.length - 1 }))
        const message = await forgeMessage(kms, keys[0] ?? '', { suiteId, frameLength: length, frames })
        expect(Buffer.compare(await decryptBytes(kms, message), bytes)).toBe(0)
      },
    ),
    { numRuns: runs(50, 2_000) },
  )
})

describe.each(SUITES)('%s', (name) => {
  const whole = Buffer.from('four frames of sixteen bytes, the last of which is shorter.')
  const write = (): Promise<Uint8Array> =>
    encryptBytes(kms, keys.slice(0, 2), whole, { suite: name, frameLength: 16, context: { tenant: 'a' } })

  test('every byte counts', async () => {
    const message = await write()
    for (let at = 0; at < message.length; at++) await expectRefused(flipBit(message, at * 8 + (at % 8)), whole)
  })

  test('a message that was cut off anywhere is refused', async () => {
    const message = await write()
    for (let length = 0; length < message.length; length++) await expectRefused(message.subarray(0, length), whole)
  })

  test('a message that goes on is refused', async () => {
    const message = await write()
    for (const tail of [Uint8Array.of(0), message.subarray(-1), message]) {
      await expectRefused(Buffer.concat([message, tail]), whole)
    }
  })

  test('frames that were swapped, left out, repeated or taken from another message are refused', async () => {
    const [message, another] = [Buffer.from(await write()), await write()]
    // The same number of bytes before the frames, signature or not, since both have the same keys and context.
    const frameAt = (i: number): number =>
      message.indexOf(Buffer.from([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])) + i * 48
    const frame = (bytes: Uint8Array, i: number): Uint8Array => bytes.subarray(frameAt(i), frameAt(i + 1))
    const order = fc.array(fc.record({ i: fc.integer({ min: 0, max: 2 }), isOther: fc.boolean() }), { maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(order, async (frames) => {
        const isSame = frames.length === 3 && frames.every(({ i, isOther }, at) => i === at && !isOther)
        const changed = Buffer.concat([
          message.subarray(0, frameAt(0)),
          ...frames.map(({ i, isOther }) => frame(isOther ? another : message, i)),
          message.subarray(frameAt(3)),
        ])
        if (isSame) expect((await readAll(changed)).refusal).toBeUndefined()
        else await expectRefused(changed, whole)
      }),
      { numRuns: runs(100, 3_000), examples: [[[0, 1, 2].map((i) => ({ i, isOther: false }))]] },
    )
  })
})

test('no byte string makes the reader stumble', async () => {
  const beginning = fc.constantFrom([], [2], [2, 4, 0x78], [2, 5, 0x78])
  await fc.assert(
    fc.asyncProperty(beginning, fc.uint8Array({ maxLength: 500 }), async (first, rest) => {
      await expect(decryptBytes(kms, Uint8Array.from([...first, ...rest]))).rejects.toBeInstanceOf(MessageError)
    }),
    { numRuns: runs(300, 20_000) },
  )
})
