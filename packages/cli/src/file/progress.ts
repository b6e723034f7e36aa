/**
 * How far something has come, on a line that is written over and over; only where somebody looks at a terminal.
 *
 * It writes to the standard error and reads nothing: the standard input may be the file.
 */

const BAR_WIDTH = 30
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const
const ERASE_LINE = '\r\u001B[2K'

export interface Progress {
  /** @param done so far @param total in all, where that has become another since */
  update(done: number, total?: number): void
  /** Takes the line away. */
  clear(): void
}

/** The part of a stream to a terminal that is needed here. */
export interface Terminal {
  readonly isTTY?: boolean | undefined
  write(text: string): unknown
}

/**
 * @param total in all, if that is known
 * @param format how an amount is written; as bytes when absent
 */
export function createProgress(
  terminal: Terminal,
  what: string,
  total: number | undefined,
  format: (amount: number) => string = formatBytes,
): Progress {
  if (terminal.isTTY !== true) return { update() {}, clear() {} }
  let shown = ''
  return {
    update(done, newTotal = total) {
      const line = formatProgress(what, done, newTotal, format)
      // With a known total, the text changes a hundred times: as often as anybody can see.
      if (line === shown) return
      shown = line
      terminal.write(`${ERASE_LINE}${line}`)
    },
    clear() {
      if (shown !== '') terminal.write(ERASE_LINE)
    },
  }
}

export function formatProgress(
  what: string,
  done: number,
  total: number | undefined,
  format: (amount: number) => string = formatBytes,
): string {
  if (total === undefined) return `${what} ${format(done)}`
  const share = total === 0 ? 1 : Math.min(1, done / total)
  const filled = Math.floor(share * BAR_WIDTH)
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled)
  return `${what} ${bar} ${Math.floor(share * 100)}% of ${format(total)}`
}

/** Such as `5 B`, `1.5 GiB` or `128 MiB`. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10))
  const number = bytes / 1024 ** power
  return `${power === 0 || number >= 100 ? Math.floor(number) : number.toFixed(1)} ${UNITS[power] ?? 'B'}`
}
