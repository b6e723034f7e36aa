/** What is read: a file, or the standard input. */

import { type FileHandle, open } from 'node:fs/promises'

const PIECE_LENGTH = 262_144

export interface Input {
  /** Each is to be looked at before the next is asked for. */
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
  return { pieces: readPieces(handle), size: found.isFile() ? found.size : undefined }
}

/** Always into the same memory: a file of any size goes through no more than that. */
async function* readPieces(handle: FileHandle): AsyncGenerator<Uint8Array, void, undefined> {
  const memory = new Uint8Array(PIECE_LENGTH)
  try {
    for (;;) {
      const { bytesRead } = await handle.read(memory, 0, memory.length, null)
      if (bytesRead === 0) return
      yield memory.subarray(0, bytesRead)
    }
  } finally {
    memory.fill(0)
    await handle.close()
  }
}
