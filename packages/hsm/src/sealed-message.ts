/**
 * One message under a key of its own.
 *
 * From the key's MAC state and a fresh 16-byte nonce a 256-bit key is derived; AES-256-GCM under it, with a fresh
 * 12-byte initialization vector, authenticates the header and the additional data with the plaintext. There is
 * deliberately no way to pass a nonce in: a repeated one would give the authentication key away.
 *
 * The header's layout belongs to the caller: it says where in the header the nonce and the vector stand, and gets
 * them written there before the header is authenticated.
 *
 * @spec SP 800-38D §8.2.2, SP 800-108r1 §4.1, KMS crypto-details §2
 */

import { GCM_TAG_LENGTH, openAesGcm, sealAesGcmInto } from './algorithms/aes-gcm/aes-gcm.ts'
import { deriveKey, encodeFixedInput } from './algorithms/kbkdf/kbkdf.ts'
import { concatBytes } from './bytes.ts'
import { drawBytes } from './entropy.ts'
import { decodeUtf8 } from './host.ts'
import type { Services } from './services.ts'
import type { MacKey } from './symmetric-primitives.ts'
import type { HsmStep } from './trace.ts'

export const NONCE_LENGTH = 16
export const IV_LENGTH = 12

/** What derives a message's key, apart from the nonce. */
export interface Derivation {
  readonly mac: MacKey
  /** Names the purpose of the derived keys. */
  readonly label: Uint8Array
  /** Bound into every derived key, before the nonce: parts that are joined in order. */
  readonly context: readonly Uint8Array[]
}

/** A header in its owner's layout, and where in it the HSM's random bytes stand. */
export interface MessageHeader {
  readonly bytes: Uint8Array
  /** Offset of the 16-byte nonce. */
  readonly nonceOffset: number
  /** Offset of the 12-byte initialization vector. */
  readonly ivOffset: number
}

/** Random bytes that each message takes: for its nonce and its vector, in one request, as each costs a fresh seed. */
export const MESSAGE_RANDOM_LENGTH: number = NONCE_LENGTH + IV_LENGTH

/**
 * Seals `plaintext` and zeroizes nothing: the plaintext stays its owner's.
 *
 * @param drawn fresh from `entropy` for this message alone; to be given only where the plaintext came from the same
 * request
 * @returns header, ciphertext and tag in one; the header passed in is left as it was
 */
export function sealMessage(
  { provider, entropy, trace }: Services,
  derivation: Derivation,
  header: MessageHeader,
  additionalData: Uint8Array,
  plaintext: Uint8Array,
  drawn: Uint8Array = drawBytes(entropy, MESSAGE_RANDOM_LENGTH),
): Uint8Array {
  const headerLength = header.bytes.length
  const sealed = new Uint8Array(headerLength + plaintext.length + GCM_TAG_LENGTH)
  sealed.set(header.bytes)
  const written = sealed.subarray(0, headerLength)
  const nonce = sealed.subarray(header.nonceOffset, header.nonceOffset + NONCE_LENGTH)
  const iv = sealed.subarray(header.ivOffset, header.ivOffset + IV_LENGTH)
  nonce.set(drawn.subarray(0, NONCE_LENGTH))
  iv.set(drawn.subarray(NONCE_LENGTH, MESSAGE_RANDOM_LENGTH))
  trace?.({ step: 'draw-nonce', nonce, iv })

  const key = deriveKey(derivation.mac, derivation.label, ...derivation.context, nonce)
  try {
    trace?.(derivationStep(derivation, nonce))
    const authenticated = concatBytes(written, additionalData)
    sealAesGcmInto(sealed.subarray(headerLength), provider, key, iv, authenticated, plaintext)
    trace?.({ step: 'seal', header: written, additionalData, plaintextLength: plaintext.length, sealed })
    return sealed
  } finally {
    key.fill(0)
  }
}

/** @returns the plaintext, which the caller zeroizes, or `undefined` when anything at all is wrong with the message */
export function openMessage(
  { provider, trace }: Services,
  derivation: Derivation,
  header: MessageHeader,
  additionalData: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array | undefined {
  const nonce = header.bytes.subarray(header.nonceOffset, header.nonceOffset + NONCE_LENGTH)
  const iv = header.bytes.subarray(header.ivOffset, header.ivOffset + IV_LENGTH)
  const key = deriveKey(derivation.mac, derivation.label, ...derivation.context, nonce)
  try {
    trace?.(derivationStep(derivation, nonce))
    const opened = openAesGcm(provider, key, iv, concatBytes(header.bytes, additionalData), ciphertext)
    trace?.({
      step: 'open',
      header: header.bytes,
      additionalData,
      ciphertextLength: ciphertext.length,
      isAuthentic: opened !== undefined,
    })
    return opened
  } finally {
    key.fill(0)
  }
}

/** Computes anew what the key came from, which only a traced message pays for. */
function derivationStep({ label, context }: Derivation, nonce: Uint8Array): HsmStep {
  return { step: 'derive', label: decodeUtf8(label), fixedInput: encodeFixedInput(label, [...context, nonce]) }
}
