import { Button, Checkbox, FileButton } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { FileFinding, FileReport, ImportReport } from "@doppelwerk/client";
import { errorText } from "../language/error-text.ts";
import { useStudio, useWords } from "../session/context.tsx";
import type { ExplorerMoves } from "./explorer.tsx";
import { grouped } from "./findings.ts";

/** Findings of one constraint that are listed; of more, the number is said. */
const MOST = 50;

/** A file is read and judged first; what is wrong can be repaired by a click, and then it is imported. */
export function ImportPanel({ moves }: { readonly moves: ExplorerMoves }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [file, setFile] = useState<{ readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> } | undefined>(undefined);
  const [report, setReport] = useState<FileReport | undefined>(undefined);
  /** As it came, before anything was repaired: its groups stay while repairs are chosen. */
  const [given, setGiven] = useState<FileReport | undefined>(undefined);
  const [wanted, setWanted] = useState<readonly string[]>([]);
  const [done, setDone] = useState<ImportReport | undefined>(undefined);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const during = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      await work();
    } catch (error) {
      setFailure(errorText(error));
    }
    setBusy(false);
  };
  const take = (chosen: File | null): void => {
    if (chosen === null) return;
    void during(async () => {
      const bytes = new Uint8Array(await chosen.arrayBuffer());
      setDone(undefined);
      setWanted([]);
      setReport(undefined);
      setFile({ name: chosen.name, bytes });
      const first = await studio.client.reportFile(bytes);
      setGiven(first);
      setReport(first);
    });
  };
  const choose = (constraints: readonly string[]): void => {
    setWanted(constraints);
    if (file === undefined) return;
    void during(async () => setReport(await studio.client.reportFile(file.bytes, wishOf(constraints))));
  };
  const bring = (): void => {
    if (file === undefined) return;
    void during(async () => {
      setDone(await studio.client.importFile(file.name, file.bytes, wishOf(wanted)));
      studio.commits.update((count) => count + 1);
    });
  };
  const groups = grouped(given?.findings ?? []);
  const left = report?.findings.filter(({ severity }) => severity === "error").length ?? 0;
  const repairable = groups
    .filter(({ findings }) => findings.some(({ repairs }) => repairs !== undefined))
    .map(({ constraint }) => constraint);
  return (
    <div
      className="dw-import dw-scroll"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        take(event.dataTransfer.files[0] ?? null);
      }}
    >
      <div className="dw-drop">
        <IconFileImport size={28} stroke={1.4} />
        <p>{t("explorer.drop")}</p>
        <FileButton onChange={take} accept=".aasx,.json,.xml">
          {(props) => (
            <Button {...props} size="sm" loading={busy}>
              {t("connect.importChoose")}
            </Button>
          )}
        </FileButton>
      </div>
      {failure !== undefined && (
        <p className="dw-note is-trouble" role="alert">
          {failure}
        </p>
      )}
      {report !== undefined && file !== undefined && (
        <section className="dw-report" aria-label={file.name}>
          <h2>{file.name}</h2>
          <p className="dw-quiet">
            {t("explorer.fileHolds", {
              format: `${report.format.toUpperCase()} ${report.release ?? ""}`.trim(),
              shells: report.shells,
              submodels: report.submodels,
              elements: report.elements,
              concepts: report.conceptDescriptions,
              files: report.files,
            })}
          </p>
          <div className="dw-report-foot">
            <strong role="status">
              {left === 0 ? t("explorer.noErrors") : t("explorer.errorsLeft", { count: left })}
              {report.repaired !== undefined &&
                report.repaired.length > 0 &&
                ` ${t("explorer.repairs", { count: report.repaired.length })}`}
            </strong>
            {repairable.length > 0 && (
              <Button
                size="sm"
                variant="default"
                loading={busy}
                onClick={() => choose(wanted.length === repairable.length ? [] : repairable)}
              >
                {wanted.length === repairable.length ? t("explorer.repairNone") : t("explorer.repairAll")}
              </Button>
            )}
            <Button size="sm" loading={busy} disabled={report.shells + report.submodels + report.conceptDescriptions === 0} onClick={bring}>
              {t("explorer.import")}
            </Button>
          </div>
          {done !== undefined && (
            <p className="dw-note" role="status">
              {t("connect.imported", { created: done.created, changed: done.changed })}
              {done.conflicts > 0 && ` ${t("connect.importConflicts", { count: done.conflicts })}`}{" "}
              <button
                type="button"
                className="dw-link-button"
                onClick={() => moves.go({ mode: report.shells > 0 ? "shells" : "submodels" })}
              >
                {t("explorer.showImported")}
              </button>
            </p>
          )}
          {groups.map((group) => (
            <FindingGroup
              key={group.constraint}
              {...group}
              chosen={wanted.includes(group.constraint)}
              onChoose={() =>
                choose(
                  wanted.includes(group.constraint) ? wanted.filter((each) => each !== group.constraint) : [...wanted, group.constraint],
                )
              }
            />
          ))}
        </section>
      )}
    </div>
  );
}

function wishOf(constraints: readonly string[]): string {
  return constraints.length === 0 ? "none" : constraints.join(",");
}

function FindingGroup({
  constraint,
  severity,
  findings,
  chosen,
  onChoose,
}: {
  readonly constraint: string;
  readonly severity: FileFinding["severity"];
  readonly findings: readonly FileFinding[];
  readonly chosen: boolean;
  readonly onChoose: () => void;
}): ReactNode {
  const { t } = useWords();
  const repairs = findings.flatMap(({ repairs: offered }) => offered?.slice(0, 1) ?? []);
  const guesses = repairs.filter(({ kind }) => kind === "guess").length;
  return (
    <details className="dw-finding-group" open={findings.length <= 5}>
      <summary>
        <b>{constraint}</b> <span className={`dw-severity is-${severity}`}>{t(`explorer.severity.${severity}`)}</span>{" "}
        <small>{findings.length}</small>
      </summary>
      {repairs.length > 0 && (
        <Checkbox
          size="sm"
          checked={chosen}
          onChange={onChoose}
          label={`${t("explorer.repairThese", { count: repairs.length })}${guesses > 0 ? ` · ${t("explorer.guesses", { count: guesses })}` : ""}`}
        />
      )}
      <ul className="dw-findings">
        {findings.slice(0, MOST).map((finding) => (
          <li key={`${finding.path} ${finding.message}`}>
            <code className="dw-breaks">{finding.path}</code> {finding.message}
            {finding.repairs?.[0] !== undefined && <small className="dw-repair">→ {finding.repairs[0].how}</small>}
          </li>
        ))}
        {findings.length > MOST && <li>{t("explorer.moreFindings", { count: findings.length - MOST })}</li>}
      </ul>
    </details>
  );
}
