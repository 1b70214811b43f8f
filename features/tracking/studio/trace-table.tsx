import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { momentText, useWords } from "@doppelwerk/kit/studio";
import type * as contract from "../contract.ts";
import type { z } from "@doppelwerk/kit";

export type Traced = z.output<typeof contract.trace.answer>;

const PAGE = 100;

/** A row a thing, nearest first, with the link over which it was reached. */
export function TraceTable({
  trace: { things, links, isCut },
  direction,
  onOpen,
}: {
  readonly trace: Traced;
  readonly direction: "from" | "into";
  readonly onOpen: (thing: string) => void;
}): ReactNode {
  const { t, language, zone } = useWords();
  const [shown, setShown] = useState(PAGE);
  const rows = rowsOf({ things, links }, direction);
  if (rows.length === 0)
    return <p className="dw-quiet-text">{t(direction === "from" ? "tracking.madeOfNothing" : "tracking.wentNowhere")}</p>;
  return (
    <>
      <p className="dw-quiet-text" role="status">
        {t(isCut ? "tracking.countCut" : "tracking.count", { count: rows.length })}
      </p>
      <div className="dw-tracking-scroll">
        <table className="dw-table">
          <thead>
            <tr>
              <th>{t("tracking.thing")}</th>
              <th>{t(direction === "from" ? "tracking.in" : "tracking.of")}</th>
              <th>{t("tracking.how")}</th>
              <th>{t("tracking.since")}</th>
              <th>{t("tracking.until")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map(({ thing, other, link, depth }) => (
              <tr key={thing.name}>
                <td style={{ paddingInlineStart: `calc(8px + ${Math.min(depth - 1, 8) * 14}px)` }}>
                  <button type="button" className="dw-tracking-link" title={thing.name} onClick={() => onOpen(thing.name)}>
                    {thing.short}
                  </button>
                </td>
                <td title={other.name}>{other.short}</td>
                <td>{t(`tracking.kind.${link.kind}`)}</td>
                <td>{momentText(link.since, zone, language, false)}</td>
                <td>{link.until === undefined ? "" : momentText(link.until, zone, language, false)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shown && (
        <Button size="compact-sm" variant="default" onClick={() => setShown(shown + PAGE)}>
          {t("tracking.more", { count: Math.min(PAGE, rows.length - shown) })}
        </Button>
      )}
    </>
  );
}

/** In the order in which they were reached; of several links to a thing the one from the nearest. */
function rowsOf({ things, links }: Pick<Traced, "things" | "links">, direction: "from" | "into") {
  const reachedBy = new Map<number, Traced["links"][number]>();
  const nearOf = (link: Traced["links"][number]): number => (direction === "from" ? link.into : link.from);
  for (const link of links) {
    const far = direction === "from" ? link.from : link.into;
    const known = reachedBy.get(far);
    if (known === undefined || things[nearOf(link)]!.depth < things[nearOf(known)]!.depth) reachedBy.set(far, link);
  }
  return things.flatMap((thing, at) => {
    const link = at === 0 ? undefined : reachedBy.get(at);
    return link === undefined ? [] : [{ thing, link, other: things[nearOf(link)]!, depth: thing.depth }];
  });
}
