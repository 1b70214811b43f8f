/** Content-addressed files: key = sha-256 hex of the bytes. `put` resolves when on disk. */
export interface Blobs {
  put(bytes: Uint8Array, contentType: string): Promise<{ readonly hash: string }>;
  /** Takes bytes as they come, holding few of them in memory. Nothing is a blob until it is kept; what was left by a crash is removed. */
  stage(pieces: AsyncIterable<Uint8Array>): Promise<StagedBlob>;
  get(hash: string): Promise<{ readonly bytes: Uint8Array; readonly contentType: string } | undefined>;
  /** The same without holding it in memory: what is large is read while it is sent. */
  open(hash: string): Promise<OpenedBlob | undefined>;
  /** How many there are, and of how many bytes together. */
  usage(): Promise<{ readonly files: number; readonly bytes: number }>;
  close(): Promise<void>;
}

export interface OpenedBlob {
  readonly contentType: string;
  readonly size: number;
  /** From the first byte, each time it is asked for. */
  pieces(): AsyncIterable<Uint8Array>;
}

/** Bytes that came in whole and are not a blob yet. */
export interface StagedBlob {
  readonly hash: string;
  readonly size: number;
  /** All of them, in memory. */
  bytes(): Promise<Uint8Array>;
  /** From the first, a few of them in memory; also once they are kept. */
  pieces(): AsyncIterable<Uint8Array>;
  /** Makes them a blob; resolves when on disk. Keeping twice is keeping once. */
  keep(contentType: string): Promise<void>;
  /** Removes them, unless they were kept. */
  drop(): Promise<void>;
}
