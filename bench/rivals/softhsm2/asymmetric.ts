/** RSA and the curves by SoftHSM2, under the names that our own rows have. It has no ML-DSA and no ML-KEM. */

import { type KeySpec, nobleProvider, systemEntropy } from '@softkms/hsm'
import { pairRatesOf, ratesOf } from '../../../packages/cli/src/bench/request-rates.ts'
import {
  CURVES,
  ED25519_SEED,
  MESSAGE,
  RSA_SIZES,
  areEqual,
  ecKeyOf,
  rsaInputOf,
  rsaKeyOf,
} from '../../primitive/inputs.ts'
import { checked } from '../../primitive/symmetric.ts'
import type { Subject } from '../../row.ts'
import type { Attribute, Handle, Mechanism } from './pkcs11.ts'
import type { Token } from './softhsm2.ts'

/** DER of the curves' object identifiers. */
const OIDS: Readonly<Record<string, string>> = {
  ECC_NIST_P256: '06082a8648ce3d030107',
  ECC_NIST_P384: '06052b81040022',
  ECC_NIST_P521: '06052b81040023',
  ECC_SECG_P256K1: '06052b8104000a',
  ECC_NIST_EDWARDS25519: '06032b6570',
}
const RSA_EXPONENT = Buffer.from([1, 0, 1])

/** Of PKCS#11 3.0, which the binding does not know. */
const EDWARDS = { keyType: 0x40, generate: 0x1055, sign: 0x1057 } as const

export function asymmetricSoftHsmSubjects({ pkcs11, session, constant }: Token): readonly Subject[] {
  return [...RSA_SIZES.flatMap(rsa), ...Object.keys(CURVES).flatMap((spec) => curve(spec as KeySpec)), ...edwards()]

  function rsa(bits: number): readonly Subject[] {
    const spec = `RSA_${bits}` as KeySpec
    const mechanism = { mechanism: constant('CKM_RSA_X_509') }
    const input = Buffer.from(rsaInputOf(bits))
    const encrypted = () => nobleProvider.createRsaPublicKey(rsaKeyOf(bits)).compute(input) ?? input
    const generate = () =>
      generatePair(
        { mechanism: constant('CKM_RSA_PKCS_KEY_PAIR_GEN') },
        attributes({ CKA_MODULUS_BITS: bits, CKA_PUBLIC_EXPONENT: RSA_EXPONENT }),
      )
    return [
      {
        ...checked(`${spec} private`, () => {
          const key = rsaObject(bits, 'CKO_PRIVATE_KEY')
          const ciphertext = Buffer.from(encrypted())
          const output = Buffer.alloc(bits / 8)
          const compute = () => {
            pkcs11.C_SignInit(session, mechanism, key)
            return pkcs11.C_Sign(session, ciphertext, output)
          }
          return { run: compute, isRight: areEqual(compute(), input) }
        }),
        ...ratesOf('Sign', spec),
      },
      {
        ...checked(`${spec} public`, () => {
          const key = rsaObject(bits, 'CKO_PUBLIC_KEY')
          const output = Buffer.alloc(bits / 8)
          const compute = () => {
            pkcs11.C_EncryptInit(session, mechanism, key)
            return pkcs11.C_Encrypt(session, input, output)
          }
          return { run: compute, isRight: areEqual(compute(), encrypted()) }
        }),
        ...ratesOf('Encrypt', spec),
      },
      { ...checked(`${spec} generate`, () => ({ run: generate, isRight: generate() })), ...pairRatesOf(spec) },
    ]
  }

  function curve(spec: KeySpec): readonly Subject[] {
    const { curve: name, hash, canAgree } = CURVES[spec] ?? {}
    if (name === undefined || hash === undefined) return []
    const mechanism = { mechanism: constant('CKM_ECDSA') }
    const own = () => ecKeyOf(name, 'own')
    const digest = () => Buffer.from(nobleProvider.digest(hash, MESSAGE))
    const generate = () => generatePair({ mechanism: constant('CKM_EC_KEY_PAIR_GEN') }, curveAttributes(spec))
    const subjects = [
      {
        ...checked(`${spec} sign`, () => {
          const key = privateObject(spec, constant('CKK_EC'), own().scalar)
          const message = digest()
          const sign = signer(mechanism, key, message)
          const isRight = nobleProvider.verifyEcdsa(name, own().point, message, sign())
          return { run: sign, isRight }
        }),
        ...ratesOf('Sign', spec),
      },
      {
        ...checked(`${spec} verify`, () => {
          const key = publicObject(spec, constant('CKK_EC'), own().point)
          const message = digest()
          const signature = Buffer.from(nobleProvider.signEcdsa(name, own().scalar, message, systemEntropy))
          const verify = verifier(mechanism, key, message, signature)
          return { run: verify, isRight: verify() }
        }),
        ...ratesOf('Verify', spec),
      },
      checked(`${spec} generate`, () => ({ run: generate, isRight: generate() })),
    ]
    return canAgree === true ? [...subjects, agreement(spec)] : subjects
  }

  function agreement(spec: KeySpec): Subject {
    const { curve: name = 'P-256' } = CURVES[spec] ?? {}
    const prepare = () => {
      const key = privateObject(spec, constant('CKK_EC'), ecKeyOf(name, 'own').scalar)
      const { point, scalar } = ecKeyOf(name, 'peer')
      const expected = nobleProvider.deriveEcdh(name, scalar, ecKeyOf(name, 'own').point)
      const parameter = {
        type: constant('CK_PARAMS_EC_DH'),
        kdf: constant('CKD_NULL'),
        publicData: Buffer.from(point),
      }
      const mechanism = { mechanism: constant('CKM_ECDH1_DERIVE'), parameter }
      const template = attributes({
        CKA_CLASS: constant('CKO_SECRET_KEY'),
        CKA_KEY_TYPE: constant('CKK_GENERIC_SECRET'),
        CKA_TOKEN: false,
        CKA_SENSITIVE: false,
        CKA_EXTRACTABLE: true,
        CKA_VALUE_LEN: scalar.length,
      })
      const derive = () => {
        const secret = pkcs11.C_DeriveKey(session, mechanism, key, template)
        const [attribute] = pkcs11.C_GetAttributeValue(session, secret, [{ type: constant('CKA_VALUE') }])
        pkcs11.C_DestroyObject(session, secret)
        return attribute?.value
      }
      return { run: derive, isRight: areEqual(derive(), expected) }
    }
    return { ...checked(`${spec} derive`, prepare), ...ratesOf('DeriveSharedSecret', spec) }
  }

  function edwards(): readonly Subject[] {
    const spec = 'ECC_NIST_EDWARDS25519'
    const mechanism = { mechanism: EDWARDS.sign }
    const message = Buffer.from(MESSAGE)
    const signature = () => Buffer.from(nobleProvider.signEd25519(ED25519_SEED, MESSAGE, false))
    const generate = () => generatePair({ mechanism: EDWARDS.generate }, curveAttributes(spec))
    return [
      {
        ...checked(`${spec} sign`, () => {
          const sign = signer(mechanism, privateObject(spec, EDWARDS.keyType, ED25519_SEED), message)
          return { run: sign, isRight: areEqual(sign(), signature()) }
        }),
        ...ratesOf('Sign', spec),
      },
      {
        ...checked(`${spec} verify`, () => {
          const key = publicObject(spec, EDWARDS.keyType, nobleProvider.computeEd25519PublicKey(ED25519_SEED))
          const verify = verifier(mechanism, key, message, signature())
          return { run: verify, isRight: verify() }
        }),
        ...ratesOf('Verify', spec),
      },
      checked(`${spec} generate`, () => ({ run: generate, isRight: generate() })),
    ]
  }

  function signer(mechanism: Mechanism, key: Handle, message: Buffer): () => Buffer {
    const output = Buffer.alloc(256)
    return () => {
      pkcs11.C_SignInit(session, mechanism, key)
      return pkcs11.C_Sign(session, message, output)
    }
  }

  function verifier(mechanism: Mechanism, key: Handle, message: Buffer, signature: Buffer): () => boolean {
    return () => {
      pkcs11.C_VerifyInit(session, mechanism, key)
      return pkcs11.C_Verify(session, message, signature)
    }
  }

  /** Makes a pair and takes it away again. */
  function generatePair(mechanism: Mechanism, publicAttributes: readonly Attribute[]): boolean {
    const use = attributes({ CKA_TOKEN: false })
    const pair = pkcs11.C_GenerateKeyPair(session, mechanism, [...use, ...publicAttributes], use)
    pkcs11.C_DestroyObject(session, pair.privateKey)
    pkcs11.C_DestroyObject(session, pair.publicKey)
    return true
  }

  function rsaObject(bits: number, kind: 'CKO_PRIVATE_KEY' | 'CKO_PUBLIC_KEY'): Handle {
    const key = rsaKeyOf(bits)
    const numbers = { CKA_MODULUS: key.modulus, CKA_PUBLIC_EXPONENT: key.publicExponent }
    const secrets = {
      CKA_PRIVATE_EXPONENT: key.privateExponent,
      CKA_PRIME_1: key.prime1,
      CKA_PRIME_2: key.prime2,
      CKA_EXPONENT_1: key.exponent1,
      CKA_EXPONENT_2: key.exponent2,
      CKA_COEFFICIENT: key.coefficient,
      CKA_SIGN: true,
    }
    return createObject(kind, constant('CKK_RSA'), {
      ...numbers,
      ...(kind === 'CKO_PRIVATE_KEY' ? secrets : { CKA_ENCRYPT: true }),
    })
  }

  function privateObject(spec: string, keyType: number, value: Uint8Array): Handle {
    const uses = { CKA_SIGN: true, CKA_DERIVE: true }
    return createObject('CKO_PRIVATE_KEY', keyType, { ...curveValues(spec), CKA_VALUE: value, ...uses })
  }

  function publicObject(spec: string, keyType: number, point: Uint8Array): Handle {
    return createObject('CKO_PUBLIC_KEY', keyType, {
      ...curveValues(spec),
      CKA_EC_POINT: encodeOctetString(point),
      CKA_VERIFY: true,
    })
  }

  function createObject(kind: string, keyType: number, values: Values): Handle {
    const common = { CKA_CLASS: constant(kind), CKA_KEY_TYPE: keyType, CKA_TOKEN: false }
    return pkcs11.C_CreateObject(session, attributes({ ...common, ...values }))
  }

  function curveAttributes(spec: string): readonly Attribute[] {
    return attributes(curveValues(spec))
  }

  function curveValues(spec: string): Values {
    return { CKA_EC_PARAMS: Buffer.from(OIDS[spec] ?? '', 'hex') }
  }

  function attributes(values: Values): readonly Attribute[] {
    return Object.entries(values).map(([name, value]) => ({
      type: constant(name),
      value: value instanceof Uint8Array ? Buffer.from(value) : value,
    }))
  }
}

type Values = Readonly<Record<string, number | boolean | Uint8Array>>

/** @spec X.690 §8.7; a point has at most 133 bytes */
function encodeOctetString(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from([0x04, ...(bytes.length < 128 ? [bytes.length] : [0x81, bytes.length]), ...bytes])
}
