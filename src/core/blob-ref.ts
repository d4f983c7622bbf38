/**
 * Names immutable bytes in the blob store. Only refs travel through Temporal, never the bytes
 * (a payload stays below 2 KB; see docs/ARCHITECTURE.md, "Words").
 */
export interface BlobRef {
  /** Lower-case hex SHA-256 of the bytes. */
  readonly digest: string;
  /** Length of the blob in bytes. */
  readonly bytes: number;
}
