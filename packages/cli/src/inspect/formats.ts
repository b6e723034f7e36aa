/** What `inspect` knows, in the order in which it tries: no byte string is of two of these formats but by accident. */
import { annotateBlob, annotateContext, annotateMessage } from '@softkms/envelope'
import {
  type Annotated,
  type Annotation,
  annotatePkcs8,
  annotateRawSignature,
  annotateSignature,
  annotateSpki,
  annotateToken,
  countBytes,
} from '@softkms/hsm'

interface Format {
  readonly title: string
  readonly annotate: (bytes: Uint8Array) => Annotated
  /** What else the format may be, of which nothing in the bytes tells. Tried for whoever asks for the format by name. */
  readonly unmarked?: Format
}

export type FormatName = 'blob' | 'token' | 'spki' | 'pkcs8' | 'signature' | 'message' | 'context'

const FORMATS: Readonly<Record<FormatName, Format>> = {
  blob: { title: 'ciphertext blob', annotate: annotateBlob },
  token: { title: 'key token', annotate: annotateToken },
  spki: { title: 'public key, SubjectPublicKeyInfo', annotate: annotateSpki },
  pkcs8: { title: 'private key, PKCS #8', annotate: annotatePkcs8 },
  signature: {
    title: 'ECDSA signature',
    annotate: annotateSignature,
    unmarked: { title: 'signature', annotate: annotateRawSignature },
  },
  message: { title: 'AWS Encryption SDK message, version 2', annotate: annotateMessage },
  context: { title: 'encryption context, canonical form', annotate: annotateContext },
}

export const FORMAT_NAMES: readonly FormatName[] = Object.keys(FORMATS) as FormatName[]

export interface Inspection {
  readonly format: FormatName
  readonly title: string
  readonly annotations: readonly Annotation[]
  readonly remark?: string
}

/**
 * Annotates bytes as the format asked for, or as the first that they are of.
 *
 * @returns a refusal in words when they are not
 */
export function inspectBytes(
  bytes: Uint8Array,
  asked: FormatName | undefined,
): Inspection | { readonly refusal: string } {
  if (bytes.length === 0) return { refusal: 'there are no bytes to inspect' }
  for (const name of asked === undefined ? FORMAT_NAMES : [asked]) {
    const { title, annotate, unmarked } = FORMATS[name]
    const annotated = annotate(bytes)
    if ('annotations' in annotated) return { format: name, title, ...annotated }
    if (asked === undefined) continue
    const tour = unmarked?.annotate(bytes)
    return unmarked && tour && 'annotations' in tour ? { format: name, title: unmarked.title, ...tour } : annotated
  }
  return {
    refusal: `the input, ${countBytes(bytes.length)}, is of no format known here; --as FORMAT says why not of that one`,
  }
}
