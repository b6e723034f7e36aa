/**
 * Derives `packages/kms/model/` from AWS's Smithy model of KMS: `node tools/derive-model.ts PATH-TO-SMITHY-JSON`.
 *
 * Run it when AWS publishes a new model, read the difference, then run `pnpm generate`. A clone needs neither the
 * Smithy file nor this tool.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { modelFileUrl } from './api-model/files.ts'
import { readSmithy } from './api-model/smithy.ts'
import type { SmithyModel } from './api-model/smithy.ts'
import { formatModel, MODEL_FILES } from './api-model/text.ts'
import type { ModelTexts } from './api-model/text.ts'

/** The text of every model file, from the text of a Smithy model in JSON. */
export function deriveModel(smithyJson: string): ModelTexts {
  return formatModel(readSmithy(JSON.parse(smithyJson) as SmithyModel))
}

if (import.meta.main) {
  const { positionals } = parseArgs({ allowPositionals: true })
  const [smithyPath] = positionals
  if (smithyPath === undefined || positionals.length !== 1) {
    process.stderr.write('usage: node tools/derive-model.ts PATH-TO-SMITHY-JSON\n')
    process.exitCode = 2
  } else {
    const texts = deriveModel(readFileSync(smithyPath, 'utf8'))
    for (const file of MODEL_FILES) writeFileSync(modelFileUrl(file), texts[file])
  }
}
