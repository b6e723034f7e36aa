/**
 * Annotated bytes as a hex dump: the bytes on the left, what they are on the right.
 *
 * What authenticates a run of fields stands once above it. Bytes of a secret are never written, only counted.
 */
import type { Annotation } from '@softkms/hsm'
import type { Paint } from '../terminal/paint.ts'
import { fit, hexOf, printable, wrap } from '../terminal/text.ts'

export interface DumpOptions {
  readonly paint: Paint
  readonly width: number
  /** Whether fields of many bytes are shown to their end. */
  readonly isFull: boolean
}

const OFFSET_WIDTH = 6
const GAP = '  '
const BYTES_A_ROW = 8
const HEX_WIDTH = 3 * BYTES_A_ROW - 1
/** Of a long field, so many rows are shown, and then how much is left. */
const ROWS_SHOWN = 4

export function formatDump(bytes: Uint8Array, annotations: readonly Annotation[], options: DumpOptions): string[] {
  const lines: string[] = []
  let authenticatedBy = ''
  for (const annotation of annotations) {
    if (annotation.authenticatedBy !== authenticatedBy) {
      authenticatedBy = annotation.authenticatedBy
      if (lines.length > 0) lines.push('')
      lines.push(
        options.paint(
          'quiet',
          fit(`── authenticated by ${authenticatedBy} `, options.width).padEnd(options.width, '─'),
        ),
      )
    }
    lines.push(...formatField(bytes, annotation, options))
  }
  return lines
}

function formatField(bytes: Uint8Array, annotation: Annotation, { paint, width, isFull }: DumpOptions): string[] {
  const { offset, kind } = annotation
  const field = bytes.subarray(offset, offset + annotation.length)
  const rows = hexRows(field, kind === 'secret', isFull)
  const words = describe(annotation, field, width - OFFSET_WIDTH - HEX_WIDTH - 2 * GAP.length, paint)
  return Array.from({ length: Math.max(rows.length, words.length) }, (_, i) => {
    const at = i === 0 ? paint('quiet', String(offset).padStart(OFFSET_WIDTH)) : ' '.repeat(OFFSET_WIDTH)
    const row = rows[i] ?? ''
    const hex = row === '' ? '' : paint(kind, row)
    return `${at}${GAP}${hex}${' '.repeat(HEX_WIDTH - row.length)}${GAP}${words[i] ?? ''}`.trimEnd()
  })
}

function hexRows(field: Uint8Array, isSecret: boolean, isFull: boolean): string[] {
  const shown = isFull || field.length <= (ROWS_SHOWN + 1) * BYTES_A_ROW ? field.length : ROWS_SHOWN * BYTES_A_ROW
  const rows: string[] = []
  for (let at = 0; at < shown; at += BYTES_A_ROW) {
    const row = field.subarray(at, Math.min(at + BYTES_A_ROW, shown))
    rows.push(Array.from(row, (byte) => (isSecret ? '··' : byte.toString(16).padStart(2, '0'))).join(' '))
  }
  if (shown < field.length) rows.push(`… ${field.length - shown} more`)
  return rows
}

/** Name and meaning on one line if there is room, and below what the bytes are for. */
function describe(
  { name, kind, meaning, purpose, depth }: Annotation,
  field: Uint8Array,
  width: number,
  paint: Paint,
): string[] {
  const indent = ' '.repeat(depth)
  const room = width - indent.length
  // What the bytes themselves already say is not said again.
  const said = kind !== 'secret' && meaning === hexOf(field) ? '' : printable(meaning)
  const isOneLine = name.length + GAP.length + said.length <= room
  const first = isOneLine && said !== '' ? [`${paint('title', name)}${GAP}${said}`] : [paint('title', fit(name, room))]
  const second = isOneLine || said === '' ? [] : wrap(said, room)
  const third = wrap(purpose, room).map((line) => paint('quiet', line))
  return [...first, ...second, ...third].map((line) => indent + line)
}
