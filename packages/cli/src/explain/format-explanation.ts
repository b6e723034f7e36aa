/** An explanation as a trace to read: one numbered paragraph a step, its fields below, and bytes one line a field. */
import { type Annotation, countBytes } from '@softkms/hsm'
import type { Paint } from '../terminal/paint.ts'
import { fit, hexOf, wrap } from '../terminal/text.ts'
import type { AnnotatedBytes, ExplainedStep, Explanation, Field } from './explanation.ts'

export interface FormatOptions {
  readonly paint: Paint
  readonly width: number
}

const INDENT = '    '
const NAME_WIDTH = 23
const OFFSET_WIDTH = 4
const BYTES_SHOWN = 4
const HEX_WIDTH = 3 * BYTES_SHOWN + 1
const GAP = '  '

export function formatExplanation({ steps }: Explanation, options: FormatOptions): string {
  return steps.map((step, i) => formatStep(step, i + 1, options).join('\n')).join('\n\n')
}

function formatStep(step: ExplainedStep, number: number, options: FormatOptions): string[] {
  const { paint, width } = options
  const left = `${String(number).padStart(2)}  ${step.step}`
  const heading = `${paint('title', left)}${paint('quiet', step.by.padStart(width - left.length))}`
  const room = width - INDENT.length
  const checked = step.checked === undefined ? [] : wrap(`Checked: ${step.checked}.`, room)
  return [
    heading,
    ...wrap(step.says, room).map((line) => INDENT + line),
    ...checked.map((line) => INDENT + paint('quiet', line)),
    ...step.fields.flatMap((field) => formatField(field, options)),
    ...step.bytes.flatMap((bytes) => formatBytes(bytes, options)),
  ]
}

function formatField(field: Field, { paint, width }: FormatOptions): string[] {
  const isSecret = 'secretLength' in field
  const text = isSecret ? (field.secret ?? `•••••••• ${countBytes(field.secretLength)}, masked`) : field.value
  const color = (line: string): string => (isSecret ? paint('secret', line) : line)
  const room = width - INDENT.length - NAME_WIDTH - GAP.length
  // A long name has its line to itself, and so has a value that nobody should have to put together again.
  const isApart = field.name.length > NAME_WIDTH || (text.length > room && !text.includes(' '))
  if (isApart) {
    const rows = wrap(text, width - INDENT.length)
    return [INDENT + paint('quiet', field.name), ...rows.map((line) => INDENT + color(line))]
  }
  return wrap(text, room).map((line, i) => {
    const label = (i === 0 ? field.name : '').padEnd(NAME_WIDTH)
    return `${INDENT}${paint('quiet', label)}${GAP}${color(line)}`
  })
}

function formatBytes({ name, hex, annotations }: AnnotatedBytes, options: FormatOptions): string[] {
  const bytes = Buffer.from(hex, 'hex')
  const size = `${name}, ${countBytes(bytes.length)}`
  return [INDENT + options.paint('quiet', size), ...annotations.map((one) => formatAnnotation(one, bytes, options))]
}

function formatAnnotation(annotation: Annotation, bytes: Uint8Array, { paint, width }: FormatOptions): string {
  const { offset, length, kind, name, meaning } = annotation
  const field = bytes.subarray(offset, offset + length)
  const shown = Array.from(field.subarray(0, BYTES_SHOWN), (byte) => byte.toString(16).padStart(2, '0')).join(' ')
  const hex = length > BYTES_SHOWN ? `${shown} …` : shown
  const room = width - INDENT.length - OFFSET_WIDTH - HEX_WIDTH - NAME_WIDTH - 3 * GAP.length
  const said = meaning === hexOf(field) ? countBytes(length) : fit(meaning, room)
  const at = paint('quiet', String(offset).padStart(OFFSET_WIDTH))
  const label = fit(name, NAME_WIDTH).padEnd(NAME_WIDTH)
  return `${INDENT}${at}${GAP}${paint(kind, hex)}${' '.repeat(HEX_WIDTH - hex.length)}${GAP}${label}${GAP}${paint('quiet', said)}`
}
