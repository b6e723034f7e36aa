/**
 * Blobs that must be refused, each for one fault.
 *
 * A fault in the layout or in the frame stands in a blob that authenticates: it was sealed by hand with the fault in
 * place, so that a reader that leaves a check out is found out.
 */
import { encodeEncryptionContext } from '@softkms/envelope'
import { type Frame, forge, frameByHand, layOutByHand } from './forge.ts'
import { type KnownKey, createKnownKey } from './known-key.ts'
import { KEY_ID, type RefusedVector, type RefusingStep, formatHex } from './vector.ts'

const CONTEXT = { a: 'bc' }
const PLAINTEXT = new TextEncoder().encode('attack at dawn')

const NONCE = Uint8Array.from({ length: 16 }, (_, i) => 0x10 + i)
const IV = Uint8Array.from({ length: 12 }, (_, i) => 0x30 + i)

/** Offsets in the header of a blob for `PLAINTEXT`, whose DER lengths take one byte each. */
const AT = { prefix: 0, materialId: 5, mark: 37, nonce: 38, restLength: 54, contentInfo: 58, iv: 108 } as const
const HEADER_LENGTH = 125
const REST_LENGTH = 108

/** What departs from a blob as it should be, before it is sealed. */
interface Fault {
  readonly framed?: Uint8Array
  readonly header?: (header: Uint8Array) => Uint8Array
  readonly isHeaderLeftOut?: boolean
}

function sealFaulty({ material, materialId }: KnownKey, fault: Fault = {}): Uint8Array {
  const { framed = frameByHand(PLAINTEXT), isHeaderLeftOut = false } = fault
  const laidOut = layOutByHand(materialId, NONCE, IV, framed.length + 16)
  const header = fault.header?.(laidOut) ?? laidOut
  const additionalData = encodeEncryptionContext(CONTEXT)
  return forge({ material, materialId, header, nonce: NONCE, iv: IV, additionalData, framed, isHeaderLeftOut })
}

/** A header with some bytes in place of others. */
function replace(at: number, removed: number, ...added: readonly number[]): Fault {
  return { header: (header) => Uint8Array.from([...header].toSpliced(at, removed, ...added)) }
}

function frame(change: Frame): Fault {
  return { framed: frameByHand(PLAINTEXT, change) }
}

/** The outermost DER length in two bytes where one would do; the length before it says so. */
const LONG_FORM: Fault = {
  header: (header) =>
    Uint8Array.from([...header].toSpliced(AT.contentInfo + 1, 0, 0x81).with(AT.restLength + 3, REST_LENGTH + 1)),
}

const SEALED_WITH_A_FAULT: readonly (readonly [string, RefusingStep, Fault])[] = [
  ['another version in the first byte', 'layout', replace(AT.prefix, 1, 2)],
  ['the prefix of the older layout', 'layout', replace(AT.prefix + 1, 1, 1)],
  ['another mark behind the material id', 'layout', replace(AT.mark, 1, 2)],
  ['a length of the rest that is one too small', 'layout', replace(AT.restLength + 3, 1, REST_LENGTH - 1)],
  ['a length of the rest that is one too large', 'layout', replace(AT.restLength + 3, 1, REST_LENGTH + 1)],
  ['a DER length in a longer form than it needs', 'layout', LONG_FORM],
  ['ContentInfo as a SET', 'layout', replace(AT.contentInfo, 1, 0x31)],
  ['content of another type: pkcs7-envelopedData', 'layout', replace(AT.contentInfo + 12, 1, 3)],
  ['EncryptedData of version 2', 'layout', replace(AT.contentInfo + 19, 1, 2)],
  ['an inner content of another type: pkcs7-encryptedData', 'layout', replace(AT.contentInfo + 32, 1, 6)],
  ['another algorithm: aes192-GCM', 'layout', replace(AT.contentInfo + 45, 1, 0x1a)],
  ['a tag of another length: 12', 'layout', replace(AT.iv + 14, 1, 12)],
  ['a constructed content', 'layout', replace(AT.iv + 15, 1, 0xa0)],
  ['a frame of version 2', 'frame', frame({ version: 2 })],
  ['a frame without purpose', 'frame', frame({ purpose: 0 })],
  ['a frame of an unknown purpose', 'frame', frame({ purpose: 4 })],
  ['a frame with a length that is one too small', 'frame', frame({ length: PLAINTEXT.length - 1 })],
  ['a frame with a length that is 65536 too large', 'frame', frame({ length: PLAINTEXT.length + 65_536 })],
  ['a frame whose first reserved byte is not zero', 'frame', frame({ reserved: [1, 0, 0, 0, 0] })],
  ['a frame whose last reserved byte is not zero', 'frame', frame({ reserved: [0, 0, 0, 0, 1] })],
]

/** One bit of one byte changed once the blob was sealed; -1 is the last byte. */
const CHANGED: readonly (readonly [string, RefusingStep, number])[] = [
  ['another material id', 'material', AT.materialId],
  ['another nonce', 'authentication', AT.nonce + 15],
  ['another initialization vector', 'authentication', AT.iv],
  ['another ciphertext', 'authentication', HEADER_LENGTH],
  ['another tag', 'authentication', -1],
]

const OTHER_CONTEXTS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['no context', {}],
  ['another value in the context', { a: 'bd' }],
  ['a context of the same letters, parted otherwise', { ab: 'c' }],
  ['one pair more in the context', { a: 'bc', d: '' }],
]

export async function makeRefused(): Promise<readonly RefusedVector[]> {
  const key = await createKnownKey('refused', KEY_ID)
  const good = sealFaulty(key)
  const vector = (name: string, refusedBy: RefusingStep, blob: Uint8Array): RefusedVector => ({
    name,
    refusedBy,
    keyId: KEY_ID,
    material: formatHex(key.material),
    context: CONTEXT,
    blob: formatHex(blob),
  })
  return [
    vector('nothing', 'layout', new Uint8Array(0)),
    vector('a header and nothing behind it', 'layout', good.subarray(0, HEADER_LENGTH)),
    vector('one byte short', 'layout', good.subarray(0, -1)),
    vector('one byte long', 'layout', Uint8Array.of(...good, 0)),
    vector('no plaintext', 'layout', sealFaulty(key, { framed: frameByHand(new Uint8Array(0)) })),
    vector('4097 bytes of plaintext', 'layout', sealFaulty(key, { framed: frameByHand(new Uint8Array(4097)) })),
    ...SEALED_WITH_A_FAULT.map(([name, step, fault]) => vector(name, step, sealFaulty(key, fault))),
    ...CHANGED.map(([name, step, at]) => vector(name, step, changeByte(good, at))),
    { ...vector('the key of another id', 'material', good), keyId: KEY_ID.replace('1', '2') },
    ...OTHER_CONTEXTS.map(([name, context]) => ({ ...vector(name, 'authentication', good), context })),
    vector('authenticated without the header', 'authentication', sealFaulty(key, { isHeaderLeftOut: true })),
  ]
}

function changeByte(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.with(at, (bytes.at(at) ?? 0) ^ 1)
}
