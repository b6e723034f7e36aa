/** Text as it fits a terminal: nothing that moves the cursor, no line longer than there is room for. */

const WIDTH = { default: 80, least: 60, most: 110 } as const

/** The columns there are: those of the terminal within reason, 80 when there is none. */
export function terminalWidth(): number {
  // Undefined when stdout is no terminal, whatever its type says.
  const columns: number | undefined = process.stdout.columns
  return Math.min(Math.max(columns ?? WIDTH.default, WIDTH.least), WIDTH.most)
}

/** Writes out whatever a terminal would obey or hide: controls, separators, marks of direction, lone surrogates. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
  })
}

/** Breaks at spaces, and inside of a word that has no room. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of printable(text).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? word : `${line} ${word}`
    while (line.length > width) {
      lines.push(line.slice(0, width))
      line = line.slice(width)
    }
  }
  return [...lines, line]
}

/** Cuts with an ellipsis where there is no room. */
export function fit(text: string, width: number): string {
  const clean = printable(text)
  return clean.length <= width ? clean : `${clean.slice(0, Math.max(width - 1, 0))}…`
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
