/**
 * The pair-wise consistency test: a signature by the private key verifies under the public one.
 *
 * One test stands for both usages, since the two raw operations are the same.
 *
 * @spec FIPS 140-3 IG 10.3.A (modelled on), SP 800-56B Rev. 2 §6.4.1.1
 */

import type { RsaPrivateKey, RsaPublicKey, RsaPublicNumbers } from '../../asymmetric-primitives.ts'
import { parseHex } from '../../bytes.ts'
import { HsmError } from '../../errors.ts'
import { signPkcs1, verifyPkcs1 } from './pkcs1.ts'

/** SHA-256 of "abc"; any digest would do. */
const DIGEST = parseHex('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')

export function passesRsaPct(publicKey: RsaPublicKey, privateKey: RsaPrivateKey, numbers: RsaPublicNumbers): boolean {
  try {
    const signature = signPkcs1(privateKey, numbers, 'SHA-256', DIGEST)
    return verifyPkcs1(publicKey, numbers, 'SHA-256', DIGEST, signature)
  } catch (error) {
    // The private operation compares with the public key itself, so a pair that is none ends here.
    if (error instanceof HsmError && error.code === 'FAULT_DETECTED') return false
    throw error
  }
}
