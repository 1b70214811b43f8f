import { useState } from "react";
import type { ImportReport, LogColumns } from "@doppelwerk/client";
import { useStudio, useTask } from "@doppelwerk/kit/studio";
import { lookIntoFile } from "../calls.ts";
import type { PlantFileOffer } from "../contract.ts";

interface PlantFile {
  readonly busy: boolean;
  readonly failure: string | undefined;
  /** The code of that failure, to search for. */
  readonly code: string | undefined;
  /** What the server found in the file; undefined once it is imported. */
  readonly offer: PlantFileOffer | undefined;
  /** Of the last import. */
  readonly report: ImportReport | undefined;
  readonly open: (file: File) => void;
  /** Reads the same file with other columns. */
  readonly readColumns: (columns: LogColumns) => void;
  readonly importDocuments: () => void;
}

/** A file somebody chose: what the server finds in it, and the import of its documents. */
export function usePlantFile(): PlantFile {
  const studio = useStudio();
  const { busy, failure, code, run } = useTask();
  const [held, setHeld] = useState<{ readonly offer: PlantFileOffer; readonly bytes: Uint8Array<ArrayBuffer> } | undefined>(undefined);
  const [report, setReport] = useState<ImportReport | undefined>(undefined);
  const open = (file: File): void => {
    setHeld(undefined);
    setReport(undefined);
    run(async () => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      setHeld({ offer: await lookIntoFile(studio.client, { query: { name: file.name }, body: bytes }), bytes });
    });
  };
  const readColumns = (columns: LogColumns): void =>
    run(async () => {
      if (held === undefined) return;
      const { bytes, offer } = held;
      setHeld({ offer: await lookIntoFile(studio.client, { query: { ...columns, name: offer.name }, body: bytes }), bytes });
    });
  const importDocuments = (): void =>
    run(async () => {
      if (held === undefined) return;
      setReport(await studio.client.importFile(held.offer.name, held.bytes));
      setHeld(undefined);
      studio.commits.update((count) => count + 1);
    });
  return { busy, failure, code, offer: held?.offer, report, open, readColumns, importDocuments };
}
