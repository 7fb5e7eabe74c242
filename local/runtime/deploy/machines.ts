import type { LocalAws } from '../../aws/server.ts'
import { callsOf } from '../../aws/states/calls.ts'
import { InvalidDefinition } from '../../aws/states/errors.ts'
import type { Role } from '../iam.ts'
import { accessKeyOf } from '../lambda/function.ts'
import { type Resource, type Template, TemplateError } from '../template.ts'
import { text } from './properties.ts'

type Around = {
  readonly aws: LocalAws
  /** Of a role of the template by its ARN; undefined where IAM is not enforced. */
  readonly roleOf: (arn: string, where: string) => Role | undefined
}

/** What a machine may call, by the access key of its role's session. */
export type MachineRoles = ReadonlyMap<string, Role>

/** Honoured, or without an effect here: logs, traces, tags and encryption. */
const PROPERTIES: ReadonlySet<string> = new Set([
  ...['StateMachineName', 'StateMachineType', 'RoleArn', 'DefinitionString'],
  ...['LoggingConfiguration', 'TracingConfiguration', 'Tags', 'EncryptionConfiguration'],
])

function checkProperties({ properties, where }: Resource): void {
  const unknown = Object.keys(properties).find((name) => !PROPERTIES.has(name))
  if (unknown !== undefined) throw new TemplateError(`${where}.${unknown}`, 'the local run does not honour it')
  if ((properties.StateMachineType ?? 'STANDARD') !== 'STANDARD')
    throw new TemplateError(`${where}.StateMachineType`, 'the local run has STANDARD machines only')
}

/** A distributed map starts executions of its own machine, with the machine's role. */
function checkRole(machine: Resource, role: Role | undefined, definition: string): void {
  if (!/"Mode":\s*"DISTRIBUTED"/.test(definition)) return
  const { ref: resource } = machine.identity
  const decision = role?.decide({ action: 'states:StartExecution', resource }) ?? { allowed: true }
  if (!decision.allowed)
    throw new TemplateError(machine.where, `the machine's role does not allow states:StartExecution on ${resource}`)
}

function createMachine(machine: Resource, template: Template, { aws, roleOf }: Around) {
  checkProperties(machine)
  const [roleArn, definition] = [text(machine, 'RoleArn'), text(machine, 'DefinitionString')]
  const role = roleOf(roleArn, `${machine.where}.RoleArn`)
  checkRole(machine, role, definition)
  const accessKeyId = accessKeyOf(template.place.stack, machine.logicalId)
  aws.principals.assume(accessKeyId, roleArn.split('/').at(-1) ?? '', machine.identity.name.slice(0, 64))
  const ports = callsOf({ url: aws.url, region: aws.region, accessKeyId })
  try {
    aws.states.createMachine({ name: machine.identity.name, roleArn, definition, ports })
  } catch (error) {
    if (error instanceof InvalidDefinition) throw new TemplateError(`${machine.where}.DefinitionString`, error.message)
    throw error
  }
  return role && ([accessKeyId, role] as const)
}

/** Creates the state machines of the template. @throws {TemplateError} also for every field of one that is not honoured */
export function createMachines(template: Template, around: Around): MachineRoles {
  const machines = template.resources('AWS::StepFunctions::StateMachine')
  const roles = machines.map((machine) => createMachine(machine, template, around))
  return new Map(roles.filter((one) => one !== undefined))
}
