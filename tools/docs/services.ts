/** The page on services that use KMS keys: what the engine knows of each, and how an emulator of it uses softkms. */
import { AWS_SERVICES, type AwsService } from '@softkms/kms'
import { SERVICE_EXAMPLES } from './service-examples.ts'
import { formatTable } from './table.ts'

export function renderServices(): string {
  return `# Services

<!-- Written by \`pnpm run docs\` from packages/kms/src/aws-service/service-table.ts. Do not edit. -->

An emulator of an AWS service that encrypts with KMS keys asks softkms as the service asks KMS:

- **On behalf of its caller**, by a forward access session: \`kms.asService('s3.amazonaws.com', { onBehalfOf: arn })\`. The
  request is the caller's: its policies and the key's decide, and both see \`kms:ViaService\`, \`aws:ViaAWSService\` and
  \`aws:CalledVia\`.
- **As itself**: \`kms.asService('logs.amazonaws.com', { sourceArn, sourceAccount })\`. The key policy must name the service
  as a principal; no policy of a caller is asked. It sees \`aws:PrincipalIsAWSService\`, \`aws:SourceArn\` and
  \`aws:SourceAccount\`, and should ask for the last two: a service works for everybody. Keys named by id or alias are
  looked for in the source's account, or in that of \`kms\`.

Either way the service gets what its row has and nothing else: another action is denied with \`AccessDeniedException\`,
whatever policies say and in every mode of authorization. The audit trail says \`invokedBy\`. A service that is not in the table is a \`RangeError\`. A
statement may name a service with its Region, \`logs.eu-west-1.amazonaws.com\`, or without.

## What each asks for

${formatTable(['Service', 'Principal', 'Actions', 'Encryption context', 'AWS managed key'], AWS_SERVICES.map(formatRow))}

The principal's first part and the Region make \`kms:ViaService\`, as in \`s3.eu-west-1.amazonaws.com\`. softkms does not ask
for these keys in a context; a service sends them so that policies can.

## Their keys

**AWS managed keys.** \`alias/aws/...\` is made when its service first uses it on behalf of somebody in the account, or
when anybody describes it. Its policy lets everybody in the account use it through the service, and nobody in any other
way. A request of anybody else for an alias that is not there yet gets \`NotFoundException\`.

**AWS owned keys.** \`asService(...).ownedKey()\` gives the ARN of a key of the service's own, one in each Region. The
service can use it as itself. No account sees it: lists do not have it, and its ARN gets the answer of a key that is not
there.

## In three lines

They are \`asService\`, \`generateDataKey\` or a neighbour of it, and later \`decrypt\`; a service that works through a grant
also asks for the grant, and retires it. The rest of each example is what a service has to say for itself.

${AWS_SERVICES.map(formatExample).join('\n')}`
}

function formatRow(service: AwsService): string[] {
  const { title, code, actions, contextKeys, managed } = service
  return [
    title,
    `\`${code}.amazonaws.com\``,
    [...actions].join(', '),
    contextKeys.map((key) => `\`${key}\``).join(', '),
    managed === undefined ? '' : `\`alias/aws/${managed.alias}\``,
  ]
}

function formatExample({ code, title }: AwsService): string {
  const example = SERVICE_EXAMPLES[code]
  if (example === undefined) throw new Error(`${title} has no example`)
  return `### ${title}

${example.text}

\`\`\`ts
import { createKms } from 'softkms'

const kms = await createKms({ account: '111122223333', region: 'eu-west-1' })
${example.lines.join('\n')}
\`\`\`
`
}
