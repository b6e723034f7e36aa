/** Key policies that tests give keys when it is not the policy that they are about. */

/** Lets the policies of the accounts decide, as the default policy does for the key's own. */
export function openPolicy(accounts: string | readonly string[], sid = 'open'): string {
  const statement = { Sid: sid, Effect: 'Allow', Principal: { AWS: accounts }, Action: 'kms:*', Resource: '*' }
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
}
