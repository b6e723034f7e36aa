/**
 * Laws of the codecs: decode undoes encode, encode undoes decode for whatever is accepted, and damage is either
 * refused or read as what it now says.
 */

import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { SCALAR_LENGTHS } from '../../packages/hsm/src/algorithms/elliptic-curve.ts'
import { createKnownKey } from '../../packages/hsm/src/algorithms/rsa/known-key.ts'
import type { Curve } from '../../packages/hsm/src/asymmetric-primitives.ts'
import { decodeEcdsaSignature, encodeEcdsaSignature } from '../../packages/hsm/src/encoding/ecdsa-signature.ts'
import { type PrivateKeyInfo, decodePkcs8, encodePkcs8 } from '../../packages/hsm/src/encoding/pkcs8.ts'
import { type PublicKeyInfo, decodeSpki, encodeSpki } from '../../packages/hsm/src/encoding/spki.ts'
import { runs } from '../support/runs.ts'
import { toHex } from '../support/vectors.ts'

const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length })

const curve = fc.constantFrom<Curve>('P-256', 'P-384', 'P-521', 'secp256k1')
const scalarOf = (name: Curve): fc.Arbitrary<Uint8Array> => bytes(SCALAR_LENGTHS[name])
const pointOf = (name: Curve): fc.Arbitrary<Uint8Array> =>
  bytes(2 * SCALAR_LENGTHS[name]).map((coordinates) => Uint8Array.of(4, ...coordinates))

/** A positive number without leading zeros. */
const number = fc
  .tuple(fc.integer({ min: 1, max: 255 }), fc.uint8Array({ maxLength: 300 }))
  .map(([first, rest]) => Uint8Array.of(first, ...rest))

const ML_DSA_LENGTHS = { 'ML-DSA-44': 1312, 'ML-DSA-65': 1952, 'ML-DSA-87': 2592 } as const
const ML_KEM_LENGTHS = { 'ML-KEM-512': 800, 'ML-KEM-768': 1184, 'ML-KEM-1024': 1568 } as const
const mlDsa = fc.constantFrom(...(Object.keys(ML_DSA_LENGTHS) as (keyof typeof ML_DSA_LENGTHS)[]))
const mlKem = fc.constantFrom(...(Object.keys(ML_KEM_LENGTHS) as (keyof typeof ML_KEM_LENGTHS)[]))

const publicKey: fc.Arbitrary<PublicKeyInfo> = fc.oneof(
  fc.record({ modulus: number, publicExponent: number }).map((numbers) => ({ family: 'rsa' as const, numbers })),
  curve.chain((name) => pointOf(name).map((point) => ({ family: 'ec' as const, curve: name, point }))),
  bytes(32).map((key) => ({ family: 'edwards' as const, publicKey: key })),
  mlDsa.chain((parameters) =>
    bytes(ML_DSA_LENGTHS[parameters]).map((key) => ({ family: 'ml-dsa' as const, parameters, publicKey: key })),
  ),
  mlKem.chain((parameters) =>
    bytes(ML_KEM_LENGTHS[parameters]).map((key) => ({ family: 'ml-kem' as const, parameters, publicKey: key })),
  ),
)

const rsaNumbers = fc.record({
  modulus: number,
  publicExponent: number,
  privateExponent: number,
  prime1: number,
  prime2: number,
  exponent1: number,
  exponent2: number,
  coefficient: number,
})

const privateKey: fc.Arbitrary<PrivateKeyInfo> = fc.oneof(
  rsaNumbers.map((numbers) => ({ family: 'rsa' as const, numbers })),
  curve.chain((name) =>
    fc.tuple(scalarOf(name), fc.option(pointOf(name)), fc.boolean()).map(([scalar, point, namesCurve]) => ({
      family: 'ec' as const,
      curve: name,
      scalar,
      ...(point === null ? {} : { point }),
      ...(namesCurve ? { namesCurveInside: true as const } : {}),
    })),
  ),
  bytes(32).map((seed) => ({ family: 'edwards' as const, seed })),
  fc.tuple(mlDsa, bytes(32)).map(([parameters, seed]) => ({ family: 'ml-dsa' as const, parameters, seed })),
  fc.tuple(mlKem, bytes(64)).map(([parameters, seed]) => ({ family: 'ml-kem' as const, parameters, seed })),
)

test.prop([publicKey], { numRuns: runs(200, 20_000) })('a public key survives', (key) => {
  expect(decodeSpki(encodeSpki(key))).toEqual(key)
})

test.prop([privateKey], { numRuns: runs(200, 20_000) })('a private key survives', (key) => {
  expect(decodePkcs8(encodePkcs8(key))).toEqual(key)
})

const signature = curve.chain((name) =>
  bytes(2 * SCALAR_LENGTHS[name])
    .filter((both) => both.subarray(0, both.length / 2).some(Boolean) && both.subarray(both.length / 2).some(Boolean))
    .map((both) => ({ name, both })),
)

test.prop([signature], { numRuns: runs(500, 50_000) })('a signature survives', ({ name, both }) => {
  expect(decodeEcdsaSignature(encodeEcdsaSignature(both), SCALAR_LENGTHS[name])).toEqual(both)
})

/** A few bytes changed, taken out or put in. */
interface Damage {
  readonly at: number
  readonly remove: number
  readonly insert: Uint8Array
}

const damage: fc.Arbitrary<Damage> = fc.record({
  // Most of what can be wrong stands at the front.
  at: fc.oneof(fc.nat(40), fc.nat(3000)),
  remove: fc.nat(3),
  insert: fc.uint8Array({ maxLength: 3 }),
})

function apply(input: Uint8Array, damages: readonly Damage[]): Uint8Array {
  return damages.reduce((whole, { at, remove, insert }) => {
    const place = at % (whole.length + 1)
    return Uint8Array.from([...whole.subarray(0, place), ...insert, ...whole.subarray(place + remove)])
  }, input)
}

const damages = fc.array(damage, { minLength: 1, maxLength: 4 })

/** Whatever is accepted has one encoding: the one that was read. */
function expectOneMeaning<T>(
  input: Uint8Array,
  decode: (input: Uint8Array) => T | undefined,
  encode: (value: T) => Uint8Array,
): void {
  const value = decode(input)
  if (value !== undefined) expect(toHex(encode(value))).toBe(toHex(input))
}

test.prop([publicKey, damages], { numRuns: runs(2000, 40_000) })(
  'a damaged public key has one meaning',
  (key, list) => {
    expectOneMeaning(apply(encodeSpki(key), list), decodeSpki, encodeSpki)
  },
)

test.prop([privateKey, damages], { numRuns: runs(2000, 40_000) })(
  'a damaged private key has one meaning',
  (key, list) => {
    expectOneMeaning(apply(encodePkcs8(key), list), decodePkcs8, encodePkcs8)
  },
)

test.prop([signature, damages], { numRuns: runs(2000, 40_000) })(
  'a damaged signature has one meaning',
  ({ name, both }, list) => {
    const decode = (input: Uint8Array): Uint8Array | undefined => decodeEcdsaSignature(input, SCALAR_LENGTHS[name])
    expectOneMeaning(apply(encodeEcdsaSignature(both), list), decode, encodeEcdsaSignature)
  },
)

test.prop([fc.uint8Array({ maxLength: 4096 })], { numRuns: runs(2000, 40_000) })(
  'any bytes are read or refused',
  (input) => {
    expectOneMeaning(input, decodeSpki, encodeSpki)
    expectOneMeaning(input, decodePkcs8, encodePkcs8)
  },
)

test('every byte of a key, changed, is refused or means something else', () => {
  const encoded = encodePkcs8({ family: 'rsa', numbers: createKnownKey() })
  let accepted = 0
  for (let at = 0; at < encoded.length; at++) {
    const changed = encoded.map((byte, i) => (i === at ? byte ^ 0x80 : byte))
    expectOneMeaning(changed, decodePkcs8, encodePkcs8)
    if (decodePkcs8(changed) !== undefined) accepted++
  }
  // Numbers may hold anything; the structure around them, and their first bytes, may not.
  expect(accepted).toBeGreaterThan(1000)
  expect(accepted).toBeLessThan(encoded.length - 50)
})

test('structure nested without end is refused at once', () => {
  const nested = new Uint8Array(6000)
  for (let i = 0; i < nested.length; i += 4)
    nested.set([0x30, 0x82, (nested.length - i - 4) >> 8, (nested.length - i - 4) & 0xff], i)
  expect(decodePkcs8(nested)).toBeUndefined()
  expect(decodeSpki(nested)).toBeUndefined()
})
