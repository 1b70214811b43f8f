import type { ReactNode } from "react";

/** One column of a table; on a phone its title stands before each value. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Right-aligned, with its title where all are. */
  readonly isNumber?: boolean | ((row: Row) => boolean);
  readonly className?: (row: Row) => string | undefined;
  /** Shown while the pointer rests on the cell. */
  readonly hint?: (row: Row) => string | undefined;
}

/** Rows of records, one column a fact; on a phone each row becomes a block. Columns without a title hold what can be done with a row. */
export function DataTable<Row>({
  columns,
  rows,
  keyOf,
  rowClass,
  className = "",
}: {
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly rowClass?: (row: Row) => string | undefined;
  readonly className?: string;
}): ReactNode {
  return (
    <table className={`dw-written ${className}`}>
      <thead>
        <tr>
          {columns.map(({ title, isNumber }, at) => (
            <th key={at} className={isNumber === true ? "is-number" : undefined}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)} className={rowClass?.(row)}>
            {columns.map((column, at) => (
              <Cell key={at} column={column} row={row} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell<Row>({ column, row }: { readonly column: Column<Row>; readonly row: Row }): ReactNode {
  const { title, isNumber, className, hint } = column;
  const number = typeof isNumber === "function" ? isNumber(row) : isNumber === true;
  const own = [number ? "is-number" : "", title === "" ? "dw-row-actions" : "", className?.(row) ?? ""]
    .filter((name) => name !== "")
    .join(" ");
  return (
    <td data-label={title === "" ? undefined : title} className={own === "" ? undefined : own} title={hint?.(row)}>
      {column.cell(row)}
    </td>
  );
}
