import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { useWords } from "../session/context.tsx";
import { DataTable, type Column } from "../values/data-table.tsx";
import "./cards.css";

/** Rows of a page; with more there is a filter, and pages. */
const PAGE = 20;

export interface ListPartProps<Row> {
  /** Names the table for screen readers. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** What stands where there are none. */
  readonly empty: ReactNode;
  /** What a row is found by, where there are many. */
  readonly textOf: (row: Row) => string;
}

/** A list that people keep: a table, with a filter and pages where it is long. */
export function ListPart<Row>({ caption, columns, rows, keyOf, empty, textOf }: ListPartProps<Row>): ReactNode {
  const { t } = useWords();
  const [asked, setAsked] = useState("");
  const [page, setPage] = useState(0);
  if (rows.length === 0) return typeof empty === "string" ? <p className="dw-fine">{empty}</p> : empty;
  const isLong = rows.length > PAGE;
  const words = asked.trim().toLocaleLowerCase().split(/\s+/);
  const found = isLong ? rows.filter((row) => isFound(textOf(row), words)) : rows;
  // what was removed may have been the last of its page
  const last = Math.max(0, Math.ceil(found.length / PAGE) - 1);
  const at = Math.min(page, last);
  const shown = found.slice(at * PAGE, (at + 1) * PAGE);
  return (
    <>
      {isLong && (
        <div className="dw-list-head">
          <TextInput
            size="sm"
            className="dw-list-filter"
            aria-label={t("list.filterOf", { list: caption })}
            placeholder={t("list.filter")}
            value={asked}
            onChange={(event) => {
              setAsked(event.currentTarget.value);
              setPage(0);
            }}
          />
          <small role="status">{t("list.found", { found: found.length, count: rows.length })}</small>
        </div>
      )}
      {shown.length === 0 ? (
        <p className="dw-fine">{t("list.nothing", { text: asked.trim() })}</p>
      ) : (
        <DataTable caption={caption} className="dw-list" columns={columns} rows={shown} keyOf={keyOf} />
      )}
      {last > 0 && (
        <nav className="dw-list-pages" aria-label={t("list.pagesOf", { list: caption })}>
          <Button size="compact-sm" variant="default" disabled={at === 0} onClick={() => setPage(at - 1)}>
            {t("list.previous")}
          </Button>
          <small>{t("list.shown", { from: at * PAGE + 1, to: at * PAGE + shown.length, count: found.length })}</small>
          <Button size="compact-sm" variant="default" disabled={at === last} onClick={() => setPage(at + 1)}>
            {t("list.next")}
          </Button>
        </nav>
      )}
    </>
  );
}

function isFound(text: string, words: readonly string[]): boolean {
  const searched = text.toLocaleLowerCase();
  return words.every((word) => searched.includes(word));
}
