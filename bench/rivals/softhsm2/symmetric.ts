/** AES-256-GCM, digests, HMAC and random bytes by SoftHSM2, under the names that our own rows have. It has no KBKDF. */

import { nobleProvider } from '@softkms/hsm'
import {
  ADDITIONAL_DATA,
  DIGESTS,
  KEY,
  MAC_HASHES,
  MESSAGE,
  NONCE,
  SIZES,
  areEqual,
  macKeyOf,
  plaintextOf,
} from '../../primitive/inputs.ts'
import { checked } from '../../primitive/symmetric.ts'
import type { Subject } from '../../row.ts'
import type { Attribute, Handle, Mechanism } from './pkcs11.ts'
import type { Token } from './softhsm2.ts'

const TAG_LENGTH = 16
const RANDOM_LENGTH = 32

export function symmetricSoftHsmSubjects({ pkcs11, session, constant }: Token): readonly Subject[] {
  return [...SIZES.flatMap(sealAndOpen), ...MAC_HASHES.map(mac), ...DIGESTS.map(digest), random()]

  function sealAndOpen(size: number): readonly Subject[] {
    const plaintext = Buffer.from(plaintextOf(size))
    const expected = () => nobleProvider.sealAesGcm(KEY, NONCE, ADDITIONAL_DATA, plaintext)
    const prepare = () => ({ key: secretKey('CKK_AES', KEY), mechanism: gcm() })
    return [
      checked(`AES-256-GCM seal ${size} B`, () => {
        const { key, mechanism } = prepare()
        const output = Buffer.alloc(size + TAG_LENGTH)
        const seal = () => {
          pkcs11.C_EncryptInit(session, mechanism, key)
          return pkcs11.C_Encrypt(session, plaintext, output)
        }
        return { run: seal, isRight: areEqual(seal(), expected()) }
      }),
      checked(`AES-256-GCM open ${size} B`, () => {
        const { key, mechanism } = prepare()
        const sealed = Buffer.from(expected())
        const output = Buffer.alloc(size + TAG_LENGTH)
        const open = () => {
          pkcs11.C_DecryptInit(session, mechanism, key)
          return pkcs11.C_Decrypt(session, sealed, output)
        }
        return { run: open, isRight: areEqual(open(), plaintext) }
      }),
    ]
  }

  function mac(hash: (typeof MAC_HASHES)[number]): Subject {
    return checked(`HMAC-${hash} 32 B`, () => {
      const key = secretKey('CKK_GENERIC_SECRET', macKeyOf(hash))
      const mechanism = { mechanism: constant(`CKM_${hash.replace('-', '')}_HMAC`) }
      const message = Buffer.from(MESSAGE)
      const output = Buffer.alloc(64)
      const compute = () => {
        pkcs11.C_SignInit(session, mechanism, key)
        return pkcs11.C_Sign(session, message, output)
      }
      return {
        run: compute,
        isRight: areEqual(compute(), nobleProvider.createHmac(hash, macKeyOf(hash)).compute(MESSAGE)),
      }
    })
  }

  function digest(hash: (typeof DIGESTS)[number]): Subject {
    return checked(`${hash} 4096 B`, () => {
      const mechanism = { mechanism: constant(`CKM_${hash.replace('-', '')}`) }
      const input = Buffer.from(plaintextOf(4096))
      const output = Buffer.alloc(64)
      const compute = () => {
        pkcs11.C_DigestInit(session, mechanism)
        return pkcs11.C_Digest(session, input, output)
      }
      return { run: compute, isRight: areEqual(compute(), nobleProvider.digest(hash, input)) }
    })
  }

  function random(): Subject {
    return checked(`CTR_DRBG ${RANDOM_LENGTH} B`, () => {
      const draw = () => pkcs11.C_GenerateRandom(session, Buffer.alloc(RANDOM_LENGTH))
      return { run: draw, isRight: !areEqual(draw(), draw()) }
    })
  }

  function gcm(): Mechanism {
    const parameter = {
      type: constant('CK_PARAMS_AES_GCM'),
      iv: Buffer.from(NONCE),
      aad: Buffer.from(ADDITIONAL_DATA),
      ivBits: NONCE.length * 8,
      tagBits: TAG_LENGTH * 8,
    }
    return { mechanism: constant('CKM_AES_GCM'), parameter }
  }

  function secretKey(type: string, value: Uint8Array): Handle {
    const uses = ['CKA_ENCRYPT', 'CKA_DECRYPT', 'CKA_SIGN', 'CKA_VERIFY']
    const template: readonly Attribute[] = [
      { type: constant('CKA_CLASS'), value: constant('CKO_SECRET_KEY') },
      { type: constant('CKA_KEY_TYPE'), value: constant(type) },
      { type: constant('CKA_TOKEN'), value: false },
      { type: constant('CKA_VALUE'), value: Buffer.from(value) },
      ...uses.map((use) => ({ type: constant(use), value: true })),
    ]
    return pkcs11.C_CreateObject(session, template)
  }
}
