/** What `docs/blob.md` says in numbers and in its worked example is so. */
import { encodeBlobHeader } from '@softkms/envelope'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { BlobVectors } from '../../tools/blob-vectors/vector.ts'
import { BLOB_VECTORS } from '../../tools/make-blob-vectors.ts'
import { fromHex, toHex } from '../support/bits.ts'
import { readBlob } from '../support/blob-reader.ts'

const ROOT = new URL('../../', import.meta.url)
const DOCUMENT = readFileSync(new URL('docs/blob.md', ROOT), 'utf8')
const { accepted } = JSON.parse(readFileSync(new URL(BLOB_VECTORS, ROOT), 'utf8')) as BlobVectors

/** The text of a section, up to the next heading of its level. */
function section(heading: string): string {
  const [, text = ''] = DOCUMENT.split(`\n## ${heading}\n`)
  return text.split('\n## ')[0] ?? ''
}

/** The example's values by the first words of their names: a name in one line, its bytes indented below it. */
function readExample(): Readonly<Record<string, string>> {
  const [, block = ''] = section('A worked example').split('```text\n')
  const lines = block.split('\n```')[0]?.split('\n') ?? []
  const values: Record<string, string> = {}
  let name = ''
  for (const line of lines) {
    if (line.startsWith(' ')) values[name] = `${values[name] ?? ''}${line.trim()}`
    else name = line.replace(/(?: =|,).*$/, '')
  }
  return values
}

test('the worked example is the first vector, and each step of it is right', () => {
  const [vector] = accepted
  expect(vector).toBeDefined()
  if (vector === undefined) return
  expect(section('A worked example')).toContain(vector.keyId)
  expect(section('A worked example')).toContain(JSON.stringify(vector.context).replace(':', ': '))
  const read = readBlob(fromHex(vector.blob), { ...vector, material: fromHex(vector.material) })
  expect(new TextDecoder().decode(read.plaintext)).toBe('hello')
  expect(readExample()).toEqual({
    'key material': vector.material,
    KeyMaterialId: toHex(read.materialId),
    'canonical context': toHex(read.canonicalContext),
    nonce: toHex(read.nonce),
    'fixed input': toHex(read.fixedInput),
    'message key': toHex(read.messageKey),
    'initialization vector': toHex(read.iv),
    header: toHex(read.header),
    'additional data': toHex(read.additionalData),
    'frame || plaintext': toHex(read.framed),
    ciphertext: toHex(read.ciphertext),
    tag: toHex(read.tag),
    blob: vector.blob,
  })
  expect(read.header).toHaveLength(125)
  expect(read.fixedInput).toHaveLength(77)
  expect(fromHex(vector.blob)).toHaveLength(157)
})

test('the table of sizes is the sizes', () => {
  const rows = section('The size')
    .split('\n')
    .filter((line) => /^\|.*\d/.test(line))
    .map((line) => [...line.matchAll(/\d+/g)].map(([number]) => Number(number)))
  const [from = [], overhead = []] = rows
  expect(from).toHaveLength(11)
  expect(overhead).toHaveLength(11)
  for (let length = 1; length <= 4096; length++) {
    const column = from.findLastIndex((least) => length >= least)
    const blobLength = encodeBlobHeader(new Uint8Array(32), length).bytes.length + 11 + length + 16
    expect(blobLength - length).toBe(overhead[column])
  }
})
