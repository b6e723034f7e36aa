/**
 * Known answers of RSA: a signature by each scheme, and an OAEP ciphertext, under a fixed key.
 *
 * All were printed by OpenSSL. The salt and the seed that it drew were read back from its answers, so that with them
 * fixed every direction has exactly one answer.
 *
 * @spec RFC 8017 §7.1, §8.1, §8.2
 */

import type {
  HashPrimitives,
  RsaPrimitives,
  RsaPrivateKey,
  RsaPublicKey,
  RsaPublicNumbers,
} from '../../asymmetric-primitives.ts'
import { equalBytes, parseHex } from '../../bytes.ts'
import { type Entropy, systemEntropy } from '../../entropy.ts'
import { encodeUtf8 } from '../../host.ts'
import { createKnownKey } from './known-key.ts'
import { decryptOaep, encryptOaep } from './oaep.ts'
import { signPkcs1, verifyPkcs1 } from './pkcs1.ts'
import { signPss, verifyPss } from './pss.ts'

const MESSAGE = 'softkms known answer'
const PKCS1_SIGNATURE =
  '8dc1e9d5805950b7f16d021ad12ec34b33fc07053123a6149130e29dec3d8b2394c8d0fb30a7a92a9fdf7451f16f9c084e30f03e' +
  '7b696ee584cfe1e6d6a2db1fe1f170892ee6d6f5818c782ca17f3c2b2365a062597d0ffdbb3c8a7ce2ec6b0b5ba7f6dc0be4670b' +
  'ab5c0227b8546c3ed25806f97da390cd268e649fac1f6c7463bf288ce36bdf9ef9716837badde864f323e5b83d4a9bf1284e1f9c' +
  '5bf21d5e1d28c88f24ded64718b40e05da92086739f1bcf01aaa1afd941fc138fc0c276cf9c67eab9c05249d968edf49e6f26cec' +
  '635710bb181bc2ebe7ca270a86809f4af3a28866ac90aaaf5edfd4cc6e4b5a829e6d9b388871920e1a3420b704ce046c'
const PSS_SALT = '0b9526dee6e06718eb60bcf088191c7c53d223e791791980b7a84c7a627a584d'
const PSS_SIGNATURE =
  '9e41cd2a446a3dad2d3e37bfe12291e75a5a8ef3d00b715f06724ddc5638a248c2f6488c00fd7bc917c66e965ec485da40974ddd' +
  'b02c0ab6d6adfe352c14518897bce07443b146dc4e39aa5f2f9fdc144130ee00dc5cd91ac33ef905fb4c8e4bf477080525cfff61' +
  '2ac1ab25f53da9846c9e729f31fd688e72d52e2d3d89a42845f2ff02feed3cf9f2f9bb36f71886bc6c7073e480730c3ba395730e' +
  '2160371d280146f48723c5853732847afa9734d875714164c81731bcd40dd6ba25248aaaf9b4bd082f91d128d89eee3560848e65' +
  'd4048115008526e899248519a4e02a7c351b0683e14b97efd1e62413f6c9c9919d18a115974edcc75ff00b51b459525c'
const OAEP_SEED = 'd212af5401f8d428b1c69f0c108cc0ad45171ab4c26758b8b6cadb8fdde480cf'
const OAEP_CIPHERTEXT =
  '9f6ae5b6917bb3fdb3a4c5b5048b069156cb53a3f2079fce7b1e43c5154057600caf32985d2852b3e6d560f01b34cf5094cfab2d' +
  '908cbff04dbd479ee55192f7029936a58455e4290ba2cdcdd39733ded758dbac01b1af7170b93215bee4210df87bb052b83c2c55' +
  '71e86536726f54b62cf76481507e9173b6363ba3a73f178261a6fa8e8a48c0f17acbb0f6f50b124ad10d1ad7f6a04c3aa0d8d0f3' +
  '4c708d348bf5db8adf95f71234ced45b34a48993340b45864ee72c05a393c8da688a58f63eb38e8d20c062370e5fd5a2c78a4d0b' +
  '6a2b8e04ba6160c7027d97b9be68554f64333a05693c0f31bb89572de7de83d03afa762db8bd084ddbbe609f107077c2'
/** SHA-256 of the message. */
const DIGEST = '783cd0d95aa75a3d1147414a14a201f2c84f5301269d8044943ace0ce03353be'

interface KnownKey {
  readonly numbers: RsaPublicNumbers
  readonly publicKey: RsaPublicKey
  readonly privateKey: RsaPrivateKey
}

export function passesRsaCast(provider: RsaPrimitives & HashPrimitives): boolean {
  const numbers = createKnownKey()
  const publicKey = provider.createRsaPublicKey(numbers)
  const privateKey = provider.createRsaPrivateKey(numbers, systemEntropy)
  const key = { numbers, publicKey, privateKey }
  try {
    return passesPkcs1(key) && passesPss(provider, key) && passesOaep(provider, key)
  } finally {
    privateKey.zeroize()
  }
}

/** Signs, verifies, and refuses another digest. */
function passesPkcs1({ numbers, publicKey, privateKey }: KnownKey): boolean {
  const digest = parseHex(DIGEST)
  const expected = parseHex(PKCS1_SIGNATURE)
  return (
    equalBytes(signPkcs1(privateKey, numbers, 'SHA-256', digest), expected) &&
    verifyPkcs1(publicKey, numbers, 'SHA-256', digest, expected) &&
    !verifyPkcs1(publicKey, numbers, 'SHA-256', damage(digest), expected)
  )
}

/** Signs, verifies, and refuses another digest. */
function passesPss(hashes: HashPrimitives, { numbers, publicKey, privateKey }: KnownKey): boolean {
  const digest = parseHex(DIGEST)
  const expected = parseHex(PSS_SIGNATURE)
  const salt = createFixedEntropy(PSS_SALT)
  return (
    equalBytes(signPss(hashes, privateKey, numbers, 'SHA-256', digest, salt), expected) &&
    verifyPss(hashes, publicKey, numbers, 'SHA-256', digest, expected) &&
    !verifyPss(hashes, publicKey, numbers, 'SHA-256', damage(digest), expected)
  )
}

/** Encrypts, decrypts, and refuses another ciphertext. */
function passesOaep(hashes: HashPrimitives, { numbers, publicKey, privateKey }: KnownKey): boolean {
  const message = encodeUtf8(MESSAGE)
  const expected = parseHex(OAEP_CIPHERTEXT)
  const seed = createFixedEntropy(OAEP_SEED)
  const decrypted = decryptOaep(hashes, privateKey, numbers, 'SHA-256', expected)
  return (
    decrypted !== undefined &&
    equalBytes(decrypted, message) &&
    equalBytes(encryptOaep(hashes, publicKey, numbers, 'SHA-256', message, seed), expected) &&
    decryptOaep(hashes, privateKey, numbers, 'SHA-256', damage(expected)) === undefined
  )
}

/** Gives the one answer that is asked for. */
function createFixedEntropy(hex: string): Entropy {
  return { fill: (bytes) => bytes.set(parseHex(hex)) }
}

function damage(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte))
}
