import { hashedId, type Blobs, type Change, type RecordReader, type WorldRecord } from "@doppelwerk/world";
import type { StoredFile } from "./aas-source.ts";

/** A file that a shell or submodel names: its bytes are a blob, its place is (owner, path). A document: versioned, forked, merged. */
export interface FileRecord extends WorldRecord {
  readonly kind: "file";
  /** AAS id of the shell (thumbnail) or submodel (File elements). */
  readonly owner: string;
  /** As the element writes it: the part name in a package. */
  readonly path: string;
  readonly name: string;
  readonly contentType: string;
  /** SHA-256 of the bytes. */
  readonly hash: string;
  readonly size: number;
}

export function fileId(owner: string, path: string): string {
  return hashedId("file", owner, partName(path));
}

/** Paths in packages are written with and without a scheme or a leading slash. */
export function partName(path: string): string {
  return `/${path.replace(/^file:/i, "").replace(/^\/+/, "")}`;
}

export function fileRecord(reader: RecordReader, owner: string, path: string): FileRecord | undefined {
  return reader.get(fileId(owner, path)) as FileRecord | undefined;
}

export function filesOf(reader: RecordReader, owner: string): readonly FileRecord[] {
  return reader.query({ kind: "file", index: { name: "owner", value: owner } }) as readonly FileRecord[];
}

/** Makes or replaces the record of a file whose bytes are stored already. */
export function putFile(
  reader: RecordReader,
  file: Pick<FileRecord, "owner" | "path" | "name" | "contentType" | "hash" | "size">,
): readonly Change[] {
  const id = fileId(file.owner, file.path);
  const before = reader.get(id);
  if (before === undefined) return [{ op: "create", record: { id, kind: "file", ...file } }];
  const fields = Object.fromEntries(
    Object.entries(file).flatMap(([name, to]) => (before[name] === to ? [] : [[name, { from: before[name], to }] as const])),
  );
  return Object.keys(fields).length === 0 ? [] : [{ op: "update", id, fields }];
}

export function deleteFile(reader: RecordReader, owner: string, path: string): readonly Change[] {
  const record = fileRecord(reader, owner, path);
  return record === undefined ? [] : [{ op: "delete", record }];
}

export async function storedFile(blobs: Blobs, record: FileRecord | undefined): Promise<StoredFile | undefined> {
  const blob = record === undefined ? undefined : await blobs.open(record.hash);
  return blob && { size: blob.size, pieces: () => blob.pieces(), contentType: record!.contentType, name: record!.name };
}
