import { Button, Checkbox, FileButton, UnstyledButton } from "@mantine/core";
import { IconArrowBackUp, IconFileImport, IconSquare, IconSquareCheck } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { FileFinding, FileReport, ImportReport } from "@doppelwerk/client";
import { FindingText, errorText, repairText, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { ExplorerMoves } from "./explorer-moves.ts";
import { grouped } from "./findings.ts";
import { firstRepairs, wishOf, withChoice } from "./import-wish.ts";
import type { Chosen } from "./import-wish.ts";

/** Findings of one constraint that are listed; of more, the number is said. */
const MOST = 50;
/** An import of no more changes is one revision, which can be undone as a whole. */
const ONE_REVISION = 20_000;

/** A file is read and judged first; what is wrong can be repaired by a click, and then it is imported. */
export function ImportPanel({ moves }: { readonly moves: ExplorerMoves }): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const [file, setFile] = useState<{ readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> } | undefined>(undefined);
  const [report, setReport] = useState<FileReport | undefined>(undefined);
  /** As it came, before anything was repaired: its groups stay while repairs are chosen. */
  const [given, setGiven] = useState<FileReport | undefined>(undefined);
  const [chosen, setChosen] = useState<Chosen>(new Map());
  /** What was chosen before each step, for the way back. */
  const [steps, setSteps] = useState<readonly Chosen[]>([]);
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
  const take = (given: File | null): void => {
    if (given === null) return;
    void during(async () => {
      const bytes = new Uint8Array(await given.arrayBuffer());
      setDone(undefined);
      setChosen(new Map());
      setSteps([]);
      setReport(undefined);
      setFile({ name: given.name, bytes });
      const first = await studio.client.reportFile(bytes);
      setGiven(first);
      setReport(first);
    });
  };
  const findings = given?.findings ?? [];
  const judge = (next: Chosen): void => {
    setChosen(next);
    if (file === undefined) return;
    void during(async () => setReport(await studio.client.reportFile(file.bytes, wishOf(findings, next))));
  };
  const choose = (next: Chosen): void => {
    setSteps([...steps, chosen]);
    judge(next);
  };
  const back = (): void => {
    const before = steps.at(-1);
    if (before === undefined) return;
    setSteps(steps.slice(0, -1));
    judge(before);
  };
  const bring = (): void => {
    if (file === undefined) return;
    void during(async () => {
      setDone(await studio.client.importFile(file.name, file.bytes, wishOf(findings, chosen)));
      studio.commits.update((count) => count + 1);
    });
  };
  const undoImport = (): void => {
    void during(async () => {
      await studio.live.undo(branch);
      studio.commits.update((count) => count + 1);
      setDone(undefined);
      studio.notify("plain", t("assets.explorer.undone"));
    });
  };
  const groups = grouped(findings);
  const left = report?.findings.filter(({ severity }) => severity === "error").length ?? 0;
  const plain = firstRepairs(findings, ({ repairs }) => repairs?.[0]?.kind === "plain");
  const every = firstRepairs(findings, () => true);
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
        <p>{t("assets.explorer.drop")}</p>
        <FileButton onChange={take} accept=".aasx,.json,.xml">
          {(props) => (
            <Button {...props} size="sm" loading={busy}>
              {t("assets.connect.importChoose")}
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
        <section className="dw-file-report" aria-label={file.name}>
          <h2>{file.name}</h2>
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
          <div className="dw-file-report-foot">
            <strong role="status">
              {left === 0 ? t("assets.explorer.noErrors") : t("assets.explorer.errorsLeft", { count: left })}
              {report.repaired !== undefined &&
                report.repaired.length > 0 &&
                ` ${t("assets.explorer.repairs", { count: report.repaired.length })}`}
            </strong>
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
            {steps.length > 0 && (
              <Button size="sm" variant="default" disabled={busy} leftSection={<IconArrowBackUp size={16} />} onClick={back}>
                {t("assets.explorer.undo")}
              </Button>
            )}
            <Button size="sm" loading={busy} disabled={report.shells + report.submodels + report.conceptDescriptions === 0} onClick={bring}>
              {t("assets.explorer.import")}
            </Button>
          </div>
          {done !== undefined && (
            <p className="dw-note" role="status">
              {t("connect.imported", { created: done.created, changed: done.changed })}
              {done.conflicts > 0 && ` ${t("connect.importConflicts", { count: done.conflicts })}`}
              {done.samples !== undefined && ` ${t("connect.importedSamples", { count: done.samples })}`}{" "}
              <button
                type="button"
                className="dw-link-button"
                onClick={() => moves.go({ mode: report.shells > 0 ? "shells" : "submodels" })}
              >
                {t("assets.explorer.showImported")}
              </button>{" "}
              {done.created + done.changed > 0 && done.created + done.changed <= ONE_REVISION && (
                <button type="button" className="dw-link-button" onClick={undoImport}>
                  {t("assets.explorer.undo")}
                </button>
              )}
            </p>
          )}
          {done?.findings
            .filter(({ constraint }) => constraint === "series")
            .map((finding) => (
              <p key={`${finding.path} ${finding.message}`} className="dw-note is-trouble" role="alert">
                {finding.path}: <FindingText finding={finding} />
              </p>
            ))}
          {groups.map((group) => (
            <FindingGroup key={group.constraint} {...group} all={findings} chosen={chosen} onChoose={choose} />
          ))}
        </section>
      )}
    </div>
  );
}

function FindingGroup({
  constraint,
  severity,
  findings,
  all,
  chosen,
  onChoose,
}: {
  readonly constraint: string;
  readonly severity: FileFinding["severity"];
  readonly findings: readonly FileFinding[];
  /** Of the report, in its order. */
  readonly all: readonly FileFinding[];
  readonly chosen: Chosen;
  readonly onChoose: (chosen: Chosen) => void;
}): ReactNode {
  const { t, language } = useWords();
  const [whole, setWhole] = useState(false);
  const own = firstRepairs(all, (finding) => finding.constraint === constraint);
  const guesses = findings.filter(({ repairs }) => repairs?.[0]?.kind === "guess").length;
  const isChosen = [...own.keys()].every((at) => chosen.has(at));
  const shown = whole ? findings : findings.slice(0, MOST);
  return (
    <details className="dw-finding-group" open={findings.length <= 5}>
      <summary>
        <b>{constraint}</b> <span className={`dw-severity is-${severity}`}>{t(`assets.explorer.severity.${severity}`)}</span>{" "}
        <small>{findings.length}</small>
      </summary>
      {own.size > 1 && (
        <Checkbox
          size="sm"
          checked={isChosen}
          indeterminate={!isChosen && [...own.keys()].some((at) => chosen.has(at))}
          onChange={() => {
            const others = [...chosen].filter(([at]) => !own.has(at));
            onChoose(new Map(isChosen ? others : [...others, ...own]));
          }}
          label={`${t("assets.explorer.repairThese", { count: own.size })}${guesses > 0 ? ` · ${t("assets.explorer.guesses", { count: guesses })}` : ""}`}
        />
      )}
      <ul className="dw-findings">
        {shown.map((finding) => {
          const at = all.indexOf(finding);
          return (
            <li key={at}>
              <code className="dw-breaks">{finding.path}</code> <FindingText finding={finding} />
              {finding.repairs?.map((repair, which) => (
                <UnstyledButton
                  key={repair.how}
                  className={`dw-repair ${chosen.get(at) === which ? "is-on" : ""}`}
                  aria-pressed={chosen.get(at) === which}
                  onClick={() => onChoose(withChoice(chosen, at, chosen.get(at) === which ? undefined : which))}
                >
                  {chosen.get(at) === which ? <IconSquareCheck size={16} /> : <IconSquare size={16} />}
                  <span>{repairText(repair, language)}</span>
                  {repair.kind === "guess" && <small>{t("assets.explorer.guess")}</small>}
                </UnstyledButton>
              ))}
            </li>
          );
        })}
      </ul>
      {shown.length < findings.length && (
        <UnstyledButton className="dw-text-link" onClick={() => setWhole(true)}>
          {t("assets.explorer.showAll", { count: findings.length })}
        </UnstyledButton>
      )}
    </details>
  );
}
