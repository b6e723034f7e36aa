/** The standard output as a file: what is written there is gone, and nothing can be taken back. */

import type { OutputFile } from './output-file.ts'

export function createStandardOutput(): OutputFile {
  // `write` reports what goes wrong, such as a reader that has left; without a listener it would end the process, too.
  process.stdout.on('error', () => {})
  return {
    write: (piece) =>
      new Promise((resolve, reject) => {
        process.stdout.write(piece, (error) => (error ? reject(error) : resolve()))
      }),
    commit: () => Promise.resolve(),
    discard: () => {},
  }
}
