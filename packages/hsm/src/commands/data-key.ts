/** Data keys and data key pairs: drawn or generated here, handed out sealed and, when wanted, in the clear. */

import { HsmError } from '../errors.ts'
import { FRAME_LENGTH, createFramed } from '../frame.ts'
import type {
  GenerateSealedDataKeyCommand,
  GenerateSealedKeyPairCommand,
  SealTarget,
  SealedDataKey,
  SealedKeyPair,
} from '../hsm.ts'
import { assertRandomLength } from '../random.ts'
import { DATA_KEY_PAIR_SPECS } from '../key-spec.ts'
import type { Vault } from '../vault.ts'
import { generateTested } from './generate.ts'
import { frame, sealFramed, tryTarget } from './encrypt.ts'

export function generateSealedDataKey(vault: Vault, command: GenerateSealedDataKeyCommand): SealedDataKey {
  assertRandomLength('length', command.length)
  vault.powerUp()
  const framed = createFramed('DATA_KEY', command.length)
  vault.services.entropy.fill(framed.subarray(FRAME_LENGTH))
  vault.services.trace?.({ step: 'draw-data-key', length: command.length })
  return sealGenerated(vault, command, framed, command.isPlaintextWanted)
}

export function generateSealedKeyPair(vault: Vault, command: GenerateSealedKeyPairCommand): SealedKeyPair {
  if (!DATA_KEY_PAIR_SPECS.includes(command.keyPairSpec)) {
    throw new RangeError(`keyPairSpec must be one of ${DATA_KEY_PAIR_SPECS.join(', ')}`)
  }
  const target: SealTarget = command
  // Tried before anything is generated: a key pair can take seconds, a refusal should not.
  tryTarget(vault, target, undefined)
  const { material, publicKey } = generateTested(vault, command.keyPairSpec, command.onProgress)
  try {
    if (publicKey === undefined) throw new HsmError('KEY_USAGE')
    return { publicKey, ...sealGenerated(vault, target, frame('KEY_PAIR', material), command.isPlaintextWanted) }
  } finally {
    material.fill(0)
  }
}

/** Seals what was generated, keeping a copy in the clear when it is wanted. Zeroizes `framed`. */
function sealGenerated(vault: Vault, target: SealTarget, framed: Uint8Array, isWanted: boolean): SealedDataKey {
  const plaintext = isWanted ? framed.slice(FRAME_LENGTH) : undefined
  try {
    const sealed = sealFramed(vault, target, framed)
    if (plaintext === undefined) return { sealed }
    vault.services.trace?.({ step: 'release', what: 'data key', length: plaintext.length })
    return { sealed, plaintext }
  } catch (error) {
    plaintext?.fill(0)
    throw error
  }
}
