/**
 * The reference provider: the audited @noble libraries as they are, and our own RSA on BigInt.
 *
 * Runs wherever JavaScript runs. Neither its AES, which uses tables, nor BigInt promises constant time; SECURITY.md
 * says more.
 */

import type { PrimitiveGroup, Provider } from '../provider.ts'
import { bigintRsa } from './bigint-rsa.ts'
import { nobleCurves } from './noble-curves.ts'
import { nobleGcm } from './noble-gcm.ts'
import { nobleHash } from './noble-hash.ts'
import { nobleHmac } from './noble-hmac.ts'
import { nobleBlock, nobleKeyWrap } from './noble-key-wrap.ts'
import { nobleLattice } from './noble-lattice.ts'

const NAME = 'noble'

const SERVED_BY: Readonly<Record<PrimitiveGroup, string>> = {
  'AES-256-GCM': NAME,
  'AES-256-KWP': NAME,
  'AES-256': NAME,
  HMAC: NAME,
  SHA: NAME,
  RSA: NAME,
  ECDSA: NAME,
  ECDH: NAME,
  Ed25519: NAME,
  'ML-DSA': NAME,
  'ML-KEM': NAME,
}

export const nobleProvider: Provider = {
  name: NAME,
  servedBy: SERVED_BY,
  ...nobleGcm,
  ...nobleKeyWrap,
  ...nobleBlock,
  ...nobleHash,
  ...nobleHmac,
  ...bigintRsa,
  ...nobleCurves,
  ...nobleLattice,
}
