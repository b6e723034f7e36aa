/** Blobs that a real HSM sealed, each with all that it takes to open it. */
import { encodeEncryptionContext, generateDataKey, parseBlob, sealBlob } from '@softkms/envelope'
import { deriveMessageKey } from './forge.ts'
import { type KnownKey, createKnownKey } from './known-key.ts'
import { type AcceptedVector, KEY_ID, formatHex } from './vector.ts'

/** Sorted by UTF-8, the second key comes first; sorted by UTF-16, the first. */
const CONTEXT_OF_TWO_ORDERS = { '😀 smile': 'four bytes', '～ tilde': 'three bytes' }

interface Case {
  readonly name: string
  readonly length: number
  readonly context?: Readonly<Record<string, string>>
}

const MESSAGES: readonly Case[] = [
  { name: 'worked example of docs/blob.md', length: 5, context: { order: '4711' } },
  { name: 'one byte, no context', length: 1 },
  { name: '35 bytes, the last with one-byte lengths throughout', length: 35 },
  { name: '36 bytes, the first whose outermost length takes two bytes', length: 36 },
  { name: '100 bytes, the last whose innermost length takes one byte', length: 100 },
  { name: '101 bytes, every length takes two bytes', length: 101 },
  { name: '245 bytes, every length takes three bytes', length: 245 },
  { name: '4096 bytes, the longest', length: 4096 },
  { name: 'a context of several pairs', length: 16, context: { b: '2', a: '1', ab: '3', B: '4' } },
  { name: 'a context of empty strings', length: 16, context: { '': '', a: '' } },
  { name: 'a context beyond ASCII', length: 16, context: { Größe: 'groß', 鍵: '値' } },
  { name: 'a context that UTF-8 and UTF-16 sort differently', length: 16, context: CONTEXT_OF_TWO_ORDERS },
  { name: 'a context with a key that objects have a use for', length: 16, context: ownMember('__proto__', 'own') },
]

const DATA_KEYS: readonly Case[] = [
  { name: 'a data key of 32 bytes', length: 32, context: { disk: '1' } },
  { name: 'a data key of 16 bytes, no context', length: 16 },
]

export async function makeAccepted(): Promise<readonly AcceptedVector[]> {
  const messages = MESSAGES.map(async ({ name, length, context = {} }) => {
    const key = await createKnownKey(name, KEY_ID)
    const plaintext = name.startsWith('worked')
      ? new TextEncoder().encode('hello')
      : Uint8Array.from({ length }, (_, i) => (i * 7 + 3) & 0xff)
    return describe(name, key, context, plaintext, await sealBlob(key.hsm, key, plaintext, context))
  })
  const dataKeys = DATA_KEYS.map(async ({ name, length, context = {} }) => {
    const key = await createKnownKey(name, KEY_ID)
    const { blob, plaintext } = await generateDataKey(key.hsm, key, length, context)
    return { ...describe(name, key, context, plaintext, blob), purpose: 2 } as const
  })
  return Promise.all([...messages, ...dataKeys])
}

function describe(
  name: string,
  { keyId, material, materialId }: KnownKey,
  context: Readonly<Record<string, string>>,
  plaintext: Uint8Array,
  blob: Uint8Array,
): AcceptedVector {
  const header = parseBlob(blob)?.header
  if (header === undefined) throw new Error('the envelope does not read what it wrote')
  const nonce = header.bytes.subarray(header.nonceOffset, header.nonceOffset + 16)
  return {
    name,
    keyId,
    material: formatHex(material),
    materialId: formatHex(materialId),
    context,
    canonicalContext: formatHex(encodeEncryptionContext(context)),
    messageKey: formatHex(deriveMessageKey({ material, materialId, nonce })),
    purpose: 1,
    plaintext: formatHex(plaintext),
    blob: formatHex(blob),
  }
}

/** A literal would set the prototype. */
function ownMember(key: string, value: string): Readonly<Record<string, string>> {
  return Object.defineProperty({}, key, { value, enumerable: true })
}
