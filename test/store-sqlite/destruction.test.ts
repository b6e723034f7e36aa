/** What is destroyed is nowhere in the folder any more. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createKeyRecord, createMaterialRecord } from '../support/records.ts'
import { makeFolder, openStore } from '../support/sqlite-folder.ts'

/** Whether any file of the folder holds the text. */
function holds(folder: string, text: string): boolean {
  return readdirSync(folder).some((file) => readFileSync(join(folder, file)).includes(text))
}

test.each(['DeleteKey', 'DeleteMaterial'] as const)('%s: the wrapped material goes, and stays gone', async (type) => {
  const folder = makeFolder()
  const store = openStore(folder)
  const key = createKeyRecord(1)
  const material = createMaterialRecord(1)
  const text = Buffer.from(material.token ?? []).toString('hex')
  await store.commit([
    { type: 'PutKey', key },
    { type: 'AddMaterial', material },
  ])
  for (let number = 2; number < 40; number++) {
    await store.commit([{ type: 'AddMaterial', material: createMaterialRecord(number) }])
  }
  expect(holds(folder, text)).toBe(true)
  await store.commit([type === 'DeleteKey' ? { type, key } : { type, material }])
  expect(holds(folder, text)).toBe(false)
  store.close()
  expect(holds(folder, text)).toBe(false)
})
