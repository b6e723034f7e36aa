/** RSA on bigint, from our own `algorithms/rsa`: runs wherever JavaScript runs, and depends on nothing. */

import type { RsaPrimitives } from '../asymmetric-primitives.ts'
import { createCrtPrivateKey } from '../algorithms/rsa/crt.ts'
import { generateRsaKey } from '../algorithms/rsa/generate.ts'
import { createPublicKey } from '../algorithms/rsa/public-key.ts'

export const bigintRsa: RsaPrimitives = {
  generateRsaKey: (modulusBits, entropy, onProgress) => generateRsaKey(modulusBits, entropy, onProgress),
  createRsaPublicKey: createPublicKey,
  createRsaPrivateKey: (key, entropy) => createCrtPrivateKey(key, entropy),
}
