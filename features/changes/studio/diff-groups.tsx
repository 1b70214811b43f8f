import { useState } from "react";
import type { ReactNode } from "react";
import type { DiffLine } from "@doppelwerk/client";
import { useWords } from "@doppelwerk/kit/studio";
import { DiffTable } from "./log-line.tsx";

/** From here on nobody reads a list to its end. */
const MAX_LINES = 40;
/** Rows of one group that are drawn; the rest is counted. */
const MAX_ROWS = 500;

/** Few changes as a table; of many one fold for each shell, drawn when it is opened. */
export function DiffGroups({ lines }: { readonly lines: readonly DiffLine[] }): ReactNode {
  const { t } = useWords();
  if (lines.length <= MAX_LINES) return <DiffTable lines={lines} />;
  const groups = new Map<string, DiffLine[]>();
  for (const line of lines) {
    const list = groups.get(line.shell);
    if (list === undefined) groups.set(line.shell, [line]);
    else list.push(line);
  }
  const named = [...groups].filter(([shell]) => shell !== "").toSorted(([a], [b]) => a.localeCompare(b, undefined, { numeric: true }));
  const rest = groups.get("");
  return (
    <>
      <p className="dw-quiet">{t("changes.many", { count: lines.length, shells: named.length })}</p>
      {named.map(([shell, own]) => (
        <Group key={shell} title={shell} lines={own} />
      ))}
      {rest !== undefined && <Group title={t("changes.beside")} lines={rest} />}
    </>
  );
}

function Group({ title, lines }: { readonly title: string; readonly lines: readonly DiffLine[] }): ReactNode {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const sorted = open ? lines.toSorted((a, b) => a.path.localeCompare(b.path, undefined, { numeric: true })) : [];
  return (
    <details className="dw-diff-group" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <b>{title}</b> <span>{t("changes.lines", { count: lines.length })}</span>
      </summary>
      {open && <DiffTable lines={sorted.slice(0, MAX_ROWS)} />}
      {sorted.length > MAX_ROWS && <p className="dw-quiet">{t("changes.moreLines", { count: sorted.length - MAX_ROWS })}</p>}
    </details>
  );
}
