/**
 * RSA here and in the `openssl` command, both ways: keys as PKCS#8 and SPKI, signatures by both schemes, OAEP.
 */

import { describe, expect } from 'vitest'
import { decryptOaep, encryptOaep } from '../../packages/hsm/src/algorithms/rsa/oaep.ts'
import { signPkcs1, verifyPkcs1 } from '../../packages/hsm/src/algorithms/rsa/pkcs1.ts'
import { signPss, verifyPss } from '../../packages/hsm/src/algorithms/rsa/pss.ts'
import { encodePkcs8 } from '../../packages/hsm/src/encoding/pkcs8.ts'
import { encodeSpki } from '../../packages/hsm/src/encoding/spki.ts'
import { drawBytes, systemEntropy } from '../../packages/hsm/src/entropy.ts'
import { bigintRsa } from '../../packages/hsm/src/provider/bigint-rsa.ts'
import { nobleHash } from '../../packages/hsm/src/provider/noble-hash.ts'
import { testOpenSsl } from '../support/openssl.ts'
import { loadRsaKey } from '../support/rsa-key.ts'
import { runs } from '../support/runs.ts'
import { toHex } from '../support/vectors.ts'

const HASHES = { 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' } as const
const SIZES = runs(1, 3) === 1 ? [2048] : [2048, 3072, 4096]

describe.each(SIZES)('RSA %i of ours', (bits) => {
  const numbers = bigintRsa.generateRsaKey(bits, systemEntropy)
  const pkcs8 = encodePkcs8({ family: 'rsa', numbers })
  const spki = encodeSpki({ family: 'rsa', numbers })
  const { publicKey, privateKey } = loadRsaKey(pkcs8)
  const message = drawBytes(systemEntropy, 1000)

  testOpenSsl('is a key that it finds sound, and writes as we do', ({ file, run }) => {
    const key = file('key', pkcs8)
    run('pkey', '-inform', 'DER', '-in', key, '-check', '-noout')
    expect(toHex(run('pkcs8', '-topk8', '-nocrypt', '-inform', 'DER', '-in', key, '-outform', 'DER'))).toBe(
      toHex(pkcs8),
    )
    expect(toHex(run('pkey', '-inform', 'DER', '-in', key, '-pubout', '-outform', 'DER'))).toBe(toHex(spki))
  })

  for (const [hash, name] of Object.entries(HASHES) as [keyof typeof HASHES, string][]) {
    const pss = ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:digest']
    const digest = nobleHash.digest(hash, message)

    testOpenSsl(`signs with ${hash} by either scheme, and each verifies the other`, ({ file, run }) => {
      const key = file('key', pkcs8)
      const spkiFile = file('spki', spki)
      const text = file('message', message)
      const verifyThere = (signature: Uint8Array, ...options: readonly string[]): string =>
        new TextDecoder().decode(
          run(
            'dgst',
            `-${name}`,
            '-keyform',
            'DER',
            '-verify',
            spkiFile,
            '-signature',
            file('signature', signature),
            ...options,
            text,
          ),
        )
      const signThere = (...options: readonly string[]): Uint8Array =>
        run('dgst', `-${name}`, '-keyform', 'DER', '-sign', key, ...options, text)

      expect(verifyThere(signPkcs1(privateKey, numbers, hash, digest))).toBe('Verified OK\n')
      expect(verifyThere(signPss(nobleHash, privateKey, numbers, hash, digest, systemEntropy), ...pss)).toBe(
        'Verified OK\n',
      )
      expect(verifyPkcs1(publicKey, numbers, hash, digest, signThere())).toBe(true)
      expect(verifyPss(nobleHash, publicKey, numbers, hash, digest, signThere(...pss))).toBe(true)
    })
  }

  for (const [hash, name] of [
    ['SHA-1', 'sha1'],
    ['SHA-256', 'sha256'],
  ] as const) {
    testOpenSsl(`encrypts by OAEP with ${hash}, and each decrypts the other`, ({ file, run }) => {
      const secret = drawBytes(systemEntropy, 32)
      const options = [`rsa_padding_mode:oaep`, `rsa_oaep_md:${name}`, `rsa_mgf1_md:${name}`].flatMap((one) => [
        '-pkeyopt',
        one,
      ])
      const ours = file('ours', encryptOaep(nobleHash, publicKey, numbers, hash, secret, systemEntropy))
      expect(
        run('pkeyutl', '-decrypt', '-keyform', 'DER', '-inkey', file('key', pkcs8), ...options, '-in', ours),
      ).toEqual(secret)
      const theirs = run(
        'pkeyutl',
        '-encrypt',
        '-pubin',
        '-keyform',
        'DER',
        '-inkey',
        file('spki', spki),
        ...options,
        '-in',
        file('secret', secret),
      )
      expect(decryptOaep(nobleHash, privateKey, numbers, hash, theirs)).toEqual(secret)
    })
  }
})

testOpenSsl('a key of its own is read here, and signs here as there', ({ file, run }) => {
  const pem = file('pem', run('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'))
  const { numbers, privateKey } = loadRsaKey(run('pkcs8', '-topk8', '-nocrypt', '-in', pem, '-outform', 'DER'))
  const message = drawBytes(systemEntropy, 100)
  const theirs = run('dgst', '-sha256', '-sign', pem, file('message', message))
  expect(signPkcs1(privateKey, numbers, 'SHA-256', nobleHash.digest('SHA-256', message))).toEqual(theirs)
})
