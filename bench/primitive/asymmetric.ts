/** RSA, the curves and the lattices of one provider. ML-DSA's signatures and RSA's keys are made over fair inputs, elsewhere. */

import { KEY_SPECS, type KeySpec, nobleProvider, systemEntropy } from '@softkms/hsm'
import { signEcdsaMessage, verifyEcdsaMessage } from '../../packages/hsm/src/algorithms/ecdsa/ecdsa.ts'
import { signMlDsaMessage, verifyMlDsaMessage } from '../../packages/hsm/src/algorithms/ml-dsa/ml-dsa.ts'
import { ratesOf } from '../../packages/cli/src/bench/request-rates.ts'
import type { OwnProvider } from '../providers.ts'
import type { Subject } from '../row.ts'
import {
  CURVES,
  ED25519_SEED,
  MESSAGE,
  RSA_SIZES,
  areEqual,
  drawSeed,
  ecKeyOf,
  rsaInputOf,
  rsaKeyOf,
} from './inputs.ts'
import { checked } from './symmetric.ts'

export function asymmetricSubjects({ provider, computes }: OwnProvider): readonly Subject[] {
  const specs = Object.keys(KEY_SPECS) as readonly KeySpec[]
  return [
    ...(computes('RSA') ? RSA_SIZES.flatMap(rsa) : []),
    ...Object.keys(CURVES).flatMap((spec) => curve(spec as KeySpec)),
    ...(computes('Ed25519') ? edwards() : []),
    ...(computes('ML-DSA') ? specs.flatMap(mlDsa) : []),
    ...(computes('ML-KEM') ? specs.flatMap(mlKem) : []),
  ]

  /** Raw: what Sign and Decrypt do with the private numbers, and Verify and Encrypt with the public ones. */
  function rsa(bits: number): readonly Subject[] {
    const spec = `RSA_${bits}` as KeySpec
    const input = rsaInputOf(bits)
    const encrypted = () => nobleProvider.createRsaPublicKey(rsaKeyOf(bits)).compute(input)
    return [
      {
        ...checked(`${spec} private`, () => {
          const key = provider.createRsaPrivateKey(rsaKeyOf(bits), systemEntropy)
          const ciphertext = encrypted() ?? input
          return { run: () => key.compute(ciphertext), isRight: areEqual(key.compute(ciphertext), input) }
        }),
        ...ratesOf('Sign', spec),
      },
      {
        ...checked(`${spec} public`, () => {
          const key = provider.createRsaPublicKey(rsaKeyOf(bits))
          return { run: () => key.compute(input), isRight: areEqual(key.compute(input), encrypted()) }
        }),
        ...ratesOf('Encrypt', spec),
      },
    ]
  }

  function curve(spec: KeySpec): readonly Subject[] {
    const { curve: name, hash, canAgree } = CURVES[spec] ?? {}
    if (name === undefined || hash === undefined) return []
    const own = () => ecKeyOf(name, 'own')
    const sign = () => signEcdsaMessage(provider, name, hash, own().scalar, MESSAGE, systemEntropy)
    const generate = () => provider.computePoint(name, provider.generateScalar(name, systemEntropy))
    const signatures = [
      {
        ...checked(`${spec} sign`, () => {
          const isRight = verifyEcdsaMessage(nobleProvider, name, hash, own().point, MESSAGE, sign())
          return { run: sign, isRight }
        }),
        ...ratesOf('Sign', spec),
      },
      {
        ...checked(`${spec} verify`, () => {
          const signature = signEcdsaMessage(nobleProvider, name, hash, own().scalar, MESSAGE, systemEntropy)
          const verify = () => verifyEcdsaMessage(provider, name, hash, own().point, MESSAGE, signature)
          return { run: verify, isRight: verify() }
        }),
        ...ratesOf('Verify', spec),
      },
      checked(`${spec} generate`, () => {
        const point = generate()
        return { run: generate, isRight: point !== undefined && nobleProvider.isPoint(name, point) }
      }),
    ]
    const agreement = {
      ...checked(`${spec} derive`, () => {
        const peer = ecKeyOf(name, 'peer')
        const expected = nobleProvider.deriveEcdh(name, peer.scalar, own().point)
        const derive = () => provider.deriveEcdh(name, own().scalar, peer.point)
        return { run: derive, isRight: areEqual(derive(), expected) }
      }),
      ...ratesOf('DeriveSharedSecret', spec),
    }
    return [...(computes('ECDSA') ? signatures : []), ...(canAgree === true && computes('ECDH') ? [agreement] : [])]
  }

  function edwards(): readonly Subject[] {
    const spec = 'ECC_NIST_EDWARDS25519'
    const publicKey = nobleProvider.computeEd25519PublicKey(ED25519_SEED)
    const signature = nobleProvider.signEd25519(ED25519_SEED, MESSAGE, false)
    const sign = () => provider.signEd25519(ED25519_SEED, MESSAGE, false)
    const verify = () => provider.verifyEd25519(publicKey, MESSAGE, signature, false)
    const generate = () => provider.computeEd25519PublicKey(drawSeed(32))
    return [
      {
        ...checked(`${spec} sign`, () => ({ run: sign, isRight: areEqual(sign(), signature) })),
        ...ratesOf('Sign', spec),
      },
      { ...checked(`${spec} verify`, () => ({ run: verify, isRight: verify() })), ...ratesOf('Verify', spec) },
      checked(`${spec} generate`, () => ({
        run: generate,
        isRight: areEqual(provider.computeEd25519PublicKey(ED25519_SEED), publicKey),
      })),
    ]
  }

  function mlDsa(spec: KeySpec): readonly Subject[] {
    const row = KEY_SPECS[spec]
    if (row.family !== 'ml-dsa') return []
    const { parameters } = row
    const generate = () => provider.createMlDsaKey(parameters, drawSeed(32))
    return [
      {
        ...checked(`${spec} verify`, () => {
          const key = nobleProvider.createMlDsaKey(parameters, drawSeed(32))
          const signature = signMlDsaMessage(nobleProvider, key, MESSAGE, systemEntropy)
          const verify = () => verifyMlDsaMessage(provider, parameters, key.publicKey, MESSAGE, signature)
          return { run: verify, isRight: verify() }
        }),
        ...ratesOf('Verify', spec),
      },
      checked(`${spec} generate`, () => {
        const seed = drawSeed(32)
        const { publicKey } = nobleProvider.createMlDsaKey(parameters, seed)
        return { run: generate, isRight: areEqual(provider.createMlDsaKey(parameters, seed).publicKey, publicKey) }
      }),
    ]
  }

  function mlKem(spec: KeySpec): readonly Subject[] {
    const row = KEY_SPECS[spec]
    if (row.family !== 'ml-kem') return []
    const { parameters } = row
    const generate = () => provider.createMlKemKey(parameters, drawSeed(64))
    return [
      {
        ...checked(`${spec} encapsulate`, () => {
          const key = nobleProvider.createMlKemKey(parameters, drawSeed(64))
          const run = () => provider.encapsulate(parameters, key.encapsulationKey, systemEntropy)
          const made = run()
          const isRight = made !== undefined && areEqual(key.decapsulate(made.ciphertext), made.sharedSecret)
          return { run, isRight }
        }),
        ...ratesOf('Encapsulate', spec),
      },
      {
        ...checked(`${spec} decapsulate`, () => {
          const key = provider.createMlKemKey(parameters, drawSeed(64))
          const made = nobleProvider.encapsulate(parameters, key.encapsulationKey, systemEntropy)
          if (made === undefined) return { run: () => undefined, isRight: false }
          const run = () => key.decapsulate(made.ciphertext)
          return { run, isRight: areEqual(run(), made.sharedSecret) }
        }),
        ...ratesOf('Decapsulate', spec),
      },
      checked(`${spec} generate`, () => {
        const seed = drawSeed(64)
        const { encapsulationKey } = nobleProvider.createMlKemKey(parameters, seed)
        const isRight = areEqual(provider.createMlKemKey(parameters, seed).encapsulationKey, encapsulationKey)
        return { run: generate, isRight }
      }),
    ]
  }
}
