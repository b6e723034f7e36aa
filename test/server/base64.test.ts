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

describe('base64 (RFC 4648 §10)', () => {
  it.each(VECTORS)('%j is %j', (text, encoded) => {
    const bytes = new TextEncoder().encode(text)
    expect(encodeBase64(bytes)).toBe(encoded)
    expect(decodeBase64(encoded)).toEqual(bytes)
  })

  it.each([
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
  ])('refuses %s', (_what, text) => {
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

  it("uses the runtime's own codec where there is one, just as strictly", () => {
    const script = `
      import { decodeBase64, encodeBase64 } from './packages/server/src/protocol/base64.ts'
      const refused = ['Zg', 'Zh==', 'Zm9v\\nZm8=', 'Zm9v    ', '-_-_'].filter((text) => decodeBase64(text) === undefined)
      console.log(typeof Uint8Array.fromBase64, encodeBase64(decodeBase64('Zm9vYg==')), refused.length)`
    const flags = ['--js-base-64', '--conditions=source', '--input-type=module', '--eval', script]
    expect(execFileSync(process.execPath, flags, { encoding: 'utf8' })).toBe('function Zm9vYg== 5\n')
  })
})
