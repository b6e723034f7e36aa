/**
 * From what stands on the command line to bytes: a file, stdin, or the bytes themselves as base64 or hexadecimal.
 *
 * Nothing that was read is ever repeated in a message: it may be a private key.
 */
import { type FileHandle, open } from 'node:fs/promises'

export type Encoding = 'raw' | 'base64' | 'hex' | 'pem'

export interface Input {
  readonly bytes: Uint8Array
  readonly encoding: Encoding
}

/** In bytes. Whatever is larger is not looked at byte by byte. */
const MAX_LENGTH = 16 * 1024 * 1024

/**
 * @param argument `-` or nothing for stdin
 * @returns a refusal in words when there is nothing to read
 */
export async function readInput(argument: string | undefined): Promise<Input | { readonly refusal: string }> {
  if (argument === undefined || argument === '-') {
    if (argument === undefined && process.stdin.isTTY) return { refusal: 'name a file, give base64, or pipe bytes in' }
    return decodeFile(await collect(process.stdin))
  }
  const file = await openFile(argument)
  if (file === undefined) {
    return (
      decodeText(argument) ?? {
        refusal: 'the argument is no file that can be read, and neither base64 nor hexadecimal',
      }
    )
  }
  try {
    if (!(await file.stat()).isFile()) return { refusal: 'the argument names something that is not a file' }
    return decodeFile(await collect(file.createReadStream({ autoClose: false })))
  } finally {
    await file.close()
  }
}

async function openFile(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path)
  } catch {
    return undefined
  }
}

/** @returns `undefined` for more than is inspected */
async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of stream) {
    length += piece.length
    if (length > MAX_LENGTH) return undefined
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

/** Text that encodes bytes stands for them; any other content is the bytes. */
function decodeFile(content: Uint8Array | undefined): Input | { readonly refusal: string } {
  if (content === undefined) return { refusal: `more than ${MAX_LENGTH / (1024 * 1024)} MiB are not inspected` }
  const isText = content.every((byte) => (byte >= 0x20 ? byte < 0x7f : byte === 0x0a || byte === 0x0d || byte === 0x09))
  const decoded = isText ? decodeText(Buffer.from(content).toString('ascii')) : undefined
  return decoded ?? { bytes: content, encoding: 'raw' }
}

/** Hexadecimal before base64: what is both is more often meant as the former. */
function decodeText(text: string): Input | undefined {
  const pem = /^\s*-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----\s*$/.exec(text)?.[2]
  if (pem !== undefined) return decodeBase64(pem, 'pem')
  const compact = text.replaceAll(/\s/g, '')
  if (compact === '') return undefined
  if (/^(?:[0-9a-fA-F]{2})+$/.test(compact)) return { bytes: Buffer.from(compact, 'hex'), encoding: 'hex' }
  return decodeBase64(compact, 'base64')
}

function decodeBase64(text: string, encoding: Encoding): Input | undefined {
  const compact = text.replaceAll(/\s/g, '')
  const bytes = Buffer.from(compact, 'base64')
  return bytes.length > 0 && bytes.toString('base64') === compact ? { bytes, encoding } : undefined
}
