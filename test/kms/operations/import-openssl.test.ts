/**
 * Material made and wrapped by the `openssl` command, step by step as AWS documents it, once for each algorithm.
 *
 * @covers KMS crypto-details §8; PKCS #11 3.1 §6.1.24, RFC 5649
 */
import { createPrivateKey } from 'node:crypto'
import type { KeySpec, KmsKeyUsage, WrappingAlgorithm } from '@softkms/hsm'
import { expect } from 'vitest'
import { NEVER, type OutsideMaterial, createExternalKey } from '../../support/import-material.ts'
import { startNativeKms } from '../../support/kms-keys.ts'
import { type OpenSsl, testOpenSsl } from '../../support/openssl.ts'
import { expectMaterial } from '../../support/prove-material.ts'

interface Way {
  readonly spec: KeySpec
  readonly usage: KmsKeyUsage
  readonly algorithm: WrappingAlgorithm
  /** The openssl command that makes the material, private keys as PEM. */
  readonly make: readonly string[]
}

const ofEc = (curve: string) => ['genpkey', '-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${curve}`]

const WAYS: readonly Way[] = [
  {
    spec: 'SYMMETRIC_DEFAULT',
    usage: 'ENCRYPT_DECRYPT',
    algorithm: 'RSAES_OAEP_SHA_256',
    make: ['rand', '32'],
  },
  { spec: 'HMAC_512', usage: 'GENERATE_VERIFY_MAC', algorithm: 'RSAES_OAEP_SHA_1', make: ['rand', '64'] },
  {
    spec: 'ECC_NIST_P384',
    usage: 'KEY_AGREEMENT',
    algorithm: 'RSAES_OAEP_SHA_256',
    make: ofEc('P-384'),
  },
  {
    spec: 'ECC_SECG_P256K1',
    usage: 'SIGN_VERIFY',
    algorithm: 'RSA_AES_KEY_WRAP_SHA_1',
    make: ofEc('secp256k1'),
  },
  {
    spec: 'ECC_NIST_EDWARDS25519',
    usage: 'SIGN_VERIFY',
    algorithm: 'RSA_AES_KEY_WRAP_SHA_256',
    make: ['genpkey', '-algorithm', 'ED25519'],
  },
  {
    spec: 'RSA_2048',
    usage: 'ENCRYPT_DECRYPT',
    algorithm: 'RSA_AES_KEY_WRAP_SHA_256',
    make: ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  },
]

/** Raw bytes, or the PKCS#8 of a private key; `genpkey` itself writes other DER in some versions. */
function makeMaterial(openssl: OpenSsl, make: readonly string[]): OutsideMaterial {
  const made = openssl.run(...make)
  if (!make.includes('genpkey')) return { bytes: made }
  const bytes = openssl.run('pkcs8', '-topk8', '-nocrypt', '-outform', 'DER', '-in', openssl.file('pem', made))
  return { bytes, privateKey: createPrivateKey({ key: Buffer.from(bytes), format: 'der', type: 'pkcs8' }) }
}

/** Encrypts under the wrapping key. */
function encryptOaep(openssl: OpenSsl, publicKey: string, plaintext: string, hash: string): Uint8Array {
  const options = ['rsa_padding_mode:oaep', `rsa_oaep_md:${hash}`, `rsa_mgf1_md:${hash}`]
  return openssl.run(
    ...['pkeyutl', '-encrypt', '-in', plaintext, '-inkey', publicKey, '-keyform', 'DER', '-pubin'],
    ...options.flatMap((option) => ['-pkeyopt', option]),
  )
}

/** Both halves of RSA_AES_KEY_WRAP, joined. */
function wrapAes(openssl: OpenSsl, publicKey: string, material: string, hash: string): Uint8Array {
  const aesKey = openssl.run('rand', '32')
  const wrapped = openssl.run(
    ...['enc', '-id-aes256-wrap-pad', '-K', Buffer.from(aesKey).toString('hex'), '-iv', 'A65959A6', '-in', material],
  )
  return Uint8Array.of(...encryptOaep(openssl, publicKey, openssl.file('aes-key', aesKey), hash), ...wrapped)
}

for (const { spec, usage, algorithm, make } of WAYS) {
  testOpenSsl(`${spec} ${usage} by ${algorithm}`, async (openssl) => {
    const { kms } = await startNativeKms()
    const { KeyId } = await createExternalKey(kms, spec, usage)
    const parameters = { KeyId, WrappingAlgorithm: algorithm, WrappingKeySpec: 'RSA_3072' } as const
    const { PublicKey, ImportToken } = await kms.getParametersForImport(parameters)
    const publicKey = openssl.file('wrapping-key', PublicKey ?? expect.fail('no key'))
    const material = makeMaterial(openssl, make)
    const hash = algorithm.endsWith('SHA_1') ? 'sha1' : 'sha256'
    const wrap = algorithm.startsWith('RSA_AES') ? wrapAes : encryptOaep
    const EncryptedKeyMaterial = wrap(openssl, publicKey, openssl.file('material', material.bytes), hash)
    await kms.importKeyMaterial({ KeyId, ImportToken, EncryptedKeyMaterial, ...NEVER })
    await expectMaterial(kms, { KeyId, spec, usage }, material)
  })
}
