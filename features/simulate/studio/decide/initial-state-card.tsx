import type { ReactNode } from "react";
import type { RunResult } from "@doppelwerk/client";
import { Card, messageText, useWords } from "@doppelwerk/kit/studio";

/** Where the simulated line started from, and how each of that is known. */
export function InitialStateCard({ result }: { readonly result: RunResult }): ReactNode {
  const { t } = useWords();
  if (result.initialState.length === 0) return null;
  return (
    <Card title={t("simulate.decide.initial")} note={t("simulate.decide.initialNote")}>
      <table className="dw-table">
        <tbody>
          {alike(result.initialState).map(({ what, basis, why, reason, count, stations }) => (
            <tr key={`${what} ${basis} ${why}`}>
              <td>{t.or(`simulate.decide.initialWhat.${what}`, what)}</td>
              <td className="is-number">{count}</td>
              <td>
                <span className={`dw-basis is-${basis}`}>{t(`simulate.decide.basis.${basis}`)}</span>{" "}
                <small className="dw-quiet-text">
                  {reason === undefined ? t.or(`simulate.decide.initialWhy.${why.replaceAll(":", ",")}`, why) : messageText(why, reason)}
                </small>
                <small className="dw-stations-of">{stations.join(" ")}</small>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

/** What is known of the start, station by station, drawn together where it is known in the same way. */
function alike(items: RunResult["initialState"]): readonly {
  readonly what: string;
  readonly basis: RunResult["initialState"][number]["basis"];
  readonly why: string;
  /** Absent in results of earlier releases, whose few sentences are looked up. */
  readonly reason?: RunResult["initialState"][number]["reason"];
  readonly count: number;
  readonly stations: readonly string[];
}[] {
  const groups = Map.groupBy(items, ({ item, basis, why }) => `${item.split(" ").at(-1)}|${basis}|${why}`);
  return [...groups.values()].map((group) => {
    const { item, basis, why, reason } = group[0]!;
    return {
      what: item.split(" ").at(-1)!,
      basis,
      why,
      ...(reason && { reason }),
      count: group.reduce((sum, { value }) => sum + Number(value), 0),
      stations: group.flatMap((one) => (one.item.includes(" ") ? [one.item.split(" ")[0]!] : [])),
    };
  });
}
