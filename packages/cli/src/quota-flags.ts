/**
 * The flags of `serve` about how much there may be of what an account makes.
 */
import { AWS_QUOTAS, type ResourceQuotas } from '@softkms/kms'
import { type Command, InvalidArgumentError } from 'commander'

export type QuotaFlags = Partial<ResourceQuotas>

export function addQuotaOptions(command: Command): void {
  const { keysPerRegion, aliasesPerKey, grantsPerKey } = AWS_QUOTAS
  command
    .option(
      '--keys-per-region <number>',
      `how many keys an account may have in a Region; ${keysPerRegion} when absent`,
      parseCount,
    )
    .option('--aliases-per-key <number>', `how many aliases a key may have; ${aliasesPerKey} when absent`, parseCount)
    .option('--grants-per-key <number>', `how many grants a key may have; ${grantsPerKey} when absent`, parseCount)
}

/** The quotas alone, of all flags. */
export function readQuotas({ keysPerRegion, aliasesPerKey, grantsPerKey }: QuotaFlags): QuotaFlags {
  return {
    ...(keysPerRegion === undefined ? {} : { keysPerRegion }),
    ...(aliasesPerKey === undefined ? {} : { aliasesPerKey }),
    ...(grantsPerKey === undefined ? {} : { grantsPerKey }),
  }
}

function parseCount(text: string): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (count > 0) return count
  throw new InvalidArgumentError('A quota is a whole number, 1 or more.')
}
