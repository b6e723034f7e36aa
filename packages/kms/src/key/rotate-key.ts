/** What a rotation to material that the HSM generates is. @spec KMS crypto-details §9, §10 */

import type { Hsm } from '@softkms/hsm'
import type { Instant, RotationType } from '@softkms/lifecycle'
import type { LifeChange } from './change-life.ts'
import type { KeyRecord } from './key.ts'
import { generateMaterial } from './material.ts'

/** New material takes effect at once, and with replicas when it has reached them. */
export async function generatedRotation(
  { hsm, replicationMs }: { readonly hsm: Hsm; readonly replicationMs: number },
  key: KeyRecord,
  rotationType: RotationType,
  now: Instant,
): Promise<LifeChange> {
  const material = await generateMaterial(hsm, key)
  const hasReplicas = (key.life.multiRegion?.replicaRegions.length ?? 0) > 0
  const { materialId } = material
  return {
    command: {
      type: 'Rotate',
      rotationType,
      materialId,
      ...(hasReplicas ? { takesEffectAt: now + replicationMs } : {}),
    },
    now,
    material,
  }
}
