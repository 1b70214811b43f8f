import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useRef, useState } from "react";
import type { ReactNode } from "react";
import { ScrollRegion, clockText, momentText, useWords } from "@doppelwerk/kit/studio";
import { HOUR } from "@doppelwerk/world";
import type { Grouping } from "../alarm-choice.ts";
import { groupedRows, withReturnedHead, type TableRow } from "./grouped.ts";
import type { ListedOccurrence, Sort, SortColumn } from "./listed.ts";
import { FoldRow, OccurrenceRow } from "./occurrence-row.tsx";
import type { BarSpan } from "./time-bar.tsx";
import { useShownRows } from "./use-shown-rows.ts";
import { useSetAside } from "../shelving.tsx";
import { useSteady } from "./use-steady.ts";
import "./occurrences.css";

interface OccurrenceTableProps {
  readonly list: readonly ListedOccurrence[];
  /** Undefined: in order of urgency. */
  readonly sort: Sort | undefined;
  readonly onSort: (sort: Sort) => void;
  /** What the time bars span. */
  readonly span: BarSpan;
  /** Another one is another list: its rows show at once. */
  readonly choice: string;
  /** Whether people may act on what is active. */
  readonly canAct: boolean;
  readonly label: string;
  /** All of them are shelved, suppressed or out of service: it says by whom, until when and why in place of who acknowledged them. */
  readonly isAside: boolean;
  /** Those that returned before anybody acknowledged them stand below a heading of their own. */
  readonly isGrouped: boolean;
  /** What is folded under the first of it; in another order than of time or urgency nothing is. */
  readonly grouping: Grouping;
  readonly onOpen: (row: ListedOccurrence) => void;
}

/** Pixels of a row, also of one with a text of two lines; on a phone of one with three. */
const ROW = 41;
const NARROW_ROW = 104;
const NARROW = "(max-width: 700px)";

/** One row an occurrence; only those in sight have elements. Rows stay in place while they are pointed at. */
export function OccurrenceTable({
  list,
  sort,
  onSort,
  span,
  choice,
  canAct,
  label,
  isGrouped,
  grouping,
  isAside,
  onOpen,
}: OccurrenceTableProps): ReactNode {
  const { t } = useWords();
  const scroller = useRef<HTMLDivElement>(null);
  const [isHeld, setHeld] = useState(false);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const steady = useSteady(list, isHeld, choice, useSetAside());
  const folded = groupedRows(steady.rows, open, sort === undefined || sort.by === "raised" ? grouping : "none");
  const rows = isGrouped && sort === undefined ? withReturnedHead(folded, steady.laidOut) : folded;
  const height = globalThis.matchMedia?.(NARROW).matches ? NARROW_ROW : ROW;
  const { first, end } = useShownRows(scroller, rows.length, height);
  const toggle = (key: string): void => setOpen(new Set(open.has(key) ? [...open].filter((each) => each !== key) : [...open, key]));
  return (
    <div className="dw-occurrences">
      {steady.waiting.length > 0 && (
        <button type="button" className="dw-occurrences-new" onClick={steady.release}>
          {t("alarms.new", { count: steady.waiting.length })}
        </button>
      )}
      <ScrollRegion scroller={scroller} className="dw-occurrences-scroll" label={label}>
        <table
          className={`dw-table dw-occurrence-table ${isAside ? "is-of-aside" : ""} ${list.some(({ alarm }) => alarm !== undefined) && canAct ? "" : "is-read-only"}`}
          aria-label={label}
          aria-rowcount={rows.length + 1}
        >
          <Heads sort={sort} onSort={onSort} span={span} isAside={isAside} />
          <tbody
            onPointerEnter={({ pointerType }) => pointerType !== "touch" && setHeld(true)}
            onPointerLeave={() => setHeld(false)}
            onFocus={() => setHeld(true)}
            onBlur={() => setHeld(false)}
          >
            {first > 0 && <Spacer height={first * height} />}
            {rows.slice(first, end).map((row, at) => (
              <Line key={keyOf(row)} row={row} index={first + at + 2} {...{ span, canAct, onOpen, toggle }} />
            ))}
            {end < rows.length && <Spacer height={(rows.length - end) * height} />}
          </tbody>
        </table>
      </ScrollRegion>
    </div>
  );
}

function keyOf(row: TableRow): string {
  if (row.kind === "returned") return row.kind;
  return row.kind === "fold" ? `fold ${row.under}` : row.occurrence.key;
}

function Spacer({ height }: { readonly height: number }): ReactNode {
  return (
    <tr aria-hidden className="dw-occurrence-spacer">
      <td colSpan={8} style={{ height }} />
    </tr>
  );
}

function Line({
  row,
  toggle,
  ...rest
}: {
  readonly row: TableRow;
  /** Of the row in the whole table, from 1. */
  readonly index: number;
  readonly span: BarSpan;
  readonly canAct: boolean;
  readonly onOpen: (row: ListedOccurrence) => void;
  readonly toggle: (key: string) => void;
}): ReactNode {
  const { t } = useWords();
  if (row.kind === "returned")
    return (
      <tr className="dw-occurrence dw-occurrence-group" aria-rowindex={rest.index}>
        <td colSpan={8}>{t("alarms.list.returned")}</td>
      </tr>
    );
  return row.kind === "fold" ? (
    <FoldRow row={row} index={rest.index} onToggle={() => toggle(row.under)} />
  ) : (
    <OccurrenceRow row={row.occurrence} isFirstOut={row.isFirstOut} isUnder={row.isUnder} {...rest} />
  );
}

const SORTED: readonly { readonly by: SortColumn; readonly className: string }[] = [
  { by: "priority", className: "is-priority" },
  { by: "raised", className: "is-raised" },
  { by: "place", className: "is-place" },
  { by: "title", className: "is-title" },
];
const SORTED_BEHIND: typeof SORTED = [
  { by: "duration", className: "is-duration is-number" },
  { by: "acknowledged", className: "is-acknowledged" },
];

function Heads({ sort, onSort, span, isAside }: Pick<OccurrenceTableProps, "sort" | "onSort" | "span" | "isAside">): ReactNode {
  const { t } = useWords();
  const head = ({ by, className }: (typeof SORTED)[number]): ReactNode => (
    <th key={by} scope="col" className={className} aria-sort={sort?.by !== by ? "none" : sort.descending ? "descending" : "ascending"}>
      <button
        type="button"
        className="dw-occurrence-sort"
        title={by === "duration" ? t("alarms.durationHint") : undefined}
        onClick={() => onSort({ by, descending: sort?.by === by ? !sort.descending : by === "raised" || by === "duration" })}
      >
        {t(by === "acknowledged" && isAside ? "alarms.column.aside" : `alarms.column.${by}`)}
        {sort?.by === by && (sort.descending ? <IconArrowDown size={12} /> : <IconArrowUp size={12} />)}
      </button>
    </th>
  );
  return (
    <thead>
      <tr>
        {SORTED.map(head)}
        <th scope="col" className="is-time">
          <BarAxis span={span} />
        </th>
        {SORTED_BEHIND.map(head)}
        <th scope="col" className="is-acts" aria-label={t("alarms.actions")} />
      </tr>
    </thead>
  );
}

/** The span of the bars: its begin, and now or its end. */
function BarAxis({ span: { from, to, isNow } }: { readonly span: BarSpan }): ReactNode {
  const { t, language, zone } = useWords();
  const text = (instant: number): string =>
    to - from > 30 * HOUR ? momentText(instant, zone, language, false).replace(/,? \d\d:\d\d$/, "") : clockText(instant, zone, false);
  return (
    <span className="dw-time-axis">
      <span>{text(from)}</span>
      <span>{isNow ? t("alarms.now") : text(to)}</span>
    </span>
  );
}
