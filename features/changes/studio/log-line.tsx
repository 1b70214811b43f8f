import { UnstyledButton } from "@mantine/core";
import { IconFileImport, IconGitFork, IconGitMerge, IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { isMessage } from "@doppelwerk/messages";
import { LIVE } from "@doppelwerk/world";
import type { DiffLine, LogLine } from "@doppelwerk/client";
import {
  DataTable,
  branchHue,
  elementLabel,
  messageText,
  middleCut,
  momentText,
  roleWords,
  unitText,
  useScope,
  useStore,
  useStudio,
  useWords,
  type Column,
  type Translate,
} from "@doppelwerk/kit/studio";
import "./changes.css";

/** Columns of the name of a branch. */
const MAX_NAME = 34;
const icons = { edit: IconPencil, fork: IconGitFork, merge: IconGitMerge, import: IconFileImport } as const;

/** One entry of the log: who, when, why; its diff on demand. */
export function LogLineView({
  entry,
  opened = false,
  isLater = false,
}: {
  readonly entry: LogLine;
  readonly opened?: boolean;
  /** It came after the instant shown. */
  readonly isLater?: boolean;
}): ReactNode {
  const studio = useStudio();
  const { time } = useScope();
  const { t, language, zone } = useWords();
  const branches = useStore(studio.branches);
  const rail = useStore(studio.rail);
  const [open, setOpen] = useState(opened);
  const Icon = icons[entry.kind];
  const given = givenReason(entry, t);
  const title = messageText(entry.reason, entry.told).trim() || t("changes.records", { count: entry.changes });
  const branch = branches.find((candidate) => candidate.id === entry.branch);
  const hue = branchHue(entry.branch, rail?.lanes.find((lane) => lane.branch.id === entry.branch)?.hue);
  return (
    <article className={`dw-log ${open ? "is-open" : ""} ${isLater ? "is-later" : ""}`} id={`r${entry.revision}`}>
      <UnstyledButton className="dw-log-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon size={16} />
        <span className="dw-log-why" title={title}>
          {title}
        </span>
        {entry.branch !== LIVE && (
          <span className="dw-log-branch" style={{ color: `var(--dw-${hue})` }} title={branch?.name}>
            {middleCut(branch?.name ?? entry.branch, MAX_NAME)}
          </span>
        )}
        <small>
          <b>{entry.name}</b> · {momentText(entry.at, zone, language, false)} · r{entry.revision} ·{" "}
          {given === undefined
            ? t("changes.noReason")
            : given === title
              ? t("changes.withReason")
              : t("changes.reasonIs", { reason: endCut(given) })}
        </small>
      </UnstyledButton>
      {open && (
        <div className="dw-log-body">
          <p className="dw-log-reason">{given === undefined ? t("changes.noReason") : t("changes.reason", { reason: given })}</p>
          {entry.lines.length === 0 ? <small>{t("changes.records", { count: entry.changes })}</small> : <DiffTable lines={entry.lines} />}
          <div className="dw-log-foot">
            <UnstyledButton className="dw-text-link" onClick={() => time.goTo(entry.at)}>
              {t("changes.showInstant")}
            </UnstyledButton>
            <small title={entry.hash}>
              {t("changes.hash")} {entry.hash.slice(0, 12)}
            </small>
          </div>
        </div>
      )}
    </article>
  );
}

/** Columns of a reason in a row; the opened entry has all of it. */
const MAX_REASON = 120;

function endCut(text: string): string {
  const [first = ""] = text.split("\n");
  return first.length > MAX_REASON ? `${first.slice(0, MAX_REASON - 1).trimEnd()}…` : first;
}

/** Why an entry was made: what a person wrote, else what the product did it for; undefined where a person gave no reason. */
function givenReason({ told, why, described, reason }: LogLine, t: Translate): string | undefined {
  if (why !== undefined) return why;
  if (told === undefined) return described === true || reason.trim() === "" ? undefined : reason.trim();
  const code = `changes.why.${told.code.split(".").at(-1) ?? ""}`;
  const params = Object.fromEntries(
    Object.entries(told.params ?? {}).map(([name, value]) => [name, isMessage(value) ? messageText("", value) : value]),
  );
  return t.or(code, t("changes.why.other"), params);
}

export function DiffTable({ lines }: { readonly lines: readonly DiffLine[] }): ReactNode {
  const { t, language } = useWords();
  const studio = useStudio();
  const line = useStore(studio.line);
  // Whose property it is: the station where the shell is one, else the end of the shell's id.
  const owner = (shell: string): string =>
    line?.stations.find((station) => station.shell === shell)?.id ?? shell.split(/[:/]/).at(-1) ?? "";
  // The plan stands beside the value in the asset's documents.
  const subjectOf = (shell: string): string => line?.stations.find((station) => station.shell === shell)?.id ?? shell;
  const value = (text: string, { unit, kind }: DiffLine): string => {
    if (text === "") return "–";
    if (kind !== undefined) return t.or(`changes.kinds.${kind}`, text);
    return unit === "" ? text : `${text}\u202f${unitText(unit)}`;
  };
  const columns: readonly Column<DiffLine>[] = [
    {
      title: t("changes.what"),
      hint: ({ shell, path }) => `${shell} ${path}`,
      cell: ({ shell, label }) => (
        <UnstyledButton
          className="dw-text-link"
          onClick={() => studio.address.go({ subject: subjectOf(shell), tab: "documents", inspector: true })}
        >
          {!label.startsWith(owner(shell)) && <b>{owner(shell)} </b>}
          {elementLabel({ en: roleWords(label), zh: "" }, language)}
        </UnstyledButton>
      ),
    },
    ...(lines.some(({ classes }) => classes !== undefined)
      ? [
          {
            title: t("changes.class"),
            cell: ({ classes }: DiffLine) => <span className="dw-class-names">{(classes ?? []).join(", ")}</span>,
          },
        ]
      : []),
    { title: t("changes.before"), isNumber: true, cell: (diff) => <del>{value(diff.before, diff)}</del> },
    {
      title: t("changes.after"),
      cell: (diff) => (
        <>
          <span aria-hidden>→ </span>
          <ins>{value(diff.after, diff)}</ins>
        </>
      ),
    },
  ];
  return (
    <DataTable
      caption={t("changes.records", { count: lines.length })}
      className="dw-diff"
      columns={columns}
      rows={lines}
      keyOf={({ shell, path }) => `${shell} ${path}`}
      isDense
    />
  );
}
