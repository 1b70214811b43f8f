import { useState } from "react";
import type { FileFinding, FileReport, ImportReport } from "@doppelwerk/client";
import { useScope, useStudio, useTask, useWords, type Task } from "@doppelwerk/kit/studio";
import { repairParameter } from "./chosen-repairs.ts";
import type { Chosen } from "./chosen-repairs.ts";

interface OpenFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** As it came, before anything was repaired: its groups stay while repairs are chosen. */
  readonly findings: readonly FileFinding[];
  /** With the chosen repairs. */
  readonly report: FileReport;
}

export interface FileImport {
  readonly task: Task;
  readonly file: OpenFile | undefined;
  readonly chosen: Chosen;
  /** Of the last import. */
  readonly done: ImportReport | undefined;
  readonly open: (file: File) => void;
  readonly choose: (chosen: Chosen) => void;
  /** Takes the last choice back; undefined = there was none. */
  readonly back: (() => void) | undefined;
  readonly importIt: () => void;
  readonly undoImport: () => void;
}

/** A file that is read and validated, repaired by choice, and then imported. */
export function useFileImport(): FileImport {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const task = useTask();
  const [file, setFile] = useState<OpenFile | undefined>(undefined);
  const [chosen, setChosen] = useState<Chosen>(new Map());
  /** What was chosen before each step. */
  const [steps, setSteps] = useState<readonly Chosen[]>([]);
  const [done, setDone] = useState<ImportReport | undefined>(undefined);
  const open = (given: File): void =>
    task.run(async () => {
      const bytes = new Uint8Array(await given.arrayBuffer());
      setDone(undefined);
      setChosen(new Map());
      setSteps([]);
      setFile(undefined);
      const report = await studio.client.reportFile(bytes);
      setFile({ name: given.name, bytes, findings: report.findings, report });
    });
  const report = (next: Chosen): void => {
    setChosen(next);
    if (file === undefined) return;
    const { bytes, findings } = file;
    task.run(async () => setFile({ ...file, report: await studio.client.reportFile(bytes, repairParameter(findings, next)) }));
  };
  const choose = (next: Chosen): void => {
    setSteps([...steps, chosen]);
    report(next);
  };
  const before = steps.at(-1);
  const back = (): void => {
    if (before === undefined) return;
    setSteps(steps.slice(0, -1));
    report(before);
  };
  const importIt = (): void => {
    if (file === undefined) return;
    task.run(async () => {
      setDone(await studio.client.importFile(file.name, file.bytes, repairParameter(file.findings, chosen)));
      studio.commits.update((count) => count + 1);
    });
  };
  const undoImport = (): void =>
    task.run(async () => {
      await studio.live.undo(branch);
      studio.commits.update((count) => count + 1);
      setDone(undefined);
      studio.notify("plain", t("assets.explorer.undone"));
    });
  return { task, file, chosen, done, open, choose, back: before && back, importIt, undoImport };
}
