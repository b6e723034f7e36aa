/** Strict base64, against the vectors of RFC 4648 and an independent codec. */
import { execFileSync } from 'node:child_process'
import { test as property, fc } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { decodeBase64, encodeBase64 } from '../../packages/server/src/protocol/base64.ts'

const VECTORS = [
  ['', ''],
  ['f', 'Zg=='],
  ['fo', 'Zm8='],
  ['foo', 'Zm9v'],
  ['foob', 'Zm9vYg=='],
  ['fooba', 'Zm9vYmE='],
  ['foobar', 'Zm9vYmFy'],
] as const

const REFUSED = [
  ['no padding', 'Zg'],
  ['half the padding', 'Zg='],
  ['padding too much', 'Zm9v===='],
  ['padding only', '===='],
  ['three of padding', 'Z==='],
  ['padding inside', 'Zg==Zm9v'],
  ['white space inside', 'Zm9v\nZm8='],
  ['white space that keeps the length', 'Zm9v    '],
  ['the URL alphabet', '-_-_'],
  ['bits left over before ==', 'Zh=='],
  ['bits left over before =', 'Zm9='],
  ['a character beyond Latin-1', 'Zm9\u{1d4b}'],
  ['a NUL', 'Zm9\0'],
] as const

describe('base64 (RFC 4648 §10)', () => {
  it.each(VECTORS)('%j is %j', (text, encoded) => {
    const bytes = new TextEncoder().encode(text)
    expect(encodeBase64(bytes)).toBe(encoded)
    expect(decodeBase64(encoded)).toEqual(bytes)
  })

  it.each(REFUSED)('refuses %s', (_what, text) => {
    expect(decodeBase64(text)).toBeUndefined()
  })

  property.prop([fc.uint8Array({ maxLength: 300 })])('agrees with Buffer both ways', (bytes) => {
    const encoded = encodeBase64(bytes)
    expect(encoded).toBe(Buffer.from(bytes).toString('base64'))
    expect(decodeBase64(encoded)).toEqual(bytes)
  })

  property.prop([fc.stringMatching(/^[A-Za-z0-9+/=]{0,12}$/)])('accepts only what it would write', (text) => {
    const bytes = decodeBase64(text)
    if (bytes !== undefined) expect(encodeBase64(bytes)).toBe(text)
  })

  it.each([
    ['the codec of Uint8Array', '--js-base-64'],
    ['a table, where there is no Buffer', '--no-js-base-64'],
  ])('does so with %s', (_codec, flag) => {
    const random = fc.sample(fc.uint8Array({ maxLength: 300 }), { numRuns: 200, seed: 64 })
    const encoded = [
      ...VECTORS.map(([, text]) => text),
      ...random.map((bytes) => Buffer.from(bytes).toString('base64')),
    ]
    const refused = REFUSED.map(([, text]) => text)
    const script = `
      delete globalThis.Buffer
      const { decodeBase64, encodeBase64 } = await import('./packages/server/src/protocol/base64.ts')
      const { encoded, refused } = ${JSON.stringify({ encoded, refused })}
      const kept = encoded.filter((text) => encodeBase64(decodeBase64(text)) === text)
      console.log(typeof Uint8Array.fromBase64, kept.length, refused.filter((text) => decodeBase64(text) === undefined).length)`
    const flags = [flag, '--conditions=source', '--input-type=module', '--eval', script]
    const type = flag === '--js-base-64' ? 'function' : 'undefined'
    expect(execFileSync(process.execPath, flags, { encoding: 'utf8' })).toBe(
      `${type} ${encoded.length} ${refused.length}\n`,
    )
  })
})
