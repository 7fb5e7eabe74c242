import { commonComplaints } from './complaints.ts'
import { operationsWhenAsked } from './protocol/shape.ts'
import type { Service } from './service.ts'

type Spec = Pick<Service, 'name' | 'protocol' | 'handlers' | 'requires'> & {
  /** Package of its SDK client. */
  client: string
  /** What stands before the dot in `X-Amz-Target`; of the JSON protocols. */
  target?: string
  jsonVersion?: Service['jsonVersion']
  /** The code of a faulty input. */
  faulty?: string
}

/** A service whose client is loaded with its first call. */
export function sdkService(spec: Spec): Service {
  const { name, protocol, handlers, requires, client, target = '', jsonVersion = '1.1', faulty } = spec
  const operations = operationsWhenAsked(client)
  return {
    ...{ name, protocol, handlers, requires, target, jsonVersion },
    errorNamespace: `com.amazonaws.${name}`,
    xmlNamespace: '',
    get operations() {
      return operations()
    },
    complaints: commonComplaints(faulty),
    denied: { code: 'AccessDeniedException', status: protocol === 'json' ? 400 : 403 },
  }
}
