import type { ReactNode } from "react";
import type { ChartStop } from "./readings.ts";

/** More rows are thinned out evenly: a table that is read aloud must end. */
const MAX_ROWS = 60;

/** The values of a chart as a table for screen readers. */
export function ChartTable({
  label,
  first,
  stops,
}: {
  readonly label: string;
  /** Over the first column. */
  readonly first: string;
  readonly stops: readonly ChartStop[];
}): ReactNode {
  const names = [...new Set(stops.flatMap(({ rows }) => rows.map(({ name }) => name)))];
  const every = Math.ceil(stops.length / MAX_ROWS);
  return (
    <div className="dw-visually-hidden">
      <table>
        <caption>{label}</caption>
        <thead>
          <tr>
            <th scope="col">{first}</th>
            {names.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {stops
            .filter((_, index) => index % every === 0)
            .map(({ title, rows }, index) => (
              <tr key={index}>
                <th scope="row">{title}</th>
                {names.map((name) => (
                  <td key={name}>{rows.find((row) => row.name === name)?.text}</td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
