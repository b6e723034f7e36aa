/**
 * Laws of the canonical form: it can be read back, so no two contexts share one; order has no part in it.
 *
 * @covers KMS crypto-details §3; docs/blob.md, "The encryption context"
 */
import { type EncryptionContext, encodeEncryptionContext, isWellFormedContext } from '@softkms/envelope'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { toHex } from '../support/bits.ts'
import { canonicalize } from '../support/blob-reader.ts'
import { confusableContext, contextText, encryptionContext } from '../support/encryption-context-arbitrary.ts'
import { runs } from '../support/runs.ts'

/** The context that a form was made of. That there is such a function is what keeps two contexts apart. */
function decode(form: Uint8Array): ReadonlyMap<string, string> {
  const texts: string[] = []
  const view = new DataView(form.buffer, form.byteOffset, form.byteLength)
  for (let at = 0; at < form.length;) {
    const length = view.getUint32(at)
    texts.push(
      new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(form.subarray(at + 4, at + 4 + length)),
    )
    at += 4 + length
  }
  const pairs = Array.from(
    { length: texts.length / 2 },
    (_, i) => [texts[2 * i] ?? '', texts[2 * i + 1] ?? ''] as const,
  )
  return new Map(pairs)
}

const asMap = (context: EncryptionContext): ReadonlyMap<string, string> => new Map(Object.entries(context))

test('the form can be read back, whatever the context', () => {
  fc.assert(
    fc.property(encryptionContext, (context) => {
      expect(decode(encodeEncryptionContext(context))).toEqual(asMap(context))
    }),
    { numRuns: runs(500, 20_000) },
  )
})

test('two different contexts never share a form, and equal ones always do', () => {
  fc.assert(
    fc.property(confusableContext, confusableContext, (a, b) => {
      const [formA, formB] = [encodeEncryptionContext(a), encodeEncryptionContext(b)]
      const isSame = Object.keys(a).length === Object.keys(b).length && Object.keys(a).every((key) => a[key] === b[key])
      expect(toHex(formA) === toHex(formB)).toBe(isSame)
    }),
    { numRuns: runs(1000, 50_000) },
  )
})

test('neither order nor the kind of object matters', () => {
  const shuffled = encryptionContext.chain((context) =>
    fc.tuple(
      fc.constant(context),
      fc.shuffledSubarray(Object.entries(context), { minLength: Object.keys(context).length }),
    ),
  )
  fc.assert(
    fc.property(shuffled, ([context, entries]) => {
      const bare = Object.create(null) as Record<string, string>
      for (const [key, value] of entries) bare[key] = value
      expect(encodeEncryptionContext(bare)).toEqual(encodeEncryptionContext(context))
    }),
    { numRuns: runs(300, 10_000) },
  )
})

test('another program that reads docs/blob.md has the same form', () => {
  fc.assert(
    fc.property(encryptionContext, (context) => {
      expect(toHex(encodeEncryptionContext(context))).toBe(toHex(canonicalize(context)))
    }),
    { numRuns: runs(300, 10_000) },
  )
})

test('a lone surrogate anywhere is refused, and whole pairs never are', () => {
  const lone = fc.integer({ min: 0xd800, max: 0xdfff }).map((code) => String.fromCharCode(code))
  const parts = fc.record({
    context: encryptionContext,
    before: contextText,
    lone,
    after: contextText,
    other: contextText,
  })
  fc.assert(
    fc.property(parts, fc.boolean(), ({ context, before, lone: half, after, other }, isInKey) => {
      // Neither neighbour begins or ends with half a pair, so the half stays alone.
      const broken = before + half + after
      const bad: EncryptionContext = isInKey ? { ...context, [broken]: other } : { ...context, [other]: broken }
      expect(isWellFormedContext(bad)).toBe(false)
      expect(() => encodeEncryptionContext(bad)).toThrow(RangeError)
      expect(isWellFormedContext(context)).toBe(true)
    }),
    { numRuns: runs(500, 20_000) },
  )
})
