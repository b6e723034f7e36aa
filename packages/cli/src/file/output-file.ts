/**
 * A file that is there as a whole or not at all.
 *
 * What is written goes to a file of another name in the same folder; `commit` gives it its name when all of it is on
 * disk. A process that is killed leaves at most that other file behind.
 */

import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { type FileHandle, link, open, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Where a hard link cannot be made, whatever the file. */
const NO_LINKS: ReadonlySet<string | undefined> = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'])

export interface OutputFileOptions {
  /** Replaces a file that is there already. */
  readonly isReplacing: boolean
  /** The permissions of the file, before the process's mask. */
  readonly mode: number
}

export interface OutputFile {
  /** @param piece must not change before this is done */
  write(piece: Uint8Array): Promise<void>
  /** Gives the file its name. */
  commit(): Promise<void>
  /** Removes what was written; at once, since the process may be about to end. Does nothing after `commit`. */
  discard(): void
}

/** Why a file cannot be written, in words for whoever named it. */
export class OutputFileError extends Error {
  override readonly name = 'OutputFileError'
}

/** @throws OutputFileError for a name that is taken, and whatever the file system says */
export async function createOutputFile(path: string, { isReplacing, mode }: OutputFileOptions): Promise<OutputFile> {
  await assertWritable(path, isReplacing)
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  const handle = await open(temporary, 'wx', mode)
  let isThere = true
  return {
    write: (piece) => handle.writeFile(piece),
    async commit() {
      await handle.sync()
      await handle.close()
      await moveTo(path, temporary, isReplacing)
      isThere = false
    },
    discard() {
      if (!isThere) return
      isThere = false
      rmSync(temporary, { force: true })
      closeQuietly(handle)
    },
  }
}

async function assertWritable(path: string, isReplacing: boolean): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return
  if (!found.isFile()) throw new OutputFileError(`${path} is not a regular file`)
  if (!isReplacing) throw takenName(path)
}

/** A link, unlike a new name, is refused when something has come to be there meanwhile. */
async function moveTo(path: string, temporary: string, isReplacing: boolean): Promise<void> {
  if (isReplacing) return rename(temporary, path)
  try {
    await link(temporary, path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') throw takenName(path)
    if (!NO_LINKS.has(code)) throw error
    await assertWritable(path, isReplacing)
    return rename(temporary, path)
  }
  await unlink(temporary)
}

function takenName(path: string): OutputFileError {
  return new OutputFileError(`${path} exists already; choose another with --output, or replace it with --force`)
}

function closeQuietly(handle: FileHandle): void {
  handle.close().catch(() => {})
}
