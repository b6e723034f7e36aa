/**
 * Keeps the documents whole: relative links lead somewhere, files that are named are there, every page under docs/ is
 * in the index, and generated pages are what `pnpm run docs` would write today.
 */
import { posix } from 'node:path'
import { type GeneratedDocument, GENERATED_DOCUMENTS } from './generate-docs.ts'
import { readAnchors, readCodeSpans, readLinks } from './markdown.ts'
import { type Problem, type Tree, type TreeFile, findFile, readTree, report } from './tree.ts'

const INDEX = 'docs/README.md'

export function checkLinks(tree: Tree): Problem[] {
  const paths = new Set(tree.flatMap((file) => [file.path, ...ancestors(file.path)]))
  return documents(tree).flatMap((file) =>
    readLinks(file.text).flatMap(({ target, line }) => {
      const message = isElsewhere(target) ? undefined : refuseLink(tree, paths, file, target)
      return message === undefined ? [] : [{ path: file.path, line, message }]
    }),
  )
}

function refuseLink(tree: Tree, paths: ReadonlySet<string>, file: TreeFile, target: string): string | undefined {
  const [pathname = '', anchor] = target.split('#')
  const path =
    pathname === '' ? file.path : posix.join(posix.dirname(file.path), decodeURI(pathname)).replace(/\/$/, '')
  if (!paths.has(path)) return `links to '${target}', which is not there`
  const document = path.endsWith('.md') ? findFile(tree, path) : undefined
  if (anchor === undefined || document === undefined || readAnchors(document.text).has(anchor)) return undefined
  return `links to '${target}', but that page has no such heading`
}

/**
 * A code span that looks like a path names a file or a folder of the tree by the end of its path, such as
 * `quota/throttle.ts`. Records of decisions and of changes speak of their time, and may name what has gone.
 */
export function checkNamedFiles(tree: Tree): Problem[] {
  const paths = tree.flatMap((file) => [file.path, ...ancestors(file.path)]).map((path) => `/${path}`)
  return documents(tree)
    .filter((file) => !/^(?:docs\/adr\/|CHANGELOG\.md)/.test(file.path))
    .flatMap((file) =>
      readCodeSpans(file.text)
        .filter(({ text }) => /^[\w.-]+(?:\/[\w.-]+)*(?:\/|\/[\w-]+\.(?:ts|md|json|sql))$/.test(text))
        .filter(({ text }) => !paths.some((path) => path.endsWith(`/${text.replace(/\/$/, '')}`)))
        .map(({ text, line }) => ({ path: file.path, line, message: `names '${text}', which is not there` })),
    )
}

export function checkIndex(tree: Tree): Problem[] {
  const index = findFile(tree, INDEX)
  const listed = new Set(
    readLinks(index?.text ?? '').map(({ target }) => posix.join('docs', target.split('#')[0] ?? '')),
  )
  return documents(tree)
    .filter((file) => file.path.startsWith('docs/') && file.path !== INDEX && !listed.has(file.path))
    .map((file) => ({ path: file.path, message: `is not listed in ${INDEX}` }))
}

export async function checkGenerated(tree: Tree, generated: readonly GeneratedDocument[]): Promise<Problem[]> {
  const expected = await Promise.all(generated.map(async ({ file, render }) => ({ file, text: await render() })))
  return expected
    .filter(({ file, text }) => findFile(tree, file)?.text !== text)
    .map(({ file }) => ({ path: file, message: 'is out of date: run `pnpm run docs`' }))
}

export async function checkDocs(tree: Tree): Promise<Problem[]> {
  return [
    ...checkLinks(tree),
    ...checkNamedFiles(tree),
    ...checkIndex(tree),
    ...(await checkGenerated(tree, GENERATED_DOCUMENTS)),
  ]
}

/** Vectors come with documents of their own makers. */
function documents(tree: Tree): Tree {
  return tree.filter((file) => file.path.endsWith('.md') && !file.path.startsWith('test/vectors/'))
}

function ancestors(path: string): string[] {
  const parts = path.split('/')
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'))
}

function isElsewhere(target: string): boolean {
  return /^(?:[a-z]+:|\/\/)/i.test(target)
}

if (import.meta.main) report('docs', await checkDocs(readTree()))
