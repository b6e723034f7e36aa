/**
 * Exported key tokens: the only form in which key material leaves the boundary.
 *
 * ```
 *  0      1  format version, 1
 *  1     16  id of the domain key
 * 17      1  key spec          \
 * 18      1  key usage          |  codes of key-spec.ts
 * 19      1  origin            /
 * 20      1  flags: bit 0 extractable, the rest zero
 * 21     32  KeyMaterialId
 * 53     16  nonce of the wrapping key's derivation
 * 69     12  initialization vector
 * 81      1  length of the key id in bytes, n
 * 82      n  key id, ASCII
 * 82+n    .  key material under AES-256-GCM, with its tag
 * ```
 *
 * Everything before the wrapped material is authenticated with it. This file owns the layout and refuses every byte
 * string that it would not have written; what the fields mean is the module's business.
 */

import { GCM_TAG_LENGTH } from './algorithms/aes-gcm/aes-gcm.ts'
import { decodeUtf8, encodeUtf8 } from './host.ts'
import {
  KEY_ORIGIN_CODES,
  KEY_SPECS,
  KEY_USAGE_CODES,
  type KeyOrigin,
  type KeySpec,
  type KeyUsage,
} from './key-spec.ts'
import { lengthOf, offsetsOf } from './layout.ts'
import { MATERIAL_ID_LENGTH } from './material-id.ts'
import { IV_LENGTH, type MessageHeader, NONCE_LENGTH } from './sealed-message.ts'

declare const tokenBrand: unique symbol

/** Wrapped key material. Opaque outside this package, safe to store anywhere. */
export type KeyToken = Uint8Array & { readonly [tokenBrand]: true }

export interface TokenFields {
  readonly domainKeyId: Uint8Array
  readonly keySpec: KeySpec
  readonly keyUsage: KeyUsage
  readonly origin: KeyOrigin
  /** Whether the material may leave in the clear; only seeding with given material sets it. */
  readonly isExtractable: boolean
  readonly materialId: Uint8Array
  readonly keyId: string
}

export interface ParsedToken {
  readonly fields: TokenFields
  readonly header: MessageHeader
  readonly wrapped: Uint8Array
}

export const TOKEN_VERSION = 1
export const DOMAIN_KEY_ID_LENGTH = 16

export type TokenHeaderField =
  | 'version'
  | 'domainKeyId'
  | 'keySpec'
  | 'keyUsage'
  | 'origin'
  | 'flags'
  | 'materialId'
  | 'nonce'
  | 'iv'
  | 'keyIdLength'

/** The fields before the key id, whose length is the last of them. */
export const TOKEN_LAYOUT: Readonly<Record<TokenHeaderField, number>> = {
  version: 1,
  domainKeyId: DOMAIN_KEY_ID_LENGTH,
  keySpec: 1,
  keyUsage: 1,
  origin: 1,
  flags: 1,
  materialId: MATERIAL_ID_LENGTH,
  nonce: NONCE_LENGTH,
  iv: IV_LENGTH,
  keyIdLength: 1,
}

const AT = offsetsOf(TOKEN_LAYOUT)
const AT_KEY_ID = lengthOf(TOKEN_LAYOUT)
const EXTRACTABLE = 1
const MAX_KEY_ID_LENGTH = 255

/** @throws RangeError for a key id that is empty, not ASCII or longer than 255 characters */
export function encodeTokenHeader(fields: TokenFields): MessageHeader {
  if (!isKeyId(fields.keyId)) throw new RangeError('keyId must be 1 to 255 printable ASCII characters')
  const keyId = encodeUtf8(fields.keyId)
  const bytes = new Uint8Array(AT_KEY_ID + keyId.length)
  bytes[AT.version] = TOKEN_VERSION
  bytes.set(fields.domainKeyId, AT.domainKeyId)
  bytes[AT.keySpec] = KEY_SPECS[fields.keySpec].code
  bytes[AT.keyUsage] = KEY_USAGE_CODES[fields.keyUsage]
  bytes[AT.origin] = KEY_ORIGIN_CODES[fields.origin]
  bytes[AT.flags] = fields.isExtractable ? EXTRACTABLE : 0
  bytes.set(fields.materialId, AT.materialId)
  bytes[AT.keyIdLength] = keyId.length
  bytes.set(keyId, AT_KEY_ID)
  return { bytes, nonceOffset: AT.nonce, ivOffset: AT.iv }
}

/** @returns the token's parts, or `undefined` for bytes that are no token of this version */
export function parseToken(token: Uint8Array): ParsedToken | undefined {
  const parsed = readToken(token)
  return typeof parsed === 'string' ? undefined : parsed
}

/** @returns the token's parts, or in words why the bytes are no token of this version */
export function readToken(token: Uint8Array): ParsedToken | string {
  const keyIdLength = token[AT.keyIdLength]
  if (token[AT.version] !== TOKEN_VERSION) return `it does not begin with the format version ${TOKEN_VERSION}`
  if (keyIdLength === undefined) return `${token.length} bytes are too few for a header`
  const headerLength = AT_KEY_ID + keyIdLength

  const keySpec = findSpec(token[AT.keySpec])
  const keyUsage = findCode(KEY_USAGE_CODES, token[AT.keyUsage])
  const origin = findCode(KEY_ORIGIN_CODES, token[AT.origin])
  const flags = token[AT.flags]
  if (keySpec === undefined) return 'its key spec has a code that stands for none'
  if (keyUsage === undefined) return 'its key usage has a code that stands for none'
  if (origin === undefined) return 'its origin has a code that stands for none'
  if (!KEY_SPECS[keySpec].usages.includes(keyUsage)) return `a key of spec ${keySpec} is not for ${keyUsage}`
  if (flags !== 0 && flags !== EXTRACTABLE) return 'it has a flag that stands for nothing'
  if (!isWrappedLength(keySpec, token.length - headerLength)) {
    return `what follows the header has not the length of wrapped ${keySpec} material`
  }

  const keyId = decodeKeyId(token.subarray(AT_KEY_ID, headerLength))
  if (keyId === undefined) return 'its key id is not printable ASCII'
  return {
    fields: {
      domainKeyId: token.slice(AT.domainKeyId, AT.keySpec),
      keySpec,
      keyUsage,
      origin,
      isExtractable: flags === EXTRACTABLE,
      materialId: token.slice(AT.materialId, AT.nonce),
      keyId,
    },
    header: { bytes: token.subarray(0, headerLength), nonceOffset: AT.nonce, ivOffset: AT.iv },
    wrapped: token.subarray(headerLength),
  }
}

/** Raw material has one length a spec; PKCS#8 has none, and is checked when it is unwrapped. */
function isWrappedLength(keySpec: KeySpec, length: number): boolean {
  const row = KEY_SPECS[keySpec]
  return 'materialLength' in row ? length === row.materialLength + GCM_TAG_LENGTH : length > GCM_TAG_LENGTH
}

function isKeyId(text: unknown): boolean {
  return typeof text === 'string' && text.length <= MAX_KEY_ID_LENGTH && /^[\x21-\x7e]+$/.test(text)
}

function decodeKeyId(bytes: Uint8Array): string | undefined {
  try {
    const text = decodeUtf8(bytes)
    return isKeyId(text) ? text : undefined
  } catch {
    return undefined
  }
}

function findSpec(code: number | undefined): KeySpec | undefined {
  return (Object.keys(KEY_SPECS) as KeySpec[]).find((spec) => KEY_SPECS[spec].code === code)
}

function findCode<Name extends string>(
  codes: Readonly<Record<Name, number>>,
  code: number | undefined,
): Name | undefined {
  return (Object.keys(codes) as Name[]).find((name) => codes[name] === code)
}
