import { expect, test } from 'vitest'
import { checkExamples, findExamples } from '../../tools/check-examples.ts'
import { treeOf } from './tree.ts'

function fence(info: string, text: string): string {
  return `# Page\n\n\`\`\`${info}\n${text}\n\`\`\`\n`
}

test('TypeScript runs unless it is marked, shell runs only when it is', () => {
  const tree = treeOf({
    'README.md':
      fence('ts', 'a') + fence('ts no-run', 'b') + fence('sh', 'c') + fence('sh run', 'd') + fence('json', '{}'),
    'docs/guides/page.md': fence('js', 'e'),
    'packages/hsm/README.md': fence('typescript', 'f'),
    'test/vectors/notes.md': fence('ts', 'g'),
  })
  const { examples, problems } = findExamples(tree)
  expect(problems).toEqual([])
  expect(examples.map(({ kind, text }) => `${kind} ${text}`)).toEqual(['module a', 'shell d', 'module e', 'module f'])
})

test('a mark that marks nothing is refused, so that no example is left out by a slip', () => {
  expect(findExamples(treeOf({ 'README.md': fence('ts norun', 'a') })).problems).toHaveLength(1)
  expect(findExamples(treeOf({ 'README.md': fence('sh no-run', 'a') })).problems).toHaveLength(1)
})

test('an example that throws is caught, and its line is that of the document', async () => {
  const tree = treeOf({ 'README.md': fence('ts', "const why: string = 'no such key'\nthrow new Error(why)") })
  const problems = await checkExamples(tree)
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatchObject({ path: 'README.md', line: 4 })
  expect(problems[0]?.message).toMatch(/README\.md\.ts:5[\s\S]*no such key/)
})

test('an example that runs but does not type-check is caught', async () => {
  const problems = await checkExamples(
    treeOf({ 'README.md': fence('ts', "const count: number = 'one'\nString(count)") }),
  )
  expect(problems.map(({ path }) => path)).toEqual(['examples'])
})

test('an example that prints something else than its comments say is caught', async () => {
  const problems = await checkExamples(treeOf({ 'README.md': fence('ts', "console.log('one') // two") }))
  expect(problems.map(({ message }) => message)).toEqual(['the example prints\none\nand not, as it says,\ntwo\n'])
})

test('a shell example that fails half-way is caught', async () => {
  const problems = await checkExamples(treeOf({ 'README.md': fence('sh run', 'false\ntrue') }))
  expect(problems).toHaveLength(1)
})

test('examples that work are in order', async () => {
  const tree = treeOf({
    'README.md': fence('ts', "import { strict } from 'node:assert'\nstrict(true)") + fence('sh run', 'true'),
  })
  expect(await checkExamples(tree)).toEqual([])
})
