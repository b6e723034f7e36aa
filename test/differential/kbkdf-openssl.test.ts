/**
 * The keys that the HSM derives are the ones that OpenSSL's KBKDF derives, and OpenSSL reads a blob's DER.
 *
 * @covers SP 800-108r1 §4.1; KMS crypto-details §2; docs/blob.md, "The message key"
 */
import { encodeEncryptionContext } from '@softkms/envelope'
import { type Provider, nobleProvider } from '@softkms/hsm'
import * as fc from 'fast-check'
import { createDecipheriv, createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createKnownKey } from '../../tools/blob-vectors/known-key.ts'
import { fromHex, toHex } from '../support/bits.ts'
import { fixedInputOf, readLayout } from '../support/blob-reader.ts'
import { sealWith } from '../support/blob-key.ts'
import { encryptionContext } from '../support/encryption-context-arbitrary.ts'
import { deriveWithOpenSsl, findOpenSsl, parseWithOpenSsl } from '../support/openssl-kdf.ts'
import { runs } from '../support/runs.ts'

const { isMissing, summary } = findOpenSsl()

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts))

/** The keys that the HSM hands to AES-256-GCM, in order. */
function watchKeys(): { readonly provider: Provider; readonly keys: string[] } {
  const keys: string[] = []
  return {
    keys,
    provider: {
      ...nobleProvider,
      sealAesGcm(key, nonce, additionalData, plaintext) {
        keys.push(toHex(key))
        return nobleProvider.sealAesGcm(key, nonce, additionalData, plaintext)
      },
    },
  }
}

const seed = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 })
const keyId = fc.stringMatching(/^[a-z0-9-]{1,40}$/)

describe.skipIf(isMissing)(`against OpenSSL (${summary})`, () => {
  test("the key of a message and the key that wraps a token are OpenSSL's", async () => {
    await fc.assert(
      fc.asyncProperty(seed, keyId, async (of, id) => {
        const { provider, keys } = watchKeys()
        const known = await createKnownKey(of, id, provider)
        const blob = await sealWith(known, Uint8Array.of(1))
        // The last two: before them, the self-test sealed under its own.
        const [tokenKey, messageKey] = keys.slice(-2)

        const { nonce } = readLayout(blob)
        const messageContext = join(Uint8Array.of(1), known.materialId, nonce)
        expect(messageKey).toBe(deriveWithOpenSsl(known.material, bytes('softkms message key'), messageContext))

        const tokenContext = join(Uint8Array.of(1), known.domainKeyId, known.token.subarray(53, 69))
        expect(tokenKey).toBe(deriveWithOpenSsl(known.domainKey, bytes('softkms token key'), tokenContext))
      }),
      { numRuns: runs(10, 200) },
    )
  })

  test('a blob opens under the key that OpenSSL derives for it', async () => {
    const plaintext = fc.uint8Array({ minLength: 1, maxLength: 4096, size: 'max' })
    await fc.assert(
      fc.asyncProperty(seed, plaintext, encryptionContext, async (of, message, context) => {
        const known = await createKnownKey(of, 'k')
        const blob = await sealWith(known, message, context)
        const { materialId, nonce, iv, header, ciphertext, tag } = readLayout(blob)
        const derivation = join(Uint8Array.of(1), materialId, nonce)
        const messageKey = fromHex(deriveWithOpenSsl(known.material, bytes('softkms message key'), derivation))

        const decipher = createDecipheriv('aes-256-gcm', messageKey, iv, { authTagLength: 16 })
        decipher.setAAD(join(header, encodeEncryptionContext(context)))
        decipher.setAuthTag(tag)
        const framed = Buffer.concat([decipher.update(ciphertext), decipher.final()])
        const length = Uint8Array.of(0, 0, message.length >>> 8, message.length & 0xff)
        expect(toHex(framed.subarray(0, 11))).toBe(`0101${toHex(length)}0000000000`)
        expect(toHex(framed.subarray(11))).toBe(toHex(message))
      }),
      { numRuns: runs(10, 200) },
    )
  })

  test("the derivation that docs/blob.md describes is OpenSSL's, under any label", () => {
    const some = fc.uint8Array({ minLength: 1, maxLength: 80 })
    const label = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(some, label, some, (key, text, context) => {
        const described = createHmac('sha256', key).update(fixedInputOf(text, context)).digest('hex')
        expect(described).toBe(deriveWithOpenSsl(key, bytes(text), context))
      }),
      { numRuns: runs(20, 500) },
    )
  })

  test('what stands in a blob behind its length is DER to OpenSSL', async () => {
    for (const length of [1, 36, 101, 300, 4096]) {
      const known = await createKnownKey('der', 'k')
      const blob = await sealWith(known, new Uint8Array(length))
      const lines = parseWithOpenSsl(blob.subarray(58)).map((line) => line.replace(/^.*?(?=cons|prim)/, ''))
      expect(lines.map((line) => line.replace(/\s+/g, ' ').trim())).toEqual([
        'cons: SEQUENCE',
        'prim: OBJECT :pkcs7-encryptedData',
        'cons: cont [ 0 ]',
        'cons: SEQUENCE',
        'prim: INTEGER :00',
        'cons: SEQUENCE',
        'prim: OBJECT :pkcs7-data',
        'cons: SEQUENCE',
        'prim: OBJECT :aes-256-gcm',
        'cons: SEQUENCE',
        expect.stringMatching(/^prim: OCTET STRING (?:\[HEX DUMP\])?:/),
        'prim: INTEGER :10',
        'prim: cont [ 0 ]',
      ])
    }
  })
})
