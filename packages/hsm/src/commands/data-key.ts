/** Data keys and data key pairs: drawn or generated here, handed out sealed and, when wanted, in the clear. */

import { drawBytes } from '../entropy.ts'
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
import { MESSAGE_RANDOM_LENGTH } from '../sealed-message.ts'
import type { Vault } from '../vault.ts'
import { generateTested } from './generate.ts'
import { frame, sealFramed, tryTarget } from './encrypt.ts'

export function generateSealedDataKey(vault: Vault, command: GenerateSealedDataKeyCommand): SealedDataKey {
  assertRandomLength('length', command.length)
  vault.powerUp()
  const { entropy, trace } = vault.services
  const framed = createFramed('DATA_KEY', command.length)
  // Data key and nonce in one request to the generator, which seeds itself afresh for each.
  const drawn = drawBytes(entropy, command.length + MESSAGE_RANDOM_LENGTH)
  try {
    framed.set(drawn.subarray(0, command.length), FRAME_LENGTH)
    trace?.({ step: 'draw-data-key', length: command.length })
    return sealGenerated(vault, command, framed, command.isPlaintextWanted, drawn.subarray(command.length))
  } finally {
    drawn.fill(0)
  }
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
function sealGenerated(
  vault: Vault,
  target: SealTarget,
  framed: Uint8Array,
  isWanted: boolean,
  drawn?: Uint8Array,
): SealedDataKey {
  const plaintext = isWanted ? framed.slice(FRAME_LENGTH) : undefined
  try {
    const sealed = sealFramed(vault, target, framed, drawn)
    if (plaintext === undefined) return { sealed }
    vault.services.trace?.({ step: 'release', what: 'data key', length: plaintext.length })
    return { sealed, plaintext }
  } catch (error) {
    plaintext?.fill(0)
    throw error
  }
}
