import { join } from 'node:path'
import { AssetHashType, DockerImage } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { bundle } from './bundle.ts'

const FUNCTIONS = join(import.meta.dirname, '../functions')

/**
 * Code of a function: its handler with the configuration in it. Bundled in this process by esbuild; no container is ever started, so the
 * image is a name only. The npm package has `packaged-code.ts` in the place of this file.
 * @param name folder under functions/ that holds handler.ts
 */
export const handlerCode = (name: string, config: object): Code =>
  Code.fromAsset(join(FUNCTIONS, name), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('none'),
      // What CDK tells two bundles of one folder apart by.
      command: [JSON.stringify(config)],
      local: {
        tryBundle(outdir) {
          bundle({ entry: join(FUNCTIONS, name, 'handler.ts'), outdir, config })
          return true
        },
      },
    },
  })
