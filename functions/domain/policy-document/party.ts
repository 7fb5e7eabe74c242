/** Somebody whom a policy speaks of, or a group of them. What is not recognised is a stranger. */
export type Party =
  | { readonly kind: 'everyone' }
  /** Callers of an account; `isSource`: services of AWS that call for a resource of it. */
  | { readonly kind: 'account'; readonly account: string; readonly isSource?: true }
  | { readonly kind: 'organisation'; readonly id: string }
  /** A VPC or an endpoint of one, whoever calls from there. */
  | { readonly kind: 'network'; readonly id: string }
  /** A service of AWS, for whomever it calls; `any AWS service`. */
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'stranger'; readonly text: string }

const EVERYONE: Party = { kind: 'everyone' }

/** What is before the account is spelt out: a wildcard could reach over colons. */
const PRINCIPAL_ARN = /^arn:aws[a-z-]*:(?:iam|sts)::(\d{12}):./

function fromAws(text: string): Party {
  const account = /^\d{12}$/.test(text) ? text : PRINCIPAL_ARN.exec(text)?.[1]
  return account === undefined ? { kind: 'stranger', text } : { kind: 'account', account }
}

const BY_TYPE: Readonly<Record<string, (text: string) => Party>> = {
  AWS: fromAws,
  Service: (name) => ({ kind: 'service', name }),
}

function fromType(type: string, value: unknown): Party[] {
  const read = Object.hasOwn(BY_TYPE, type) ? BY_TYPE[type] : undefined
  return (Array.isArray(value) ? value : [value]).map((one): Party => {
    const text = typeof one === 'string' ? one : JSON.stringify(one)
    if (text === '*') return EVERYONE
    return read?.(text) ?? { kind: 'stranger', text: `${type} ${text}` }
  })
}

/**
 * Those whom a Principal element names; nobody where it is none.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function partiesOf(element: unknown): readonly Party[] {
  if (element === '*') return [EVERYONE]
  if (typeof element !== 'object' || element === null || Array.isArray(element)) return []
  return Object.entries(element).flatMap(([type, value]) => fromType(type, value))
}
