/**
 * The domain keyring under a root key: the form in which it is kept, and in which other HSMs of the domain receive it.
 *
 * ```
 *  0      1  format version, 1
 *  1     16  nonce of the sealing key's derivation
 * 17     12  initialization vector
 * 29      .  ids and bytes of the domain keys, the active one first, under AES-256-GCM, with its tag
 * ```
 */

import { DomainKeyring } from './domain-keyring.ts'
import { encodeUtf8 } from './host.ts'
import { lengthOf, offsetsOf } from './layout.ts'
import {
  type Derivation,
  IV_LENGTH,
  type MessageHeader,
  NONCE_LENGTH,
  openMessage,
  sealMessage,
} from './sealed-message.ts'
import type { Services } from './services.ts'
import type { MacKey } from './symmetric-primitives.ts'

/** Bytes. */
export const ROOT_KEY_LENGTH = 32

const VERSION = 1
const LAYOUT = { version: 1, nonce: NONCE_LENGTH, iv: IV_LENGTH }
const AT = offsetsOf(LAYOUT)
const HEADER_LENGTH = lengthOf(LAYOUT)
const NOTHING = new Uint8Array(0)
const LABEL = 'softkms domain keyring'

/** @param root HMAC-SHA-256 under the root key */
export function sealKeyring(services: Services, root: MacKey, keyring: DomainKeyring): Uint8Array {
  const header = new Uint8Array(HEADER_LENGTH)
  header[AT.version] = VERSION
  return keyring.useEntries((entries) => sealMessage(services, derivationOf(root), headerOf(header), NOTHING, entries))
}

/** @returns `undefined` when the root key is another one, or the bytes are no sealed keyring */
export function openKeyring(services: Services, root: MacKey, sealed: Uint8Array): DomainKeyring | undefined {
  if (sealed[AT.version] !== VERSION || sealed.length < HEADER_LENGTH) return undefined
  const header = headerOf(sealed.subarray(0, HEADER_LENGTH))
  const entries = openMessage(services, derivationOf(root), header, NOTHING, sealed.subarray(HEADER_LENGTH))
  if (entries === undefined) return undefined
  try {
    return DomainKeyring.fromEntries(services, entries)
  } finally {
    entries.fill(0)
  }
}

function headerOf(bytes: Uint8Array): MessageHeader {
  return { bytes, nonceOffset: AT.nonce, ivOffset: AT.iv }
}

function derivationOf(mac: MacKey): Derivation {
  return { mac, label: encodeUtf8(LABEL), context: [Uint8Array.of(VERSION)] }
}
