/**
 * Which services have an AWS managed key, and what the key's policy allows through them.
 *
 * @spec KMS authorization §7, §8
 */

import { type Scope, partitionOf } from '../scope.ts'

interface ManagedService {
  /** As the statement's id names it. */
  readonly title: string
  /** The first part of `kms:ViaService`. */
  readonly via: string
  readonly actions: readonly string[]
  /** The last part of the policy's id. */
  readonly edition: number
}

const USE = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey']
const USE_AND_GRANT = [...USE.slice(0, -1), 'kms:CreateGrant', 'kms:DescribeKey']

/** What follows `alias/aws/`. */
export type ManagedServiceName =
  | 'backup'
  | 'dynamodb'
  | 'ebs'
  | 'elasticfilesystem'
  | 'glue'
  | 'kinesis'
  | 'lambda'
  | 'rds'
  | 'redshift'
  | 's3'
  | 'secretsmanager'
  | 'sns'
  | 'sqs'
  | 'ssm'

const MANAGED_SERVICES: Readonly<Record<ManagedServiceName, ManagedService>> = {
  backup: { title: 'Backup', via: 'backup', actions: USE_AND_GRANT, edition: 1 },
  dynamodb: { title: 'DynamoDB', via: 'dynamodb', actions: USE_AND_GRANT, edition: 1 },
  ebs: { title: 'EBS', via: 'ec2', actions: USE_AND_GRANT, edition: 2 },
  elasticfilesystem: { title: 'EFS', via: 'elasticfilesystem', actions: USE_AND_GRANT, edition: 1 },
  glue: { title: 'Glue', via: 'glue', actions: USE_AND_GRANT, edition: 1 },
  kinesis: { title: 'Kinesis', via: 'kinesis', actions: USE, edition: 1 },
  lambda: { title: 'Lambda', via: 'lambda', actions: USE_AND_GRANT, edition: 1 },
  rds: { title: 'RDS', via: 'rds', actions: USE_AND_GRANT, edition: 2 },
  redshift: { title: 'Redshift', via: 'redshift', actions: USE_AND_GRANT, edition: 1 },
  s3: { title: 'S3', via: 's3', actions: USE, edition: 2 },
  secretsmanager: { title: 'Secrets Manager', via: 'secretsmanager', actions: USE_AND_GRANT, edition: 2 },
  sns: { title: 'SNS', via: 'sns', actions: USE, edition: 1 },
  sqs: { title: 'SQS', via: 'sqs', actions: USE, edition: 1 },
  ssm: { title: 'SSM', via: 'ssm', actions: USE, edition: 1 },
}

const PREFIX = 'alias/aws/'

/** @returns the service whose AWS managed key has this alias, or `undefined` when there is none */
export function serviceOfAlias(aliasName: string): ManagedServiceName | undefined {
  const service = aliasName.startsWith(PREFIX) ? aliasName.slice(PREFIX.length) : ''
  return Object.hasOwn(MANAGED_SERVICES, service) ? (service as ManagedServiceName) : undefined
}

/** Whoever in the account may use the service may use the key through it; the account sees what it is, and no more. */
export function formatManagedPolicy(service: ManagedServiceName, { account, region }: Scope): string {
  const { title, via, actions, edition } = MANAGED_SERVICES[service]
  const policy = {
    Version: '2012-10-17',
    Id: `auto-${service}-${edition}`,
    Statement: [
      {
        Sid: `Allow access through ${title} for all principals in the account that are authorized to use ${title}`,
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: actions,
        Resource: '*',
        Condition: {
          StringEquals: { 'kms:CallerAccount': account, 'kms:ViaService': `${via}.${region}.amazonaws.com` },
        },
      },
      {
        Sid: 'Allow direct access to key metadata to the account',
        Effect: 'Allow',
        Principal: { AWS: `arn:${partitionOf(region)}:iam::${account}:root` },
        Action: [
          'kms:Describe*',
          'kms:Get*',
          'kms:List*',
          ...(actions.includes('kms:CreateGrant') ? ['kms:RevokeGrant'] : []),
        ],
        Resource: '*',
      },
    ],
  }
  return JSON.stringify(policy, undefined, 2)
}
