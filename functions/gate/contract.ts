/** Operations of ECR that tell of an image and of its scans, on its repository. */
export const READS = ['BatchGetImage', 'DescribeImageScanFindings', 'DescribeImages'] as const
