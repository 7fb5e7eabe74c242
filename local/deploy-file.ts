import { oneLine } from '../cli/terminal.ts'
import type { LocalAws } from './aws/server.ts'
import { type Cloud, deployLocally } from './runtime/cloud.ts'
import { stackNameOf } from './runtime/template/assembly.ts'
import { loadTemplate } from './runtime/template.ts'
import { UserError } from './user-error.ts'

/** `NAME=VALUE`, each. @throws {UserError} */
export function parametersOf(given: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((one) => {
      const [, name, value] = /^(\w+)=(.*)$/s.exec(one) ?? []
      if (name === undefined || value === undefined)
        throw new UserError(`--parameter ${one}: give NAME=VALUE, such as EnvironmentName=dev`)
      return [name, value]
    }),
  )
}

type Parameters = ReturnType<typeof parametersOf>

const placeOf = ({ account, region, url: endpoint }: LocalAws, file: string) => ({
  ...{ account, region, endpoint, stack: stackNameOf(file) },
})

async function deployFile(aws: LocalAws, file: string, parameters: Parameters): Promise<Cloud> {
  const { stack } = placeOf(aws, file)
  const given = { assembly: file, stack, aws, parameters, customResources: true }
  const cloud = await deployLocally({ ...given, start: 'first-use' })
  for (const remark of cloud.remarks) console.error(oneLine(remark))
  console.log(`${oneLine(stack)} is deployed.`)
  for (const [name, value] of Object.entries(cloud.outputs)) console.log(oneLine(`  ${name} = ${value}`))
  return cloud
}

/**
 * Deploys templates, one after the other, and tells their outputs, and what was not done.
 * @param parameters each for the templates that have it
 * @returns what ends their functions
 * @throws {TemplateError} @throws {UserError} for a parameter that no template has
 */
export async function deployFiles(
  aws: LocalAws,
  files: readonly string[],
  parameters: Parameters,
): Promise<() => Promise<void>> {
  const names = files.map((file) => loadTemplate(file, placeOf(aws, file)).parameterNames)
  const unknown = Object.keys(parameters).find((name) => !names.flat().includes(name))
  if (unknown !== undefined) throw new UserError(`--parameter ${unknown}: no template has it`)
  const clouds: Cloud[] = []
  const close = async (): Promise<void> => {
    for (const cloud of clouds.splice(0).reverse()) await cloud.close()
  }
  try {
    for (const [index, file] of files.entries()) {
      const own = Object.entries(parameters).filter(([name]) => names[index]?.includes(name))
      clouds.push(await deployFile(aws, file, Object.fromEntries(own)))
    }
    return close
  } catch (error) {
    await close()
    throw error
  }
}
