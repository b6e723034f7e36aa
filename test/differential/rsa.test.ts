/**
 * RSA here and in node:crypto: what one signs the other verifies, what one encrypts the other decrypts, for every
 * algorithm and size, with keys that cross as PKCS#8 and SPKI.
 */

import { constants, createPrivateKey, createPublicKey, privateDecrypt, publicEncrypt, sign, verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { decryptOaep, encryptOaep, maxOaepLength } from '../../packages/hsm/src/algorithms/rsa/oaep.ts'
import { signPkcs1, verifyPkcs1 } from '../../packages/hsm/src/algorithms/rsa/pkcs1.ts'
import { signPss, verifyPss } from '../../packages/hsm/src/algorithms/rsa/pss.ts'
import { encodePkcs8 } from '../../packages/hsm/src/encoding/pkcs8.ts'
import { decodeSpki, encodeSpki } from '../../packages/hsm/src/encoding/spki.ts'
import { drawBytes, systemEntropy } from '../../packages/hsm/src/entropy.ts'
import { bigintRsa } from '../../packages/hsm/src/provider/bigint-rsa.ts'
import { nobleHash } from '../../packages/hsm/src/provider/noble-hash.ts'
import { createRsaTestKey, loadRsaKey } from '../support/rsa-key.ts'
import { runs } from '../support/runs.ts'
import { toHex } from '../support/vectors.ts'

const NODE_HASHES = { 'SHA-1': 'sha1', 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' } as const
const SIGNING_HASHES = ['SHA-256', 'SHA-384', 'SHA-512'] as const
const OAEP_HASHES = ['SHA-1', 'SHA-256'] as const
const ROUNDS = runs(2, 100)

describe.each([2048, 3072, 4096])('RSA %i', (bits) => {
  const theirs = createRsaTestKey(bits)
  const { numbers, publicKey, privateKey, nodePublicKey, nodePrivateKey } = theirs

  /** Runs `body` on messages of many lengths, with their digests. */
  function forMessages(hash: keyof typeof NODE_HASHES, body: (message: Uint8Array, digest: Uint8Array) => void): void {
    for (let i = 0; i < ROUNDS; i++) {
      const message = drawBytes(systemEntropy, (i * 97) % 4096)
      body(message, nobleHash.digest(hash, message))
    }
  }

  test.each(SIGNING_HASHES)('PKCS#1 v1.5 with %s', (hash) => {
    forMessages(hash, (message, digest) => {
      const name = NODE_HASHES[hash]
      const ours = signPkcs1(privateKey, numbers, hash, digest)
      // Deterministic, so there is one answer.
      expect(toHex(ours)).toBe(toHex(sign(name, message, nodePrivateKey)))
      expect(verifyPkcs1(publicKey, numbers, hash, digest, ours)).toBe(true)
    })
  })

  test.each(SIGNING_HASHES)('PSS with %s', (hash) => {
    const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    forMessages(hash, (message, digest) => {
      const name = NODE_HASHES[hash]
      const ours = signPss(nobleHash, privateKey, numbers, hash, digest, systemEntropy)
      expect(verify(name, message, { key: nodePublicKey, ...padding }, ours)).toBe(true)
      const other = sign(name, message, { key: nodePrivateKey, ...padding })
      expect(verifyPss(nobleHash, publicKey, numbers, hash, digest, other)).toBe(true)
      // Another salt length is another algorithm.
      const longer = sign(name, message, { key: nodePrivateKey, ...padding, saltLength: digest.length - 1 })
      expect(verifyPss(nobleHash, publicKey, numbers, hash, digest, longer)).toBe(false)
    })
  })

  test.each(OAEP_HASHES)('OAEP with %s', (hash) => {
    const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: NODE_HASHES[hash] }
    const longest = maxOaepLength(bits / 8, hash)
    for (const length of [1, longest, ...Array.from({ length: ROUNDS - 2 }, (_, i) => (i * 31) % longest)]) {
      const message = drawBytes(systemEntropy, length)
      const ours = encryptOaep(nobleHash, publicKey, numbers, hash, message, systemEntropy)
      expect(toHex(privateDecrypt({ key: nodePrivateKey, ...padding }, ours))).toBe(toHex(message))
      const other = Uint8Array.from(publicEncrypt({ key: nodePublicKey, ...padding }, message))
      expect(decryptOaep(nobleHash, privateKey, numbers, hash, other)).toEqual(message)
    }
    const labelled = publicEncrypt({ key: nodePublicKey, ...padding, oaepLabel: Buffer.from('x') }, Buffer.from('y'))
    expect(decryptOaep(nobleHash, privateKey, numbers, hash, labelled)).toBeUndefined()
  })

  test('keys of theirs are read, and written as they were', () => {
    const spki = Uint8Array.from(nodePublicKey.export({ type: 'spki', format: 'der' }))
    expect(toHex(encodePkcs8({ family: 'rsa', numbers }))).toBe(toHex(theirs.pkcs8))
    expect(toHex(encodeSpki(decodeSpki(spki) ?? expect.fail()))).toBe(toHex(spki))
  })
})

test('keys of ours are read by node:crypto, and sign there as here', () => {
  const numbers = bigintRsa.generateRsaKey(2048, systemEntropy)
  const pkcs8 = encodePkcs8({ family: 'rsa', numbers })
  const spki = encodeSpki({ family: 'rsa', numbers })
  const imported = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
  expect(toHex(imported.export({ type: 'pkcs8', format: 'der' }))).toBe(toHex(pkcs8))
  expect(toHex(createPublicKey(imported).export({ type: 'spki', format: 'der' }))).toBe(toHex(spki))

  const message = drawBytes(systemEntropy, 100)
  const ours = signPkcs1(loadRsaKey(pkcs8).privateKey, numbers, 'SHA-256', nobleHash.digest('SHA-256', message))
  expect(toHex(ours)).toBe(toHex(sign('sha256', message, imported)))
})
