/** Keys, headers and commands for tests that speak to an HSM directly. */
import {
  type GenerateKeyCommand,
  type Hsm,
  HsmError,
  type HsmErrorCode,
  IV_LENGTH,
  type KeyToken,
  type MessageHeader,
  NONCE_LENGTH,
} from '@softkms/hsm'
import { expect } from 'vitest'

export const NEW_KEY: GenerateKeyCommand = {
  keyId: '1234abcd-12ab-34cd-56ef-1234567890ab',
  keySpec: 'SYMMETRIC_DEFAULT',
  keyUsage: 'ENCRYPT_DECRYPT',
  origin: 'AWS_KMS',
}

/** A header of nothing but the HSM's own bytes. */
const HEADER_LENGTH = NONCE_LENGTH + IV_LENGTH

export function headerOf(bytes: Uint8Array = new Uint8Array(HEADER_LENGTH)): MessageHeader {
  return { bytes, nonceOffset: 0, ivOffset: NONCE_LENGTH }
}

/** The layout of that header, whatever the plaintext. */
export const layout = (): MessageHeader => headerOf()

const NOTHING: Uint8Array = new Uint8Array(0)

export async function seal(hsm: Hsm, token: KeyToken, plaintext: Uint8Array, additionalData = NOTHING) {
  return hsm.seal({ token, layout, additionalData, plaintext })
}

/** @param sealed header, ciphertext and tag in one, as `seal` gives them */
export async function open(hsm: Hsm, token: KeyToken, sealed: Uint8Array, additionalData = NOTHING) {
  return hsm.open(openCommand(token, sealed, additionalData))
}

export function openCommand(token: KeyToken, sealed: Uint8Array, additionalData = NOTHING) {
  const header = headerOf(sealed.subarray(0, HEADER_LENGTH))
  return { token, header, additionalData, ciphertext: sealed.subarray(HEADER_LENGTH) }
}

/** Every command that touches a key or randomness, each well formed. */
export const COMMANDS: Readonly<Record<string, (hsm: Hsm, token: KeyToken) => Promise<unknown>>> = {
  generateKey: (hsm) => hsm.generateKey(NEW_KEY),
  seal: (hsm, token) => seal(hsm, token, Uint8Array.of(1)),
  open: (hsm, token) => open(hsm, token, new Uint8Array(HEADER_LENGTH + 28)),
  reseal: (hsm, token) =>
    hsm.reseal({
      source: openCommand(token, new Uint8Array(HEADER_LENGTH + 28)),
      destination: { token, layout, additionalData: NOTHING },
    }),
  generateSealedDataKey: (hsm, token) =>
    hsm.generateSealedDataKey({
      token,
      layout,
      additionalData: NOTHING,
      length: 32,
      isPlaintextWanted: true,
    }),
  random: (hsm) => hsm.random(1),
}

export async function expectHsmError(attempt: Promise<unknown>, code: HsmErrorCode): Promise<void> {
  const error: unknown = await attempt.then(
    () => 'no refusal',
    (refusal: unknown) => refusal,
  )
  expect(error).toBeInstanceOf(HsmError)
  expect(error).toMatchObject({ name: 'HsmError', code })
}
