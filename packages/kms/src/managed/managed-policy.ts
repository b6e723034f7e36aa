/**
 * The policies of keys that customers do not manage.
 *
 * @spec KMS authorization §7, §8
 */

import { type AwsService, type ManagedKeyRow, formatViaService } from '../aws-service/service-table.ts'
import { formatRootArn } from '../principal/principal.ts'
import { type Scope, partitionOf } from '../scope.ts'

/** Whoever in the account may use the service may use the key through it; the account sees what it is, and no more. */
export function formatManagedPolicy(
  service: AwsService,
  { alias, edition, actions }: ManagedKeyRow,
  { account, region }: Scope,
): string {
  const { title } = service
  return formatPolicy(`auto-${alias}-${edition}`, [
    {
      Sid: `Allow access through ${title} for all principals in the account that are authorized to use ${title}`,
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: actions,
      Resource: '*',
      Condition: {
        StringEquals: { 'kms:CallerAccount': account, 'kms:ViaService': formatViaService(service, region) },
      },
    },
    {
      Sid: 'Allow direct access to key metadata to the account',
      Effect: 'Allow',
      Principal: { AWS: formatRootArn(account, partitionOf(region)) },
      Action: [
        'kms:Describe*',
        'kms:Get*',
        'kms:List*',
        ...(actions.includes('kms:CreateGrant') ? ['kms:RevokeGrant'] : []),
      ],
      Resource: '*',
    },
  ])
}

/** The service itself may use the key for what it asks of KMS. Nobody else is named. */
export function formatOwnedPolicy({ code, title, actions }: AwsService): string {
  return formatPolicy(`owned-${code}`, [
    {
      Sid: `Allow ${title} to use its own key`,
      Effect: 'Allow',
      Principal: { Service: `${code}.amazonaws.com` },
      Action: [...actions].map((action) => `kms:${action}`),
      Resource: '*',
    },
  ])
}

function formatPolicy(id: string, statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Id: id, Statement: statements }, undefined, 2)
}
