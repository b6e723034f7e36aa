/** Where the model and what is generated from it lie. */
import { readFileSync } from 'node:fs'
import type { ApiModel } from './model.ts'
import { parseModel } from './text.ts'
import type { ModelFile } from './text.ts'

const KMS_PACKAGE = new URL('../../packages/kms/', import.meta.url)

export function modelFileUrl(file: ModelFile): URL {
  return new URL(`model/${file}`, KMS_PACKAGE)
}

export function generatedFileUrl(file: string): URL {
  return new URL(`src/generated/${file}`, KMS_PACKAGE)
}

/** The model as committed. */
export function readModel(): ApiModel {
  const read = (file: ModelFile): string => readFileSync(modelFileUrl(file), 'utf8')
  return parseModel({
    'operations.txt': read('operations.txt'),
    'structures.txt': read('structures.txt'),
    'enums.txt': read('enums.txt'),
    'values.txt': read('values.txt'),
  })
}
