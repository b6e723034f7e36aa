/**
 * The table of permits with many cells wrong at once, so that a few runs of its test prove something of each cell alone.
 *
 * For every verdict there are two waves: in one half of the cells have that verdict in place of their own, in the other
 * the other half. Which half a cell is in changes from verdict to verdict. A cell's own test must fail in the wave in
 * which its cell is wrong and pass in the other, whatever is wrong with the other cells meanwhile: so it looks at this
 * cell and no other, and sees every wrong verdict there.
 */

export type Table = Readonly<Record<string, Readonly<Record<string, string>>>>

export interface Wave {
  readonly verdict: string
  readonly table: Table
  /** The cells that are wrong. */
  readonly wrong: ReadonlySet<string>
}

/** `Operation State`. */
export function cellsOf(table: Table): string[] {
  return Object.entries(table).flatMap(([operation, row]) => Object.keys(row).map((state) => `${operation} ${state}`))
}

export function wavesOf(table: Table, verdicts: readonly string[]): Wave[] {
  const numbers = new Map(cellsOf(table).map((cell, number) => [cell, number]))
  return verdicts.flatMap((verdict, turn) =>
    [0, 1].map((half): Wave => {
      const wrong = new Set<string>()
      const isWrong = (cell: string): boolean => (((numbers.get(cell) ?? 0) >> (turn % 9)) + turn) % 2 === half
      const rows = Object.entries(table).map(([operation, row]): [string, Table[string]] => {
        const cells = Object.entries(row).map(([state, own]): [string, string] => {
          const cell = `${operation} ${state}`
          if (own === verdict || !isWrong(cell)) return [state, own]
          wrong.add(cell)
          return [state, verdict]
        })
        return [operation, Object.fromEntries(cells)]
      })
      return { verdict, table: Object.fromEntries(rows), wrong }
    }),
  )
}

/**
 * @param failed the cells whose own tests failed in the wave
 * @returns the cells of which the wave says that no test sees them, or that their tests see others
 */
export function judgeWave(wave: Wave, failed: ReadonlySet<string>): string[] {
  return cellsOf(wave.table).flatMap((cell) => {
    if (wave.wrong.has(cell) === failed.has(cell)) return []
    return [
      wave.wrong.has(cell)
        ? `${cell}: no test fails when it is '${wave.verdict}'`
        : `${cell}: its test fails though the cell is right`,
    ]
  })
}
