/** The canonical form of an encryption context, byte by byte: the words to `encryption-context.ts`. */

import { type Annotated, Annotator, type Description, countBytes } from '@softkms/hsm'
import { type ContextField, decodeEncryptionContext } from './encryption-context.ts'
import { decodeUtf8 } from './host.ts'
import { readNumber } from './message/field-writer.ts'

type Words = Pick<Description, 'kind' | 'name' | 'purpose'>

const WORDS: Readonly<Record<ContextField, Words>> = {
  keyLength: { kind: 'length', name: 'length of a key', purpose: 'keeps keys and values from running together' },
  key: { kind: 'content', name: 'key', purpose: 'names what the value says; pairs are sorted by these bytes' },
  valueLength: { kind: 'length', name: 'length of a value', purpose: 'keeps keys and values from running together' },
  value: { kind: 'content', name: 'value', purpose: 'must be given again, byte by byte, to decrypt' },
}

/** Says what each byte of a context's canonical form is. The empty context has no bytes to say anything of. */
export function annotateContext(form: Uint8Array): Annotated {
  const fields: [ContextField, number][] = []
  const context = decodeEncryptionContext(form, (field, length) => fields.push([field, length]))
  if (context === undefined) return { refusal: 'not the canonical form of an encryption context' }
  const annotator = new Annotator(form)
  for (const [field, length] of fields) {
    annotator.take(length, (bytes) => ({
      ...WORDS[field],
      meaning: WORDS[field].kind === 'length' ? countBytes(readNumber(bytes)) : JSON.stringify(decodeUtf8(bytes)),
      authenticatedBy: 'the tag of the blob, as additional data',
    }))
  }
  return annotator.finish()
}
