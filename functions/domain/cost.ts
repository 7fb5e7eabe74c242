const GB = 1_000_000_000
const TB = 1_000 * GB

/**
 * Dollars a month for a gigabyte, as in most regions; what a registry shares between images is charged once.
 * @see https://aws.amazon.com/ecr/pricing/
 */
const STANDARD = 0.1
const ARCHIVE = 0.1
/** Of what is in the archive above this in a month. Bytes. */
const MUCH = 150 * TB
const ARCHIVE_ABOVE = 0.07

/**
 * What comes into the archive is charged for as many days, also where it is deleted before.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/archive-image.html
 */
export const ARCHIVE_DAYS = 90

/** To a hundredth of a cent. */
const rounded = (dollars: number): number => Math.round(dollars * 10_000) / 10_000

/** Dollars a month for so many bytes that are there to be pulled. */
export const standardCost = (bytes: number): number => rounded((bytes / GB) * STANDARD)

/** Dollars a month for so many bytes in the archive; each time that they are brought back costs extra. */
export function archiveCost(bytes: number): number {
  const above = Math.max(0, bytes - MUCH)
  return rounded(((bytes - above) / GB) * ARCHIVE + (above / GB) * ARCHIVE_ABOVE)
}

/** Dollars a month that are saved by archiving what is there to be pulled: nothing, up to 150 TB. */
export const archivingSaves = (bytes: number): number => rounded(standardCost(bytes) - archiveCost(bytes))

/** `$4.12 a month`: registries are priced by the GB and the month. */
export const monthly = (dollars: number): string =>
  dollars < 0.01
    ? 'less than $0.01 a month'
    : `$${dollars.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })} a month`
