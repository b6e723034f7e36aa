/**
 * The header of a message, byte by byte.
 *
 * `readHeader` asks for one field after the other and says how long each is; here the fields get their words, in the
 * same order. What is no header is told as far as it goes.
 */

import { type Annotator, type Description, countBytes, formatHex } from '@softkms/hsm'
import { parseBlob } from '../blob.ts'
import { decodeUtf8 } from '../host.ts'
import { MessageError } from './error.ts'
import { readNumber } from './field-writer.ts'
import { type Header, readHeader } from './header.ts'
import { decodeMessageContext } from './message-context.ts'
import { findSuite } from './suite.ts'

type Words = Omit<Description, 'meaning' | 'authenticatedBy'> & { readonly meaning: (field: Uint8Array) => string }

const ANY_HEADER = { maxFrameLength: 0xffff_ffff, maxEncryptedDataKeys: 0xffff }

const WORDS = {
  version: { kind: 'fixed', name: 'format version', meaning: number, purpose: 'tells the layouts of messages apart' },
  suite: {
    kind: 'identifier',
    name: 'algorithm suite',
    meaning: (field) => findSuite(readNumber(field))?.name ?? `${formatHex(field)}, not one that commits to its key`,
    purpose: 'says how keys are derived, content sealed and the whole signed',
  },
  messageId: {
    kind: 'random',
    name: 'message id',
    meaning: () => 'drawn for this message',
    purpose: 'is the salt of the key derivation, and binds each frame to this message',
  },
  contextLength: length('length of the encryption context'),
  keyCount: {
    kind: 'length',
    name: 'number of data keys',
    meaning: number,
    purpose: 'says how many wrapping keys can open the message',
  },
  providerIdLength: length('length of the provider id'),
  providerId: {
    kind: 'identifier',
    name: 'provider id',
    meaning: text,
    purpose: 'says who encrypted the data key',
    depth: 1,
  },
  providerInfoLength: length('length of the provider info'),
  providerInfo: {
    kind: 'identifier',
    name: 'provider info',
    meaning: text,
    purpose: 'names the wrapping key; for AWS KMS it is the ARN',
    depth: 1,
  },
  dataKeyLength: length('length of the encrypted data key'),
  dataKey: {
    kind: 'ciphertext',
    name: 'encrypted data key',
    meaning: (field) =>
      `${countBytes(field.length)}${parseBlob(field) === undefined ? '' : ', a ciphertext blob: inspect it by itself'}`,
    purpose: 'Decrypt turns it into the data key that the keys of the message come from',
    depth: 1,
  },
  contentType: { kind: 'fixed', name: 'content type', meaning: contentType, purpose: 'says how the body is cut' },
  frameLength: {
    kind: 'length',
    name: 'frame length',
    meaning: (field) => countBytes(readNumber(field)),
    purpose: 'how much plaintext each frame but the last holds',
  },
  commitment: {
    kind: 'tag',
    name: 'key commitment',
    meaning: () => 'derived from data key and message id',
    purpose: 'lets a reader refuse a second data key under which the message would open to something else',
  },
} as const satisfies Readonly<Record<string, Words>>

type HeaderField = keyof typeof WORDS | 'context'

/** The fields in the order in which `readHeader` asks for them. */
function* fieldsInOrder(): Generator<HeaderField, void, Uint8Array> {
  yield* ['version', 'suite', 'messageId', 'contextLength', 'context'] as const
  const count = readNumber(yield 'keyCount')
  for (let i = 0; i < count; i++) {
    yield* ['providerIdLength', 'providerId', 'providerInfoLength', 'providerInfo', 'dataKeyLength', 'dataKey'] as const
  }
  yield* ['contentType', 'frameLength', 'commitment'] as const
}

/** @returns the header, or why it could not be read to its end; what was read is annotated either way */
export function annotateHeader(annotator: Annotator, bytes: Uint8Array, authenticatedBy: string): Header | string {
  const reading = readHeader(ANY_HEADER)
  const fields = fieldsInOrder()
  let name = fields.next()
  try {
    let step = reading.next()
    while (step.done !== true && name.done !== true) {
      if (step.value > annotator.rest) return `the message ends inside its header, in '${name.value}'`
      const field = bytes.subarray(annotator.at, annotator.at + step.value)
      if (name.value === 'context') annotateMessageContext(annotator, field, authenticatedBy)
      else take(annotator, field.length, { ...WORDS[name.value], authenticatedBy })
      step = reading.next(field)
      name = fields.next(field)
    }
    return step.done === true ? step.value : 'the header has more fields than are known'
  } catch (error) {
    if (error instanceof MessageError) return error.message
    throw error
  }
}

function annotateMessageContext(annotator: Annotator, bytes: Uint8Array, authenticatedBy: string): void {
  const fields: Uint8Array[] = []
  const name = 'encryption context'
  try {
    decodeMessageContext(bytes, (field) => fields.push(field))
  } catch {
    const purpose = 'must be given again to decrypt the data key'
    const meaning = (): string => 'not a context'
    take(annotator, bytes.length, { kind: 'content', name, meaning, purpose, authenticatedBy })
    return
  }
  fields.forEach((field, i) => {
    const place = i === 0 ? 'count' : (['length', 'key', 'length', 'value'] as const)[(i - 1) % 4]
    take(annotator, field.length, { ...contextWords(place ?? 'length'), authenticatedBy })
  })
}

function contextWords(place: 'count' | 'length' | 'key' | 'value'): Words {
  switch (place) {
    case 'count':
      return {
        kind: 'length',
        name: 'number of pairs',
        meaning: number,
        purpose: 'of the encryption context',
        depth: 1,
      }
    case 'length':
      return length('length of the text')
    case 'key':
      return { kind: 'content', name: 'key', meaning: text, purpose: 'names what the value says', depth: 1 }
    case 'value':
      return { kind: 'content', name: 'value', meaning: text, purpose: 'is given to KMS with the data key', depth: 1 }
  }
}

function take(
  annotator: Annotator,
  fieldLength: number,
  { meaning, ...words }: Words & Pick<Description, 'authenticatedBy'>,
): void {
  annotator.take(fieldLength, (field) => ({ ...words, meaning: meaning(field) }))
}

function length(name: string): Words {
  const depth = name === 'length of the encryption context' ? 0 : 1
  return {
    kind: 'length',
    name,
    meaning: (field) => countBytes(readNumber(field)),
    purpose: 'says where it ends',
    depth,
  }
}

function number(field: Uint8Array): string {
  return String(readNumber(field))
}

function text(field: Uint8Array): string {
  return decodeUtf8(field) ?? countBytes(field.length)
}

function contentType(field: Uint8Array): string {
  return field[0] === 2 ? 'framed' : `${number(field)}, not framed`
}
