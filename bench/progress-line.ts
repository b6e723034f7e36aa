/** What is being measured, on a line that goes again; only where somebody looks at a terminal. */

const ERASE_LINE = '\r\u001B[2K'

export interface ProgressLine {
  readonly show: (text: string) => void
  readonly clear: () => void
}

export function createProgressLine(terminal: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>): ProgressLine {
  if (!terminal.isTTY) return { show() {}, clear() {} }
  return {
    show: (text) => void terminal.write(`${ERASE_LINE}${text}`),
    clear: () => void terminal.write(ERASE_LINE),
  }
}
