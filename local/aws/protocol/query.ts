import type { AwsError } from '../error.ts'
import type { Reply, Service } from '../service.ts'
import type { OperationShape, Shape } from './shape.ts'
import { readValue } from './values.ts'
import { element, escapeXml, toXml } from './xml.ts'

type Tree = { text?: string; children: Map<string, Tree> }

const NOT_INPUT = new Set(['Action', 'Version'])

/** `A.entry.1.Name=x` as a tree, so that the shape can be read along it. */
function toTree(form: URLSearchParams): Tree {
  const root: Tree = { children: new Map() }
  for (const [path, text] of form) {
    if (NOT_INPUT.has(path)) continue
    let node = root
    for (const name of path.split('.')) {
      const child = node.children.get(name) ?? { children: new Map() }
      node.children.set(name, child)
      node = child
    }
    node.text = text
  }
  return root
}

const numbered = (node: Tree | undefined): Tree[] =>
  [...(node?.children ?? [])].sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child)

/** Turns the form into what the JSON protocol would have sent, so that one strict reader serves both. */
function toJson(shape: Shape, node: Tree): unknown {
  switch (shape.kind) {
    case 'structure':
      return Object.fromEntries(
        [...node.children].map(([name, child]) => {
          const member = shape.members.get(name)
          return [name, member ? toJson(member(), child) : child.text]
        }),
      )
    case 'list':
      return numbered(node.children.get('member')).map((child) => toJson(shape.member(), child))
    case 'map':
      return Object.fromEntries(
        numbered(node.children.get('entry')).map(({ children }) => {
          const value = children.get(shape.valueName) ?? { children: new Map() }
          return [children.get(shape.keyName)?.text ?? '', toJson(shape.value(), value)]
        }),
      )
    case 'number':
      return Number(node.text)
    case 'boolean':
      return node.text === 'true'
    default:
      return node.text ?? ''
  }
}

/** Reads the input of a query-protocol call. */
export function readQuery(service: Service, operation: OperationShape, form: URLSearchParams): Record<string, unknown> {
  const raw = toJson(operation.input, toTree(form))
  return readValue(operation.input, raw, '', service.complaints) as Record<string, unknown>
}

/** @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export function queryReply(service: Service, operation: OperationShape, output: unknown, requestId: string): Reply {
  const metadata = element('ResponseMetadata', element('RequestId', requestId))
  const { members } = operation.output as Shape & { kind: 'structure' }
  const result = members.size > 0 ? element(`${operation.name}Result`, toXml(operation.output, output ?? {})) : ''
  const name = `${operation.name}Response`
  return {
    status: 200,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: `<${name} xmlns="${service.xmlNamespace}">${result}${metadata}</${name}>`,
  }
}

export function queryError(service: Service, error: AwsError, requestId: string): Reply {
  const type = element('Type', error.status >= 500 ? 'Receiver' : 'Sender')
  const detail = type + element('Code', escapeXml(error.code)) + element('Message', escapeXml(error.message))
  const body = element('Error', detail) + element('RequestId', requestId)
  return {
    status: error.status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: `<ErrorResponse xmlns="${service.xmlNamespace}">${body}</ErrorResponse>`,
  }
}
