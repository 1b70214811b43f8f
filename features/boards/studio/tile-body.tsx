import { UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import type { TileTable } from "@doppelwerk/ports";
import { clockText, ErrorCode, inLanguage, LIVE, OriginMark, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { KnownTileKind, ShownTile } from "../contract.ts";
import { TextShape } from "./text-shape.tsx";
import { BarsShape, StatesShape, TableShape, ValueShape } from "./tile-shapes.tsx";
import { TrendShape } from "./trend-shape.tsx";
import { useTile } from "./use-tile.ts";
import type {} from "../message-codes.ts";

/** Without a connection: what is as old is not taken for the present. */
const OLD = 15_000_000;

/** What a tile shows, or why it shows nothing. After a break of the network it keeps what it has and says since when. */
export function TileBody({
  tile,
  kind,
  title,
}: {
  readonly tile: ShownTile;
  readonly kind: KnownTileKind | undefined;
  readonly title: string;
}): ReactNode {
  const { t, language, zone } = useWords();
  const { loaded, isLive, bound } = useTile(tile);
  const studio = useStudio();
  const connection = useStore(studio.state);
  const table = loaded.value;
  if (table === undefined)
    return loaded.kind === "failed" ? (
      <div className="dw-tile-empty" role="alert">
        <span>{loaded.message}</span>
        <ErrorCode code={loaded.code} />
        <UnstyledButton className="dw-text-link" onClick={loaded.reload}>
          {t("frame.retry")}
        </UnstyledButton>
      </div>
    ) : (
      <div className="dw-tile-waiting" role="status" aria-label={t("frame.loading")}>
        <i />
        <i />
      </div>
    );
  const isOld = connection.kind !== "online" && studio.now() - table.at > OLD;
  const isStale = isLive && kind?.shape !== "text" && (loaded.kind === "failed" || isOld);
  return (
    <div className={`dw-tile-body ${isStale ? "is-stale" : ""}`}>
      {isStale && (
        <p className="dw-tile-stale" role="status">
          {t("boards.noDataSince", { clock: clockText(table.at, zone) })}
        </p>
      )}
      {table.isSimulated && (
        <p className="dw-tile-note">
          <OriginMark origin={bound.branch === LIVE ? "simulated" : "simulation"} />
        </p>
      )}
      <Shape table={table} shape={kind?.shape ?? "table"} title={title} />
      {table.note !== undefined && <p className="dw-tile-note">{inLanguage(table.note, language)}</p>}
    </div>
  );
}

function Shape({
  table,
  shape,
  title,
}: {
  readonly table: TileTable;
  readonly shape: KnownTileKind["shape"];
  readonly title: string;
}): ReactNode {
  if (table.rows.length === 0) return null;
  if (shape === "value") return <ValueShape table={table} />;
  if (shape === "trend") return <TrendShape table={table} />;
  if (shape === "states") return <StatesShape table={table} />;
  if (shape === "bars") return <BarsShape table={table} title={title} />;
  if (shape === "text") return <TextShape text={String(table.rows[0]?.["text"] ?? "")} />;
  return <TableShape table={table} title={title} />;
}
