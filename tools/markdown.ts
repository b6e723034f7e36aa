/** As much of Markdown as the checks need: fenced blocks, link targets and the anchors of headings. */

export interface Fence {
  /** The first word after the fence, such as `ts`. */
  readonly language: string
  /** The words after it. */
  readonly marks: readonly string[]
  readonly text: string
  /** Line of the first line of the text, from 1. */
  readonly line: number
}

export interface Link {
  readonly target: string
  readonly line: number
}

interface Line {
  readonly text: string
  readonly number: number
}

interface Parts {
  readonly fences: readonly Fence[]
  /** Lines outside fences. */
  readonly prose: readonly Line[]
}

const OPENING = /^(?<indent>\s*)(?<fence>`{3,}|~{3,})\s*(?<info>[^`]*)$/

export function readFences(markdown: string): readonly Fence[] {
  return split(markdown).fences
}

/** Inline links, images and reference definitions. Code spans hold no links. */
export function readLinks(markdown: string): Link[] {
  return split(markdown).prose.flatMap(({ text, number }) => {
    const bare = text.replaceAll(/`[^`]*`/g, '')
    const inline = [...bare.matchAll(/\]\(\s*<?([^)\s>]+)/g)]
    const definition = [...bare.matchAll(/^\s{0,3}\[[^\]]+\]:\s*(\S+)/g)]
    return [...inline, ...definition].map((match) => ({ target: match[1] ?? '', line: number }))
  })
}

/** What stands between single backquotes, outside fences. */
export function readCodeSpans(markdown: string): { readonly text: string; readonly line: number }[] {
  return split(markdown).prose.flatMap(({ text, number }) =>
    [...text.matchAll(/`([^`]+)`/g)].map((match) => ({ text: match[1] ?? '', line: number })),
  )
}

/** The anchors of the headings, as GitHub forms them; a repeated heading gets `-1`, `-2`. */
export function readAnchors(markdown: string): Set<string> {
  const anchors = new Set<string>()
  for (const { text } of split(markdown).prose) {
    const heading = /^#{1,6}\s+(.*?)\s*#*\s*$/.exec(text)?.[1]
    if (heading === undefined) continue
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const anchor = plain.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(/\s/g, '-')
    let unique = anchor
    for (let again = 1; anchors.has(unique); again++) unique = `${anchor}-${again}`
    anchors.add(unique)
  }
  return anchors
}

function split(markdown: string): Parts {
  const lines = markdown.split('\n').map((text, index) => ({ text, number: index + 1 }))
  const fences: Fence[] = []
  const prose: Line[] = []
  let open:
    | { readonly fence: string; readonly indent: number; readonly info: string[]; readonly body: Line[] }
    | undefined
  for (const line of lines) {
    if (open === undefined) {
      const match = OPENING.exec(line.text)?.groups
      if (match === undefined) prose.push(line)
      else {
        const info = (match['info'] ?? '').split(/\s+/).filter(Boolean)
        open = { fence: match['fence'] ?? '', indent: match['indent']?.length ?? 0, info, body: [] }
      }
    } else if (isClosing(line.text, open.fence)) {
      const { info, body, indent } = open
      const text = body.map((one) => one.text.slice(Math.min(indent, one.text.search(/\S|$/)))).join('\n')
      fences.push({ language: info[0] ?? '', marks: info.slice(1), text, line: line.number - body.length })
      open = undefined
    } else open.body.push(line)
  }
  return { fences, prose }
}

function isClosing(line: string, fence: string): boolean {
  const text = line.trim()
  return text.length >= fence.length && text === (fence[0] ?? '').repeat(text.length)
}
