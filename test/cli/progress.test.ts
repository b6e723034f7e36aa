/** The line that shows how far a file has come. */
import { describe, expect, it } from 'vitest'
import { createProgress, formatBytes, formatProgress } from '../../packages/cli/src/file/progress.ts'

describe('the line', () => {
  it.each([
    [0, 200, `file ${'░'.repeat(30)} 0% of 200 B`],
    [100, 200, `file ${'█'.repeat(15)}${'░'.repeat(15)} 50% of 200 B`],
    [199, 200, `file ${'█'.repeat(29)}░ 99% of 200 B`],
    [200, 200, `file ${'█'.repeat(30)} 100% of 200 B`],
    [300, 200, `file ${'█'.repeat(30)} 100% of 200 B`],
    [0, 0, `file ${'█'.repeat(30)} 100% of 0 B`],
    [2_048, undefined, 'file 2.0 KiB'],
  ])('%i of %s', (done, total, line) => {
    expect(formatProgress('file', done, total)).toBe(line)
  })

  it.each([
    [0, '0 B'],
    [1_023, '1023 B'],
    [1_024, '1.0 KiB'],
    [1_048_575, '1023 KiB'],
    [1_572_864, '1.5 MiB'],
    [1_073_741_824, '1.0 GiB'],
    [2 ** 53, '8192 TiB'],
  ])('%i bytes', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })
})

describe('a terminal', () => {
  it('is written to when the line has changed, and is clean in the end', () => {
    const written: string[] = []
    const progress = createProgress({ isTTY: true, write: (text) => written.push(text) }, 'file', 1_000)
    for (let done = 0; done <= 20; done++) progress.update(done)
    progress.clear()
    expect(written.length).toBe(4)
    expect(written.map((text) => text.startsWith('\r\u001B[2K'))).toEqual([true, true, true, true])
    expect(written.at(-1)).toBe('\r\u001B[2K')
  })

  it('that nobody looks at is left alone', () => {
    const written: string[] = []
    const progress = createProgress({ write: (text) => written.push(text) }, 'file', 1_000)
    progress.update(500)
    progress.clear()
    expect(written).toEqual([])
  })
})
