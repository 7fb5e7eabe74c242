import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { startLocalAws } from '../../local/aws/server.ts'
import { deployFiles, parametersOf } from '../../local/deploy-file.ts'
import { explain } from '../../local/user-error.ts'

const folder = mkdtempSync(join(tmpdir(), 'steward-deploy-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

const repository = (RepositoryName: unknown) => ({ Type: 'AWS::ECR::Repository', Properties: { RepositoryName } })
const first = file(
  'First.template.json',
  JSON.stringify({
    Parameters: { Name: { Type: 'String', Default: 'web' } },
    Resources: { Web: repository({ Ref: 'Name' }) },
    Outputs: { Name: { Value: { Ref: 'Web' }, Export: { Name: 'first-name' } } },
  }),
)
const second = file(
  'second.json',
  JSON.stringify({
    Resources: { Web: repository({ 'Fn::Sub': [`\${N}-2`, { N: { 'Fn::ImportValue': 'first-name' } }] }) },
  }),
)

async function started() {
  const aws = await startLocalAws()
  onTestFinished(() => aws.close())
  return aws
}

test('templates are deployed in their order, each with the parameters that it has', async () => {
  const aws = await started()
  const end = await deployFiles(aws, [first, second], parametersOf(['Name=abc']))
  expect(aws.ecr.repositories().map(({ settings }) => settings.repositoryName)).toEqual(['abc', 'abc-2'])
  await end()
})

test.each([
  [
    'a template in YAML',
    [file('x.yaml', 'Resources: {}')],
    [],
    /x\.yaml: it is no JSON; templates in YAML are not read/,
  ],
  ['a file without resources', [file('none.json', '{}')], [], /none\.json: the template has no Resources/],
  ['a parameter that no template has', [first], ['Nme=x'], /^--parameter Nme: no template has it$/],
  ['a name that ECR refuses', [first], ['Name=Web'], /at Resources\.Web\.Properties: InvalidParameterException/],
  ['a template that imports from none', [second], [], /no stack exports first-name/],
])('%s is told in a line', async (_, files, parameters, message) => {
  const aws = await started()
  const error = await deployFiles(aws, files, parametersOf(parameters)).catch((one: unknown) => one)
  expect(explain(error)).toMatch(message)
})

test('what is no parameter is told in a line', () => {
  expect(() => parametersOf(['Name'])).toThrow('--parameter Name: give NAME=VALUE, such as EnvironmentName=dev')
})
