import type { FileContent, FileReport, Finding } from "@doppelwerk/aas";
import type { BranchId, Change, Conflict, Principal } from "@doppelwerk/world";
import { port } from "./token.ts";

export interface ImportOptions {
  readonly demo?: boolean;
  /** Connects what the file describes at once; else a person connects it (default: only a demonstration). */
  readonly connect?: boolean;
}

/** What an import of a file did. */
export interface FileImport {
  readonly created: number;
  readonly changed: number;
  readonly conflicts: number;
  readonly findings: readonly Finding[];
  readonly samples?: number;
  readonly waiting?: number;
}

/** A file as it would be imported. */
export interface ReadFile {
  readonly content: FileContent;
  readonly report: FileReport;
}

/** What importing a file changes. */
export interface BroughtByFile {
  readonly changes: readonly Change[];
  readonly created: number;
  readonly changed: number;
  readonly conflicts: readonly Conflict[];
  readonly findings: readonly Finding[];
  /** Connections that wait for a person. */
  readonly waiting: number;
}

/** Files of shells (AASX, JSON, XML). Errors: DW_FORBIDDEN where the principal may not import, DW_INVALID where nothing in the file can be imported. */
export interface Importer {
  /** Merges three-way into live (in one revision, large files in parts) and makes signals of the interfaces that the file describes. */
  importFile(principal: Principal, name: string, bytes: Uint8Array, options?: ImportOptions): Promise<FileImport>;
  /** Reads a file as an import would; changes nothing. */
  readFile(principal: Principal, name: string, bytes: Uint8Array): Promise<ReadFile>;
  /** What importing a file that was read would change on a branch; only its supplementary files are kept. */
  changesOfFile(principal: Principal, branch: BranchId, name: string, content: FileContent): Promise<BroughtByFile>;
}

export const importer = port<Importer>("assets.importer", 1);
