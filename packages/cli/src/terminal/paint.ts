/** Colour, used sparingly: what is painted means the same without it. */
import { styleText } from 'node:util'
import type { AnnotationKind } from '@softkms/hsm'

export type Style = AnnotationKind | 'title' | 'quiet' | 'warning'

export type Paint = (style: Style, text: string) => string

const FORMATS: Readonly<Record<Style, Parameters<typeof styleText>[0]>> = {
  title: 'bold',
  quiet: 'dim',
  warning: 'yellow',
  fixed: 'dim',
  length: 'dim',
  identifier: 'cyan',
  random: 'yellow',
  content: 'green',
  ciphertext: 'magenta',
  tag: 'blue',
  'public-key': 'green',
  secret: 'red',
  unparsed: 'red',
}

/** Paints for stdout: not at all when that is no terminal or `NO_COLOR` is set. */
export const paintStdout: Paint = (style, text) => styleText(FORMATS[style], text, { stream: process.stdout })
