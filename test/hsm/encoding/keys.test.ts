/**
 * SPKI and PKCS#8 of every family: what node:crypto writes is read and written back byte for byte, and what fits no
 * one form is refused.
 *
 * @covers RFC 5280 §4.1.2.7, RFC 5958 §2, RFC 5915 §3, RFC 8410 §7, RFC 9881 §6, RFC 9935 §6
 */

import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type PrivateKeyInfo, decodePkcs8, encodePkcs8 } from '../../../packages/hsm/src/encoding/pkcs8.ts'
import { type PublicKeyInfo, decodeSpki, encodeSpki } from '../../../packages/hsm/src/encoding/spki.ts'
import { nobleLattice } from '../../../packages/hsm/src/provider/noble-lattice.ts'
import { fromHex, toHex } from '../../support/vectors.ts'

const P256_SPKI_HEAD = '3059301306072a8648ce3d020106082a8648ce3d030107034200'
const P256_POINT =
  '0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299'
const P256_SCALAR = 'c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721'

interface Ours {
  readonly publicKey: PublicKeyInfo | undefined
  readonly privateKey: PrivateKeyInfo | undefined
}

/** Reads what node:crypto made, and expects to write the same. */
function expectRoundTrip(pair: ReturnType<typeof generateKeyPairSync>): Ours {
  const spki = Uint8Array.from(pair.publicKey.export({ type: 'spki', format: 'der' }))
  const pkcs8 = Uint8Array.from(pair.privateKey.export({ type: 'pkcs8', format: 'der' }))
  const publicKey = decodeSpki(spki)
  const privateKey = decodePkcs8(pkcs8)
  expect(publicKey && toHex(encodeSpki(publicKey))).toBe(toHex(spki))
  expect(privateKey && toHex(encodePkcs8(privateKey))).toBe(toHex(pkcs8))
  return { publicKey, privateKey }
}

describe('what node:crypto writes', () => {
  test.each([2048, 3072])('RSA %i', (modulusLength) => {
    const { publicKey, privateKey } = expectRoundTrip(generateKeyPairSync('rsa', { modulusLength }))
    expect(publicKey?.family).toBe('rsa')
    expect(privateKey?.family).toBe('rsa')
  })

  test.each([
    ['P-256', 'P-256'],
    ['P-384', 'P-384'],
    ['P-521', 'P-521'],
    ['secp256k1', 'secp256k1'],
  ] as const)('%s', (namedCurve, curve) => {
    const { publicKey, privateKey } = expectRoundTrip(generateKeyPairSync('ec', { namedCurve }))
    expect(publicKey).toMatchObject({ family: 'ec', curve })
    expect(privateKey).toMatchObject({ family: 'ec', curve })
    expect(privateKey).toHaveProperty('point')
    expect(privateKey).not.toHaveProperty('namesCurveInside')
  })

  test('Ed25519', () => {
    const { privateKey } = expectRoundTrip(generateKeyPairSync('ed25519'))
    expect(privateKey?.family).toBe('edwards')
  })
})

describe('lattice keys that node:crypto reads', () => {
  test.each(['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'] as const)('%s', (parameters) => {
    const seed = new Uint8Array(32).fill(7)
    const { publicKey } = nobleLattice.createMlDsaKey(parameters, seed)
    expectSameKey(
      encodePkcs8({ family: 'ml-dsa', parameters, seed }),
      encodeSpki({ family: 'ml-dsa', parameters, publicKey }),
      parameters,
    )
  })

  test.each(['ML-KEM-512', 'ML-KEM-768', 'ML-KEM-1024'] as const)('%s', (parameters) => {
    const seed = new Uint8Array(64).fill(7)
    const { encapsulationKey } = nobleLattice.createMlKemKey(parameters, seed)
    const pkcs8 = encodePkcs8({ family: 'ml-kem', parameters, seed })
    // AWS: the length is the same for all three.
    expect(pkcs8).toHaveLength(86)
    expectSameKey(pkcs8, encodeSpki({ family: 'ml-kem', parameters, publicKey: encapsulationKey }), parameters)
  })

  function expectSameKey(pkcs8: Uint8Array, spki: Uint8Array, parameters: string): void {
    const imported = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
    expect(imported.asymmetricKeyType).toBe(parameters.toLowerCase())
    expect(toHex(createPublicKey(imported).export({ type: 'spki', format: 'der' }))).toBe(toHex(spki))
    expect(toHex(encodeSpki(decodeSpki(spki) ?? expect.fail()))).toBe(toHex(spki))
    expect(toHex(encodePkcs8(decodePkcs8(pkcs8) ?? expect.fail()))).toBe(toHex(pkcs8))
  }
})

describe('ECPrivateKey', () => {
  const scalar = fromHex(P256_SCALAR)
  const point = fromHex(P256_POINT)
  test.each<readonly [string, PrivateKeyInfo]>([
    ['with neither', { family: 'ec', curve: 'P-256', scalar }],
    ['with its point', { family: 'ec', curve: 'P-256', scalar, point }],
    ['with its curve', { family: 'ec', curve: 'P-256', scalar, namesCurveInside: true }],
    ['with both', { family: 'ec', curve: 'P-256', scalar, point, namesCurveInside: true }],
  ])('%s', (_name, key) => {
    const encoded = encodePkcs8(key)
    expect(decodePkcs8(encoded)).toEqual(key)
    const imported = createPrivateKey({ key: Buffer.from(encoded), format: 'der', type: 'pkcs8' })
    expect(imported.export({ format: 'jwk' })).toMatchObject({ d: Buffer.from(scalar).toString('base64url') })
  })

  test('that names another curve inside is refused', () => {
    const encoded = toHex(encodePkcs8({ family: 'ec', curve: 'P-256', scalar, namesCurveInside: true }))
    const curve = '06082a8648ce3d030107'
    const at = encoded.lastIndexOf(curve)
    expect(decodePkcs8(fromHex(encoded))).toBeDefined()
    // prime192v1, whose identifier is as long.
    const other = `${encoded.slice(0, at)}06082a8648ce3d030101${encoded.slice(at + curve.length)}`
    expect(decodePkcs8(fromHex(other))).toBeUndefined()
  })
})

describe('refuses', () => {
  test.each([
    ['a compressed point', `3039301306072a8648ce3d020106082a8648ce3d03010703220002${P256_POINT.slice(2, 66)}`],
    ['a hybrid point', `${P256_SPKI_HEAD}06${P256_POINT.slice(2)}`],
    ['the point at infinity', '3019301306072a8648ce3d020106082a8648ce3d03010703020000'],
    ['a curve that is not served', `3049301306072a8648ce3d020106082a8648ce3d03010103320004${'11'.repeat(48)}`],
    ['an EC key without a curve', `304f300906072a8648ce3d0201034200${P256_POINT}`],
    ['an Ed25519 key with parameters', `302c300706032b65700500032100${'11'.repeat(32)}`],
    ['an Ed25519 key of 31 bytes', `3029300506032b6570032000${'11'.repeat(31)}`],
    ['an RSA key without NULL', '301a300b06092a864886f70d010101030b003008020300ffff02013d'],
    ['another algorithm (X25519)', `302a300506032b656e032100${'11'.repeat(32)}`],
    ['bytes after the end', `${P256_SPKI_HEAD}${P256_POINT}00`],
    ['unused bits', `${P256_SPKI_HEAD.slice(0, -2)}01${P256_POINT}`],
  ])('%s', (_name, hex) => {
    expect(decodeSpki(fromHex(hex))).toBeUndefined()
  })

  test('none of these for a fault of the test itself', () => {
    expect(decodeSpki(fromHex(`${P256_SPKI_HEAD}${P256_POINT}`))).toMatchObject({ family: 'ec', curve: 'P-256' })
    expect(decodeSpki(fromHex(`302a300506032b6570032100${'11'.repeat(32)}`))).toMatchObject({ family: 'edwards' })
    const rsa = '301c300d06092a864886f70d0101010500030b003008020300ffff02013d'
    expect(decodeSpki(fromHex(rsa))).toMatchObject({ family: 'rsa' })
  })

  const ED25519 = `302e020100300506032b657004220420${'22'.repeat(32)}`
  test.each([
    ['version 2', ED25519.replace('020100', '020101')],
    ['attributes', `3030020100300506032b657004220420${'22'.repeat(32)}a000`],
    ['a seed of 31 bytes', `302d020100300506032b65700421041f${'22'.repeat(31)}`],
    ['a seed that is not wrapped twice', `302c020100300506032b65700420${'22'.repeat(32)}`],
    ['an expanded ML-KEM key', `3052020100300b06096086480165030404010440043e${'22'.repeat(62)}`],
    [
      'an EC scalar without its leading zeros',
      `3040020100301306072a8648ce3d020106082a8648ce3d03010704263024020101041f${'22'.repeat(31)}`,
    ],
  ])('a private key with %s', (_name, hex) => {
    expect(decodePkcs8(fromHex(hex))).toBeUndefined()
  })

  test('and reads the one they are made of', () => {
    expect(decodePkcs8(fromHex(ED25519))).toEqual({ family: 'edwards', seed: fromHex('22'.repeat(32)) })
  })
})
