/**
 * Reads ciphertext blobs as another program would: from `docs/blob.md` and `node:crypto` alone, with nothing of ours.
 *
 * Its steps are the document's, and each intermediate value can be looked at.
 */
import { createDecipheriv, createHmac } from 'node:crypto'

export type RefusingStep = 'layout' | 'material' | 'authentication' | 'frame'

export class BlobRefused extends Error {
  readonly step: RefusingStep

  constructor(step: RefusingStep) {
    super(`refused by ${step}`)
    this.step = step
  }
}

/** Whose blob it is said to be. */
export interface BlobOwner {
  readonly material: Uint8Array
  readonly keyId: string
  readonly context: Readonly<Record<string, string>>
}

export interface BlobParts {
  readonly materialId: Uint8Array
  readonly nonce: Uint8Array
  readonly iv: Uint8Array
  readonly header: Uint8Array
  readonly ciphertext: Uint8Array
  readonly tag: Uint8Array
}

export interface ReadBlob extends BlobParts {
  readonly canonicalContext: Uint8Array
  readonly fixedInput: Uint8Array
  readonly messageKey: Uint8Array
  readonly additionalData: Uint8Array
  readonly framed: Uint8Array
  readonly purpose: number
  readonly plaintext: Uint8Array
}

const FRAME_LENGTH = 11
const TAG_LENGTH = 16

/** @throws BlobRefused naming the step that refused */
export function readBlob(blob: Uint8Array, { material, keyId, context }: BlobOwner): ReadBlob {
  const parts = readLayout(blob)
  if (!Buffer.from(parts.materialId).equals(nameMaterial(material, keyId))) throw new BlobRefused('material')

  const canonicalContext = canonicalize(context)
  const derivation = Buffer.concat([Uint8Array.of(1), parts.materialId, parts.nonce])
  const fixedInput = fixedInputOf('softkms message key', derivation)
  const messageKey = createHmac('sha256', material).update(fixedInput).digest()
  const additionalData = Buffer.concat([parts.header, canonicalContext])
  const framed = openGcm(messageKey, parts, additionalData)

  const plaintext = framed.subarray(FRAME_LENGTH)
  const purpose = framed[1] ?? 0
  const expected = Buffer.from([1, purpose, 0, 0, plaintext.length >>> 8, plaintext.length & 0xff, 0, 0, 0, 0, 0])
  if (purpose !== 1 && purpose !== 2) throw new BlobRefused('frame')
  if (!expected.equals(framed.subarray(0, FRAME_LENGTH))) throw new BlobRefused('frame')
  return { ...parts, canonicalContext, fixedInput, messageKey, additionalData, framed, purpose, plaintext }
}

/** @spec docs/blob.md, "The layout" */
export function readLayout(blob: Uint8Array): BlobParts {
  const outer = new Cursor(blob)
  outer.expect('0102020078')
  const materialId = outer.take(32)
  outer.expect('01')
  const nonce = outer.take(16)
  const restLength = Buffer.from(outer.take(4)).readUInt32BE()
  const rest = outer.enter(restLength)

  const contentInfo = rest.enterValue(0x30)
  contentInfo.expect('06092a864886f70d010706')
  const explicit = contentInfo.enterValue(0xa0)
  const encryptedData = explicit.enterValue(0x30)
  encryptedData.expect('020100')
  const encryptedContentInfo = encryptedData.enterValue(0x30)
  encryptedContentInfo.expect('06092a864886f70d010701')
  encryptedContentInfo.expect('301e060960864801650304012e3011040c')
  const iv = encryptedContentInfo.take(12)
  encryptedContentInfo.expect('020110')
  const content = encryptedContentInfo.enterValue(0x80).takeRest()

  const plaintextLength = content.length - FRAME_LENGTH - TAG_LENGTH
  if (plaintextLength < 1 || plaintextLength > 4096) throw new BlobRefused('layout')
  return {
    materialId,
    nonce,
    iv,
    header: blob.subarray(0, blob.length - content.length),
    ciphertext: content.subarray(0, -TAG_LENGTH),
    tag: content.subarray(-TAG_LENGTH),
  }
}

/** @spec docs/blob.md, "The key material's name" */
function nameMaterial(material: Uint8Array, keyId: string): Uint8Array {
  return createHmac('sha256', material).update(`softkms key material id v1${keyId}`, 'ascii').digest()
}

/** @spec docs/blob.md, "The encryption context" */
export function canonicalize(context: Readonly<Record<string, string>>): Uint8Array {
  const pairs = Object.entries(context).map((pair) => pair.map((text) => Buffer.from(text, 'utf8')))
  const sorted = pairs.toSorted(([a = Buffer.of()], [b = Buffer.of()]) => Buffer.compare(a, b))
  return Buffer.concat(sorted.flat().flatMap((text) => [lengthOf(text), text]))
}

function lengthOf(text: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(text.length)
  return length
}

/** @spec SP 800-108r1 §4.1; docs/blob.md, "The message key" */
export function fixedInputOf(label: string, context: Uint8Array): Uint8Array {
  return Buffer.concat([
    Uint8Array.of(0, 0, 0, 1),
    Buffer.from(label),
    Uint8Array.of(0),
    context,
    Uint8Array.of(0, 0, 1, 0),
  ])
}

function openGcm(key: Uint8Array, { iv, ciphertext, tag }: BlobParts, additionalData: Uint8Array): Uint8Array {
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_LENGTH })
  decipher.setAAD(additionalData)
  decipher.setAuthTag(tag)
  const opened = decipher.update(ciphertext)
  try {
    return Buffer.concat([opened, decipher.final()])
  } catch {
    throw new BlobRefused('authentication')
  }
}

/** Reads bytes one after the other; whatever is entered must be the last thing in what it stands in. */
class Cursor {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  take(length: number): Uint8Array {
    const taken = this.#bytes.subarray(this.#at, this.#at + length)
    if (taken.length !== length) throw new BlobRefused('layout')
    this.#at += length
    return taken
  }

  takeRest(): Uint8Array {
    return this.take(this.#bytes.length - this.#at)
  }

  expect(hex: string): void {
    const expected = Buffer.from(hex, 'hex')
    if (!expected.equals(this.take(expected.length))) throw new BlobRefused('layout')
  }

  enter(length: number): Cursor {
    if (length !== this.#bytes.length - this.#at) throw new BlobRefused('layout')
    return new Cursor(this.takeRest())
  }

  /** A DER value: its tag, its length in the shortest form, then what is inside. */
  enterValue(tag: number): Cursor {
    this.expect(tag.toString(16))
    const [first = 0] = this.take(1)
    if (first < 0x80) return this.enter(first)
    const more = first - 0x80
    if (more !== 1 && more !== 2) throw new BlobRefused('layout')
    const length = Buffer.from(this.take(more)).readUIntBE(0, more)
    if (length < (more === 1 ? 0x80 : 0x100)) throw new BlobRefused('layout')
    return this.enter(length)
  }
}
