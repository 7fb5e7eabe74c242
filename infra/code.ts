import { AssetHashType, DockerImage } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'

/**
 * Code of a function, written in this process: no container is ever started, so the image is a name only.
 * @param config what CDK tells two bundles of one folder apart by
 * @param write puts `index.js` into a folder
 */
export const codeOf = (folder: string, config: object, write: (outdir: string) => void): Code =>
  Code.fromAsset(folder, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('none'),
      command: [JSON.stringify(config)],
      local: {
        tryBundle(outdir) {
          write(outdir)
          return true
        },
      },
    },
  })
