/**
 * The pair-wise consistency test (PCT) of a fresh key pair: its two halves belong together.
 *
 * @spec FIPS 140-3 IG 10.3.A (modelled on)
 */

import { passesEcdhPct } from '../algorithms/ecdh/pct.ts'
import { passesEcdsaPct } from '../algorithms/ecdsa/pct.ts'
import { passesEd25519Pct } from '../algorithms/eddsa/pct.ts'
import { passesMlDsaPct } from '../algorithms/ml-dsa/pct.ts'
import { passesMlKemPct } from '../algorithms/ml-kem/pct.ts'
import { passesRsaPct } from '../algorithms/rsa/pct.ts'
import type { Services } from '../services.ts'
import type { LoadedMaterial } from './loaded-material.ts'

/** @returns `true` for families without a pair */
export function passesPairWiseTest({ provider, entropy }: Services, material: LoadedMaterial): boolean {
  switch (material.family) {
    case 'symmetric':
    case 'hmac':
      return true
    case 'rsa':
      return passesRsaPct(material.publicKey, material.privateKey, material.numbers)
    case 'ec': {
      const { curve, point } = material
      return material.scalar.use(
        (scalar) =>
          passesEcdhPct(provider, curve, scalar, point) && passesEcdsaPct(provider, curve, scalar, point, entropy),
      )
    }
    case 'edwards':
      return material.seed.use((seed) => passesEd25519Pct(provider, seed, material.publicKey))
    case 'ml-dsa':
      return passesMlDsaPct(provider, material.parameters, material.key, entropy)
    case 'ml-kem':
      return passesMlKemPct(provider, material.parameters, material.key, entropy)
    default:
      return material satisfies never
  }
}
