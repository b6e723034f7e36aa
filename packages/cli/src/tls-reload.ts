/**
 * A certificate that is renewed in place, while the server goes on.
 *
 * Both files are read whenever one of them has changed. As long as they do not fit, since one was written before the
 * other, the server keeps what it has.
 */
import { unwatchFile, watchFile } from 'node:fs'
import { ServeError, type TlsOptions } from '@softkms/server/node'
import { UnusableFileError } from './text-file.ts'

const EVERY_MS = 1000

export interface TlsReload {
  stop(): void
}

/**
 * @param read both files @param replace the server's @param say told what came of it, with whether it was taken
 */
export function reloadTls(
  files: readonly string[],
  read: () => TlsOptions | undefined,
  replace: (tls: TlsOptions) => void,
  say: (message: string, isTaken: boolean) => void,
  everyMs: number = EVERY_MS,
): TlsReload {
  const onChange = (): void => {
    try {
      const tls = read()
      if (tls === undefined) return
      replace(tls)
      say('the certificate was replaced', true)
    } catch (error) {
      if (!(error instanceof UnusableFileError || error instanceof ServeError)) throw error
      say(`the certificate stays as it was: ${error.message}`, false)
    }
  }
  for (const file of files) watchFile(file, { interval: everyMs, persistent: false }, onChange)
  return {
    stop() {
      for (const file of files) unwatchFile(file, onChange)
    },
  }
}
