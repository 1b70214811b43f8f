import { useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import { useWords } from "../session/context.tsx";
import type { Loaded } from "../session/use-load.ts";
import { Failure } from "./card.tsx";
import { ScrollRegion } from "./scroll-region.tsx";
import { sortedRows, turnedOrder, type Order, type SortValue } from "./table-order.ts";

/** One column of a table; on a phone its title stands before each value. */
export interface Column<Row> {
  readonly title: string;
  /** Instead of the title: with a unit, or an action. */
  readonly head?: ReactNode;
  /** Shown while the pointer rests on the title. */
  readonly headHint?: string;
  readonly cell: (row: Row) => ReactNode;
  /** Right-aligned, with its title where all are. */
  readonly isNumber?: boolean | ((row: Row) => boolean);
  readonly className?: string | ((row: Row) => string | undefined);
  /** Shown while the pointer rests on the cell. */
  readonly hint?: (row: Row) => string | undefined;
  /** What rows are sorted by: the title becomes a button. Rows without a value come last. */
  readonly sortBy?: (row: Row) => SortValue;
  /** The direction of the first press where the largest is what one looks for; else ascending. */
  readonly sortsFirst?: Order["direction"];
}

export interface DataTableProps<Row> {
  /** Names the table for screen readers. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly rowClass?: (row: Row) => string | undefined;
  readonly rowHint?: (row: Row) => string | undefined;
  readonly className?: string;
  /** Dense rows below heads that stay, in a box that scrolls; else on a phone each row becomes a block. */
  readonly isDense?: boolean;
  /** Of the box of a dense table, in pixels. */
  readonly maxHeight?: number;
  /** How the rows were loaded: without rows it says that they are on their way, or why not. */
  readonly loaded?: Loaded<unknown> & { readonly reload: () => void };
  /** Shown without rows. */
  readonly empty?: ReactNode;
  readonly isChosen?: (row: Row) => boolean;
  /** Called when a row is clicked, or Enter is pressed on it. */
  readonly onChoose?: (row: Row) => void;
}

/** Rows of records, one column a fact. Columns without a title hold what can be done with a row. */
export function DataTable<Row>(props: DataTableProps<Row>): ReactNode {
  const { caption, columns, rows, className = "", isDense = false, maxHeight, loaded, empty } = props;
  const [order, setOrder] = useState<Order | undefined>(undefined);
  if (rows.length === 0 && loaded !== undefined && loaded.kind !== "ready") return <NoRowsYet loaded={loaded} />;
  if (rows.length === 0 && empty !== undefined) return typeof empty === "string" ? <p className="dw-quiet">{empty}</p> : empty;
  const sorted = sortedRows(rows, order, order === undefined ? undefined : columns[order.column]?.sortBy);
  const table = (
    <table className={`${isDense ? "dw-table" : "dw-written"} ${className}`} aria-label={caption}>
      <thead>
        <tr>
          {columns.map((column, at) => (
            <Head key={at} column={column} at={at} order={order} onOrder={setOrder} />
          ))}
        </tr>
      </thead>
      <tbody>
        {sorted.map((row) => (
          <Row key={props.keyOf(row)} row={row} table={props} />
        ))}
      </tbody>
    </table>
  );
  if (!isDense) return table;
  return (
    <ScrollRegion label={caption} style={{ maxHeight }}>
      {table}
    </ScrollRegion>
  );
}

/** The outline of the rows that are loaded, or why they cannot be. */
function NoRowsYet({ loaded }: { readonly loaded: Loaded<unknown> & { readonly reload: () => void } }): ReactNode {
  const { t } = useWords();
  if (loaded.kind === "failed") return <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />;
  return (
    <div className="dw-rows-outline" role="status" aria-label={t("frame.loading")}>
      <i />
      <i />
      <i />
    </div>
  );
}

function Head<Row>({
  column: { title, head, headHint, isNumber, className, sortBy, sortsFirst },
  at,
  order,
  onOrder,
}: {
  readonly column: Column<Row>;
  readonly at: number;
  readonly order: Order | undefined;
  readonly onOrder: (order: Order | undefined) => void;
}): ReactNode {
  const direction = order?.column === at ? order.direction : undefined;
  const names = [isNumber === true ? "is-number" : "", typeof className === "string" ? className : ""].filter((name) => name !== "");
  return (
    <th
      scope="col"
      className={names.length === 0 ? undefined : names.join(" ")}
      title={headHint}
      aria-sort={sortBy === undefined ? undefined : (direction ?? "none")}
    >
      {sortBy === undefined ? (
        (head ?? title)
      ) : (
        <button type="button" className="dw-sort" onClick={() => onOrder(turnedOrder(order, at, sortsFirst))}>
          {head ?? title}
          <i aria-hidden>{direction === "ascending" ? "▲" : direction === "descending" ? "▼" : ""}</i>
        </button>
      )}
    </th>
  );
}

function Row<Row>({
  row,
  table: { columns, rowClass, rowHint, isChosen, onChoose },
}: {
  readonly row: Row;
  readonly table: DataTableProps<Row>;
}): ReactNode {
  const chosen = isChosen?.(row) === true;
  const names = [rowClass?.(row) ?? "", onChoose === undefined ? "" : "is-link", chosen ? "is-selected" : ""].filter((name) => name !== "");
  const choice =
    onChoose === undefined
      ? {}
      : {
          tabIndex: 0,
          onClick: () => onChoose(row),
          onKeyDown: (event: KeyboardEvent) => {
            if (event.key === "Enter" && event.target === event.currentTarget) onChoose(row);
          },
        };
  return (
    <tr
      className={names.length === 0 ? undefined : names.join(" ")}
      title={rowHint?.(row)}
      aria-current={chosen ? true : undefined}
      {...choice}
    >
      {columns.map((column, at) => (
        <Cell key={at} column={column} row={row} />
      ))}
    </tr>
  );
}

function Cell<Row>({ column, row }: { readonly column: Column<Row>; readonly row: Row }): ReactNode {
  const { title, isNumber, className, hint } = column;
  const number = typeof isNumber === "function" ? isNumber(row) : isNumber === true;
  const own = [
    number ? "is-number" : "",
    title === "" ? "dw-row-actions" : "",
    (typeof className === "function" ? className(row) : className) ?? "",
  ]
    .filter((name) => name !== "")
    .join(" ");
  return (
    <td data-label={title === "" ? undefined : title} className={own === "" ? undefined : own} title={hint?.(row)}>
      {column.cell(row)}
    </td>
  );
}
