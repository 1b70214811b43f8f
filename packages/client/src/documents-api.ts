import type { Message } from "@doppelwerk/messages";
import type { Finding } from "@doppelwerk/aas";
import type { Text } from "./api.ts";

export type { FileFinding, FileReport } from "@doppelwerk/aas";

// Files of shells and what is wrong with them, versions of documents, the card of an asset.

/** What an import of AASX, JSON or XML did: it is merged three-way, so importing again keeps what people changed. */
export interface ImportReport {
  readonly created: number;
  readonly changed: number;
  readonly conflicts: number;
  /** Connections that are described and wait for a person to connect them; absent = none. */
  readonly waiting?: number;
  /** Samples of series that the file carries and that were given to the history; absent = none. */
  readonly samples?: number;
  readonly findings: readonly Finding[];
}

/** One time at which a shell, a submodel or an element of it was written. */
export interface DocumentVersion {
  readonly revision: number;
  /** µs since the epoch; `$history?date=` of the AAS API gives the document of that time. */
  readonly at: number;
  /** Who did it. */
  readonly name: string;
  readonly branch: string;
  readonly reason: string;
  /** The reason for a screen that speaks another language; absent where a person wrote it. */
  readonly told?: Message;
}

/** What a renaming of an element did. */
export interface Renaming {
  /** idShortPath of the element from now on. */
  readonly path: string;
  /** Records whose references were made to lead to it again. */
  readonly references: number;
  /** @deprecated Always true: every reference is found by an index. */
  readonly lookedThrough: boolean;
}

/** A value with what it is called. */
export interface ShownLine {
  readonly label: Text;
  readonly value: string;
  /** Where the value itself is a text in several languages. */
  readonly text?: Text;
}

export interface ShellCard {
  readonly aasId: string;
  readonly idShort: string;
  readonly name: Text;
  /** Of a place: the asset that stands there, by its shell, and since when, in µs since the epoch. */
  readonly installed?: { readonly aasId: string; readonly name: Text; readonly from: number };
  /** Of a place: that of the asset which stands there. */
  readonly nameplate: readonly ShownLine[];
  readonly properties: readonly (ShownLine & {
    readonly path: string;
    readonly unit: string;
    readonly planned?: { readonly value: string; readonly effectiveFrom: string; readonly owner: string };
  })[];
  readonly submodels: readonly { readonly idShort: string; readonly id: string; readonly url: string }[];
}
