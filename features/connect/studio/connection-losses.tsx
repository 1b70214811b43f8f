import type { ReactNode } from "react";
import type { ConnectionDetail } from "@doppelwerk/client";
import { Card, DataTable, messageText, momentText, useWords, type Column } from "@doppelwerk/kit/studio";

type ClockOffset = ConnectionDetail["clockOffsets"][number];
/** The offsets of one source, newest first; at least one. */
type SourceOffsets = readonly [source: string, offsets: readonly ClockOffset[]];

const MAX_EARLIER = 5;

/** What was dropped and why, and how far the clocks of the sources are off. */
export function ConnectionLosses({ detail }: { readonly detail: ConnectionDetail }): ReactNode {
  const { t } = useWords();
  const sources = [...Map.groupBy(detail.clockOffsets, ({ source }) => source)];
  return (
    <Card title={t("connect.connection.lossesTitle")} note={t("connect.connection.lossesNote")}>
      {detail.drops.length === 0 ? (
        <p className="dw-quiet">{t("connect.connection.nothingLost")}</p>
      ) : (
        <ul className="dw-findings">
          {detail.drops.map(({ why, told, count }) => (
            <li key={why}>
              <b>{count}</b> {messageText(why, told)}
            </li>
          ))}
        </ul>
      )}
      <h3 className="dw-small-title">{t("connect.connection.clocks")}</h3>
      {sources.length === 0 ? (
        <p className="dw-quiet">{t("connect.connection.clocksRight")}</p>
      ) : (
        <>
          <ClockOffsets sources={sources} />
          <p className="dw-quiet">{t("connect.connection.rawTimes")}</p>
        </>
      )}
    </Card>
  );
}

function ClockOffsets({ sources }: { readonly sources: readonly SourceOffsets[] }): ReactNode {
  const { t, language, zone } = useWords();
  const columns: readonly Column<SourceOffsets>[] = [
    { title: t("connect.connection.source"), cell: ([source]) => source },
    {
      title: t("connect.connection.offset"),
      isNumber: true,
      cell: ([, [last]]) => `${last!.offsetS > 0 ? "+" : ""}${offsetText(last!)}`,
    },
    { title: t("connect.connection.since"), cell: ([, [last]]) => momentText(last!.at, zone, language) },
    {
      title: t("connect.connection.before"),
      cell: ([, offsets]) =>
        offsets.slice(1, 1 + MAX_EARLIER).map((offset) => (
          <small key={offset.at}>
            {offsetText(offset)} · {momentText(offset.at, zone, language)}
          </small>
        )),
    },
  ];
  return <DataTable caption={t("connect.connection.clocks")} columns={columns} rows={sources} keyOf={([source]) => source} />;
}

function offsetText({ offsetS }: ClockOffset): string {
  return `${offsetS.toFixed(1)}\u202fs`;
}
