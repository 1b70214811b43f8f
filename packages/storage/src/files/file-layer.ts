/** What the log needs of a file system, synchronous because it runs on its own thread. Errors are thrown as the system gives them. */
export interface FileLayer {
  makeDirectory(path: string): void;
  /** Names of the files in a directory, ascending. */
  list(directory: string): readonly string[];
  /** `create` refuses an existing file, `read` and `write` a missing one. */
  open(path: string, mode: "create" | "read" | "write"): OpenFile;
  /** Changes whenever the content of a file does: its length and the time of its last change. Refuses a missing file. */
  stamp(path: string): string;
  /** Replaces what bore the name. */
  rename(from: string, to: string): void;
  /** Refuses a missing file. */
  remove(path: string): void;
  /** Makes created, renamed and removed names of the directory survive a power loss. */
  fsyncDirectory(path: string): void;
}

export interface OpenFile {
  /** Bytes read, 0 at the end. */
  read(into: Uint8Array, position: number): number;
  /** Bytes written, which may be fewer than given. */
  write(bytes: Uint8Array, position: number): number;
  /** What was written before survives a power loss once this returns. */
  fsync(): void;
  truncate(length: number): void;
  size(): number;
  close(): void;
}
