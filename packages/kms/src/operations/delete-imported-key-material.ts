/** DeleteImportedKeyMaterial: the key waits for it to be imported again. @spec KMS operations, crypto-details §8 */

import { currentVersion, findVersion } from '@softkms/lifecycle'
import { KmsError } from '../errors.ts'
import { changeLife } from '../key/change-life.ts'
import { assertImports, isSymmetric } from '../key/capability.ts'
import { arnOf } from '../key/key.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'

export const deleteImportedKeyMaterial: Operation<'DeleteImportedKeyMaterial', { key: Target }> = {
  name: 'DeleteImportedKeyMaterial',
  quota: 'manage',
  isReadOnly: false,
  audited: ['KeyId', 'KeyMaterialId'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  async perform({ targets }, input, context) {
    const { key } = targets.key
    assertImports(key)
    const materialId = input.KeyMaterialId ?? currentVersion(key.life)?.materialId
    // A key that never had material has none to lose.
    if (materialId === undefined) return { KeyId: arnOf(key) }
    await changeLife(context, key, ({ life }) => {
      if (findVersion(life, materialId) === undefined) {
        throw new KmsError('NotFoundException', `Key material ${materialId} of ${arnOf(key)} does not exist`)
      }
      return { command: { type: 'DeleteMaterial', materialId }, now: context.now }
    })
    return { KeyId: arnOf(key), ...(isSymmetric(key) ? { KeyMaterialId: materialId } : {}) }
  },
}
