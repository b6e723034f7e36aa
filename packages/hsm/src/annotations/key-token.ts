/** A key token, byte by byte, for people: the words to the layout of `key-token.ts`. */

import { GCM_TAG_LENGTH } from '../algorithms/aes-gcm/aes-gcm.ts'
import { type Annotated, Annotator, type Description } from '../annotation.ts'
import { type ParsedToken, TOKEN_LAYOUT, type TokenHeaderField, readToken } from '../key-token.ts'
import { countBytes, formatHex } from './bytes-in-words.ts'

const AUTHENTICATED = 'the tag at the end, as additional data'

type Words = Omit<Description, 'meaning' | 'authenticatedBy'> & { readonly meaning: (token: ParsedToken) => string }

const WORDS: Readonly<Record<TokenHeaderField, Words>> = {
  version: {
    kind: 'fixed',
    name: 'format version',
    meaning: () => '1',
    purpose: 'tells a later layout from this one',
  },
  domainKeyId: {
    kind: 'identifier',
    name: 'domain key id',
    meaning: ({ fields }) => formatHex(fields.domainKeyId),
    purpose: 'names the domain key inside the HSM that unwraps this token',
  },
  keySpec: {
    kind: 'identifier',
    name: 'key spec',
    meaning: ({ fields }) => fields.keySpec,
    purpose: 'says which algorithms the key has; the HSM believes this, never its caller',
  },
  keyUsage: {
    kind: 'identifier',
    name: 'key usage',
    meaning: ({ fields }) => fields.keyUsage,
    purpose: 'limits the commands that take the key',
  },
  origin: {
    kind: 'identifier',
    name: 'origin',
    meaning: ({ fields }) => fields.origin,
    purpose: 'says whether the material was generated inside or imported',
  },
  flags: {
    kind: 'identifier',
    name: 'flags',
    meaning: ({ fields }) => (fields.isExtractable ? 'extractable' : 'none: the material never leaves in the clear'),
    purpose: 'says whether the material may leave in the clear',
  },
  materialId: {
    kind: 'identifier',
    name: 'KeyMaterialId',
    meaning: ({ fields }) => formatHex(fields.materialId),
    purpose: 'commits the token to one material: an HMAC under that material, computed again at each unwrapping',
  },
  nonce: {
    kind: 'random',
    name: 'nonce',
    meaning: () => 'drawn when the token was made',
    purpose: 'derives, with the domain key, a wrapping key for this token alone',
  },
  iv: {
    kind: 'random',
    name: 'initialization vector',
    meaning: () => 'drawn when the token was made',
    purpose: 'starts AES-256-GCM under the wrapping key',
  },
  keyIdLength: {
    kind: 'length',
    name: 'length of the key id',
    meaning: ({ fields }) => countBytes(fields.keyId.length),
    purpose: 'says where the header ends',
  },
}

/** Says what each byte of a key token is. The key in it is wrapped, and stays so. */
export function annotateToken(token: Uint8Array): Annotated {
  const parsed = readToken(token)
  if (typeof parsed === 'string') return { refusal: `not a key token: ${parsed}` }
  const annotator = new Annotator(token)
  takeHeader(annotator, parsed)
  annotator.take(parsed.wrapped.length - GCM_TAG_LENGTH, (bytes) => ({
    kind: 'ciphertext',
    name: 'wrapped key material',
    meaning: `${countBytes(bytes.length)} of ${parsed.fields.keySpec} material under AES-256-GCM`,
    purpose: 'carries the key to wherever tokens are stored, readable to an HSM of the domain alone',
    authenticatedBy: 'the tag at the end, as ciphertext',
  }))
  annotator.take(GCM_TAG_LENGTH, () => ({
    kind: 'tag',
    name: 'GCM tag',
    meaning: 'of the header and the wrapped material',
    purpose: 'lets the HSM refuse a token with any byte changed',
    authenticatedBy: 'itself: it is recomputed under the wrapping key',
  }))
  return annotator.finish()
}

/** Takes the header alone, which is what authenticates the wrapped material. */
function takeHeader(annotator: Annotator, token: ParsedToken): void {
  for (const [field, length] of Object.entries(TOKEN_LAYOUT) as [TokenHeaderField, number][]) {
    const words = WORDS[field]
    annotator.take(length, () => ({ ...words, meaning: words.meaning(token), authenticatedBy: AUTHENTICATED }))
  }
  annotator.take(token.fields.keyId.length, () => ({
    kind: 'identifier',
    name: 'key id',
    meaning: token.fields.keyId,
    purpose: 'says which KMS key the material is of',
    authenticatedBy: AUTHENTICATED,
  }))
}
