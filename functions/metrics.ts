import { METRIC_NAMESPACE } from './contract.ts'

/** Units of CloudWatch. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html */
type Unit = 'Bytes' | 'Count' | 'Milliseconds' | 'None' | 'Percent'

export type Metrics = Readonly<Record<string, { readonly value: number; readonly unit: Unit }>>

/**
 * Metrics as CloudWatch takes them out of a log: one JSON object in the embedded metric format, without dimensions.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const embedded = (metrics: Metrics, now: Date): object => ({
  _aws: {
    Timestamp: now.getTime(),
    CloudWatchMetrics: [
      {
        Namespace: METRIC_NAMESPACE,
        Dimensions: [[]],
        Metrics: Object.entries(metrics).map(([Name, { unit: Unit }]) => ({ Name, Unit })),
      },
    ],
  },
  ...Object.fromEntries(Object.entries(metrics).map(([name, { value }]) => [name, value])),
})

/** Past the console, which would put the line under `message`: CloudWatch looks for metrics at the top alone. */
export const writeMetrics = (metrics: Metrics, now: Date): void =>
  void process.stdout.write(`${JSON.stringify(embedded(metrics, now))}\n`)
