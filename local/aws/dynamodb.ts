import { IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { commonComplaints } from './complaints.ts'
import { AwsError } from './error.ts'
import type { Requirement, Service } from './service.ts'

/** DynamoDB speaks JSON 1.0; its operations are dynalite's, so it has no handlers of its own. */
export const dynamodb: Service = {
  name: 'dynamodb',
  protocol: 'json',
  target: 'DynamoDB_20120810',
  jsonVersion: '1.0',
  errorNamespace: 'com.amazonaws.dynamodb.v20120810',
  xmlNamespace: '',
  operations: new Map(),
  handlers: {},
  complaints: commonComplaints(),
  denied: { code: 'AccessDeniedException', status: 400 },
  requires: () => [],
}

type Input = Record<string, unknown>

// dynalite is CommonJS without types.
const createServer: (options: object) => Server = createRequire(import.meta.url)('dynalite')

const tablesIn = (input: Input): string[] => {
  if (typeof input.TableName === 'string') return [input.TableName]
  const many = input.RequestItems
  return typeof many === 'object' && many !== null ? Object.keys(many) : []
}

/**
 * DynamoDB by dynalite, which is handed each request in this process.
 * What dynalite lacks and a deployment asks for (time to live, point-in-time recovery) is kept as a setting only:
 * nothing expires here.
 */
export class Tables {
  readonly #server = createServer({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 })
  readonly #timeToLive = new Map<string, string>()
  readonly #recovery = new Map<string, boolean>()

  /** Answers what dynalite lacks; `undefined` for everything else. @throws AwsError ValidationException */
  answer(operation: string, input: Input): object | undefined {
    const table = String(input.TableName)
    switch (operation) {
      case 'UpdateTimeToLive':
        return this.#updateTimeToLive(table, input.TimeToLiveSpecification)
      case 'DescribeTimeToLive': {
        const AttributeName = this.#timeToLive.get(table)
        return AttributeName ? { TimeToLiveDescription: { AttributeName, TimeToLiveStatus: 'ENABLED' } } : undefined
      }
      case 'UpdateContinuousBackups': {
        const given = (input.PointInTimeRecoverySpecification ?? {}) as Input
        this.#recovery.set(table, given.PointInTimeRecoveryEnabled === true)
        return this.#continuousBackups(table)
      }
      case 'DescribeContinuousBackups':
        return this.#continuousBackups(table)
      default:
        return undefined
    }
  }

  /** Lets dynalite answer a request whose body was already read. */
  handle(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const again = new IncomingMessage(request.socket)
    again.method = request.method
    again.url = request.url
    again.headers = request.headers
    // Not complete, it would take the connection with it when it ends.
    again.complete = true
    again.push(body)
    again.push(null)
    this.#server.emit('request', again, response)
  }

  #updateTimeToLive(table: string, specification: unknown): object {
    const { Enabled, AttributeName } = (specification ?? {}) as Input
    if (typeof Enabled !== 'boolean' || typeof AttributeName !== 'string')
      throw new AwsError('ValidationException', 'TimeToLiveSpecification needs Enabled and AttributeName.')
    if (Enabled) this.#timeToLive.set(table, AttributeName)
    else this.#timeToLive.delete(table)
    return { TimeToLiveSpecification: { Enabled, AttributeName } }
  }

  #continuousBackups(table: string): object {
    const PointInTimeRecoveryStatus = this.#recovery.get(table) ? 'ENABLED' : 'DISABLED'
    return {
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus },
      },
    }
  }
}

/** What IAM asks for a DynamoDB call: one action on each table that it names, or on the index. */
export function dynamoRequirements(operation: string, input: Input, arnOf: (table: string) => string): Requirement[] {
  const action = `dynamodb:${operation}`
  const index = typeof input.IndexName === 'string' ? `/index/${input.IndexName}` : ''
  const tables = tablesIn(input)
  if (tables.length === 0) return [{ action, resource: '*' }]
  return tables.map((table) => ({ action, resource: (table.startsWith('arn:') ? table : arnOf(table)) + index }))
}
