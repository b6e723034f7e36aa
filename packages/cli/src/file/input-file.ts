/** What is read: a file, or the standard input. */

import { open } from 'node:fs/promises'

const PIECE_LENGTH = 262_144

export interface Input {
  readonly pieces: AsyncIterable<Uint8Array>
  /** In bytes; `undefined` when it cannot be known. */
  readonly size: number | undefined
}

/**
 * @param path `-` for the standard input
 * @throws whatever the file system says
 */
export async function openInput(path: string): Promise<Input> {
  if (path === '-') return { pieces: process.stdin, size: undefined }
  const handle = await open(path, 'r')
  const found = await handle.stat()
  const pieces: AsyncIterable<Uint8Array> = handle.createReadStream({ highWaterMark: PIECE_LENGTH })
  return { pieces, size: found.isFile() ? found.size : undefined }
}
