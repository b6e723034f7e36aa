/** Small text files that flags name, read whole. */
import { readFileSync } from 'node:fs'

/** A file that a flag names and that is not what it should be. The message holds nothing of what is in it. */
export class UnusableFileError extends Error {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = 'UnusableFileError'
  }
}

/** @throws UnusableFileError */
export function readTextFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    throw new UnusableFileError(`cannot read ${path} (${code})`, { cause: error })
  }
}
