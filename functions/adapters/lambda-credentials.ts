/**
 * Stands in for the SDK's whole credential chain in the bundles: a Lambda function has its role's credentials in the
 * environment, so profiles, SSO and metadata services are weight without use.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env'
