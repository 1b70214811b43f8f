/** Content-addressed files: key = sha-256 hex of the bytes. `put` resolves when on disk. */
export interface Blobs {
  put(bytes: Uint8Array, contentType: string): Promise<{ readonly hash: string }>;
  get(hash: string): Promise<{ readonly bytes: Uint8Array; readonly contentType: string } | undefined>;
  close(): Promise<void>;
}
