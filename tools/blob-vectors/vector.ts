/** What the published vectors say. Bytes are lower-case hexadecimal. */

export interface BlobVectors {
  readonly format: string
  readonly specification: string
  readonly accepted: readonly AcceptedVector[]
  readonly refused: readonly RefusedVector[]
}

export interface AcceptedVector {
  readonly name: string
  readonly keyId: string
  readonly material: string
  readonly materialId: string
  readonly context: Readonly<Record<string, string>>
  readonly canonicalContext: string
  readonly messageKey: string
  /** 1 a message, 2 a data key. */
  readonly purpose: 1 | 2
  readonly plaintext: string
  readonly blob: string
}

/** The step of docs/blob.md, "Reading a blob", that refuses. To whoever asked for the plaintext they are all alike. */
export type RefusingStep = 'layout' | 'material' | 'authentication' | 'frame'

export interface RefusedVector {
  readonly name: string
  readonly refusedBy: RefusingStep
  readonly keyId: string
  readonly material: string
  readonly context: Readonly<Record<string, string>>
  readonly blob: string
}

export const KEY_ID = '1234abcd-12ab-34cd-56ef-1234567890ab'

export function formatHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
