import { Button } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { FileReport, ImportReport } from "@doppelwerk/client";
import { FindingText, useWords } from "@doppelwerk/kit/studio";
import { firstRepairs } from "./chosen-repairs.ts";
import type { ExplorerMoves } from "./explorer-moves.ts";
import { FileFindingGroup } from "./file-finding-group.tsx";
import { grouped } from "./findings.ts";
import type { FileImport } from "./use-file-import.ts";

/** An import of no more changes is one revision, which can be undone as a whole. */
const MAX_CHANGES_OF_REVISION = 20_000;

interface OpenImport extends FileImport {
  readonly file: NonNullable<FileImport["file"]>;
}

/** What a file holds and what is wrong with it; its repairs, its import, and the outcome of that. */
export function FileReportView({ given, moves }: { readonly given: OpenImport; readonly moves: ExplorerMoves }): ReactNode {
  const { t } = useWords();
  const { file, chosen, done, choose, undoImport } = given;
  const { name, findings, report } = file;
  const show = (): void => moves.go({ mode: report.shells > 0 ? "shells" : "submodels" });
  return (
    <section className="dw-file-report" aria-label={name}>
      <h2>{name}</h2>
      <p className="dw-quiet">
        {t("assets.explorer.fileHolds", {
          format: `${report.format.toUpperCase()} ${report.release ?? ""}`.trim(),
          shells: report.shells,
          submodels: report.submodels,
          elements: report.elements,
          concepts: report.conceptDescriptions,
          files: report.files,
        })}
      </p>
      <ReportFoot given={given} />
      {done !== undefined && <Outcome done={done} onShow={show} onUndo={undoImport} />}
      {done?.findings
        .filter(({ constraint }) => constraint === "series")
        .map((finding) => (
          <p key={`${finding.path} ${finding.message}`} className="dw-note is-trouble" role="alert">
            {finding.path}: <FindingText finding={finding} />
          </p>
        ))}
      {grouped(findings).map((group) => (
        <FileFindingGroup key={group.constraint} group={group} all={findings} chosen={chosen} onChoose={choose} />
      ))}
    </section>
  );
}

/** How many errors are left, the repairs of all of them, and the import. */
function ReportFoot({ given }: { readonly given: OpenImport }): ReactNode {
  const { t } = useWords();
  const { file, chosen, choose, back, importIt } = given;
  const { busy } = given.task;
  const { report, findings } = file;
  const plain = firstRepairs(findings, ({ repairs }) => repairs?.[0]?.kind === "plain");
  const every = firstRepairs(findings, () => true);
  const isEmpty = report.shells + report.submodels + report.conceptDescriptions === 0;
  return (
    <div className="dw-file-report-foot">
      <ErrorsLeft report={report} />
      {plain.size > 0 && (
        <Button size="sm" variant="default" disabled={busy} onClick={() => choose(plain)}>
          {t("assets.explorer.repairPlain", { count: plain.size })}
        </Button>
      )}
      {every.size > plain.size && (
        <Button size="sm" variant="default" disabled={busy} onClick={() => choose(every)}>
          {t("assets.explorer.repairAll", { count: every.size })}
        </Button>
      )}
      {chosen.size > 0 && (
        <Button size="sm" variant="default" disabled={busy} onClick={() => choose(new Map())}>
          {t("assets.explorer.repairNone")}
        </Button>
      )}
      {back !== undefined && (
        <Button size="sm" variant="default" disabled={busy} leftSection={<IconArrowBackUp size={16} />} onClick={back}>
          {t("assets.explorer.undo")}
        </Button>
      )}
      <Button size="sm" loading={busy} disabled={isEmpty} onClick={importIt}>
        {t("assets.explorer.import")}
      </Button>
    </div>
  );
}

function ErrorsLeft({ report: { findings, repaired = [] } }: { readonly report: FileReport }): ReactNode {
  const { t } = useWords();
  const count = findings.filter(({ severity }) => severity === "error").length;
  return (
    <strong role="status">
      {count === 0 ? t("assets.explorer.noErrors") : t("assets.explorer.errorsLeft", { count })}
      {repaired.length > 0 && ` ${t("assets.explorer.repairs", { count: repaired.length })}`}
    </strong>
  );
}

function Outcome({
  done,
  onShow,
  onUndo,
}: {
  readonly done: ImportReport;
  readonly onShow: () => void;
  readonly onUndo: () => void;
}): ReactNode {
  const { t } = useWords();
  const changes = done.created + done.changed;
  return (
    <p className="dw-note" role="status">
      {t("connect.imported", { created: done.created, changed: done.changed })}
      {done.conflicts > 0 && ` ${t("connect.importConflicts", { count: done.conflicts })}`}
      {done.samples !== undefined && ` ${t("connect.importedSamples", { count: done.samples })}`}{" "}
      <button type="button" className="dw-link-button" onClick={onShow}>
        {t("assets.explorer.showImported")}
      </button>{" "}
      {changes > 0 && changes <= MAX_CHANGES_OF_REVISION && (
        <button type="button" className="dw-link-button" onClick={onUndo}>
          {t("assets.explorer.undo")}
        </button>
      )}
    </p>
  );
}
