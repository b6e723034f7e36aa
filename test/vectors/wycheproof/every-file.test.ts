/** No file of Wycheproof is passed over in silence: each is some test's, or has a reason why it is none's. */

import { expect, test } from 'vitest'
import { WYCHEPROOF_COUNTS } from '../../../tools/docs/vector-counts.ts'
import { filesOf, namesInFolder, placeOf } from '../../support/wycheproof-files.ts'

const inFolder = namesInFolder()

test.for(inFolder)('%s', (name, { skip }) => {
  const { sets, reason } = placeOf(name)
  if (reason !== undefined) skip(reason)
  expect(sets, `${name} is in no set of wycheproof-files.ts, and no reason is given`).toHaveLength(1)
})

test.each(Object.keys(WYCHEPROOF_COUNTS))('%s, a known one, is in one set', (name) => {
  expect(placeOf(name).sets).toHaveLength(1)
})

test.each([
  ['ecdsa_secp384r1_sha384', 'ecdsa'],
  ['ecdh_secp521r1', 'ecdh'],
  ['hmac_sha384', 'hmac'],
  ['mldsa_87_sign_seed', 'ml-dsa signing'],
  ['mldsa_87_verify', 'ml-dsa verification'],
  ['mlkem_768', 'ml-kem'],
  ['rsa_oaep_3072_sha256_mgf1sha256', 'oaep'],
  ['rsa_pss_3072_sha256_mgf1_32', 'pss'],
  ['rsa_signature_3072_sha512', 'pkcs1 verification'],
])('%s, which is not among the known ones, would be run', (name, set) => {
  expect(placeOf(name).sets).toEqual([set])
})

test.each(['rsa_signature_2048_sha3_256', 'rsa_pss_2048_sha1_mgf1_20', 'ecdsa_secp256r1_sha256_p1363', 'aes_xts'])(
  '%s has a reason not to be',
  (name) => {
    expect(placeOf(name).sets).toEqual([])
    expect(placeOf(name).reason).toBeTypeOf('string')
  },
)

test('a file of an algorithm that we have, in a form that nobody thought of, is noticed', () => {
  expect(placeOf('mldsa_44_sign_backwards')).toEqual({ sets: [], reason: undefined })
})

test('a set has the files that are there besides the known ones', () => {
  const known = Object.keys(WYCHEPROOF_COUNTS)
  for (const name of inFolder.filter((one) => placeOf(one).sets.length > 0)) {
    for (const set of placeOf(name).sets) expect(filesOf(set)).toContain(name)
  }
  expect(filesOf('hmac')).toEqual(expect.arrayContaining(known.filter((name) => name.startsWith('hmac_'))))
})
