/**
 * The algorithm suites of messages: those of the AWS Encryption SDK that commit to their data key.
 *
 * Both seal with AES-256-GCM under a key that HKDF with SHA-512 derives; one signs as well. Suites without commitment,
 * under which one message can be made to open to two plaintexts, are not here.
 *
 * @spec AWS Encryption SDK, Algorithm suites reference
 */

import type { Curve, HashName } from '@softkms/hsm'

export interface SuiteSignature {
  readonly curve: Curve
  readonly hash: HashName
}

export interface MessageSuiteRow {
  readonly id: number
  /** Absent when the suite does not sign. */
  readonly signature?: SuiteSignature
}

export type MessageSuiteName = 'AES_256_GCM_HKDF_SHA512_COMMIT_KEY' | 'AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384'

export const MESSAGE_SUITES: Readonly<Record<MessageSuiteName, MessageSuiteRow>> = {
  AES_256_GCM_HKDF_SHA512_COMMIT_KEY: { id: 0x0478 },
  AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384: { id: 0x0578, signature: { curve: 'P-384', hash: 'SHA-384' } },
}

export interface MessageSuite extends MessageSuiteRow {
  readonly name: MessageSuiteName
}

export const DATA_KEY_LENGTH = 32
export const COMMITMENT_LENGTH = 32

/** @throws RangeError for a name that the table does not have */
export function suiteNamed(name: MessageSuiteName): MessageSuite {
  if (!Object.hasOwn(MESSAGE_SUITES, name)) throw new RangeError('suite must be the name of an algorithm suite')
  return { name, ...MESSAGE_SUITES[name] }
}

/** @returns `undefined` for a suite that does not commit, or that nobody knows */
export function findSuite(id: number): MessageSuite | undefined {
  const names = Object.keys(MESSAGE_SUITES) as MessageSuiteName[]
  const name = names.find((one) => MESSAGE_SUITES[one].id === id)
  return name === undefined ? undefined : suiteNamed(name)
}
