/**
 * The known answers of Ed25519 and Ed25519ph, which are deterministic: signed, verified, and one refused.
 *
 * @spec RFC 8032 §7.1 (test 3), §7.3 (test abc)
 */

import type { CurvePrimitives } from '../../asymmetric-primitives.ts'
import { equalBytes, parseHex } from '../../bytes.ts'

interface KnownAnswer {
  readonly isPrehashed: boolean
  readonly seed: string
  readonly publicKey: string
  readonly message: string
  readonly signature: string
}

const KNOWN_ANSWERS: readonly KnownAnswer[] = [
  {
    isPrehashed: false,
    seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    publicKey: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    message: 'af82',
    signature:
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac' +
      '18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  },
  {
    isPrehashed: true,
    seed: '833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42',
    publicKey: 'ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf',
    message: '616263',
    signature:
      '98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae41' +
      '31f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406',
  },
]

export function passesEd25519Cast(provider: CurvePrimitives): boolean {
  return KNOWN_ANSWERS.every(({ isPrehashed, ...answer }) => {
    const seed = parseHex(answer.seed)
    const publicKey = parseHex(answer.publicKey)
    const message = parseHex(answer.message)
    const signature = parseHex(answer.signature)
    if (!equalBytes(provider.computeEd25519PublicKey(seed), publicKey)) return false
    if (!equalBytes(provider.signEd25519(seed, message, isPrehashed), signature)) return false
    if (!provider.verifyEd25519(publicKey, message, signature, isPrehashed)) return false
    // The same signature under the other scheme is none: their domains are apart.
    return !provider.verifyEd25519(publicKey, message, signature, !isPrehashed)
  })
}
