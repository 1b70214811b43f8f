import { useEffect, useState, type ReactNode } from "react";
import {
  AddressLink,
  answerOf,
  clockText,
  Failure,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
  Waiting,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { KnownTileKind } from "../contract.ts";
import { BoardGrid } from "./board-grid.tsx";
import { BOARD_KINDS } from "./board-list.tsx";
import type { TileActs } from "./tile-frame.tsx";
import type {} from "../message-codes.ts";

const NOTHING: TileActs = {
  set: () => undefined,
  remove: () => undefined,
  move: () => undefined,
  resize: () => undefined,
  csv: () => undefined,
};

/** Boards in turns on a screen that nobody stands at: without the frame, larger, and after any break by itself again. */
export function BoardWall({ ids }: { readonly ids: readonly string[] }): ReactNode {
  const { branch } = useScope();
  const [turn, setTurn] = useState(0);
  const id = ids[turn % Math.max(1, ids.length)] ?? "";
  const loaded = useLoad(answerOf(calls.read, { params: { id }, query: { branch } }, { kinds: BOARD_KINDS }), { everyMs: 60_000 });
  const known = useLoad(answerOf(calls.kinds, {}));
  const wallS = loaded.value?.wallS ?? 10;
  useEffect(() => {
    if (ids.length < 2) return undefined;
    const timer = setTimeout(() => setTurn((now) => now + 1), wallS * 1_000);
    return () => clearTimeout(timer);
  }, [turn, wallS, ids.length]);
  const kinds = new Map<string, KnownTileKind>((known.value?.kinds ?? []).map((kind) => [kind.id, kind]));
  const board = loaded.value;
  return (
    <div className="dw-board-wall">
      <WallHead title={board?.title ?? ""} id={id} />
      {board !== undefined ? (
        <BoardGrid tiles={board.tiles} kinds={kinds} acts={NOTHING} isEdited={false} />
      ) : loaded.kind === "failed" ? (
        <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />
      ) : (
        <Waiting />
      )}
    </div>
  );
}

/** The clock of the server, or since when there is no data: nobody takes an old number for the present. */
function WallHead({ title, id }: { readonly title: string; readonly id: string }): ReactNode {
  const studio = useStudio();
  const { t, zone } = useWords();
  const state = useStore(studio.state);
  const shown = useStore(studio.time.shown);
  const [now, setNow] = useState(() => studio.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(studio.now()), 1_000);
    return () => clearInterval(timer);
  }, [studio]);
  return (
    <header className="dw-board-wall-head">
      <h2>{title}</h2>
      <AddressLink to={{ detail: id }} className="dw-board-wall-leave">
        {t("boards.leaveWall")}
      </AddressLink>
      <span className="dw-grow" />
      {state.kind === "offline" ? (
        <span className="dw-board-wall-lost" role="alert">
          {t("boards.noDataSince", { clock: clockText(state.since, zone) })}
        </span>
      ) : (
        <span>{clockText(shown ?? now, zone)}</span>
      )}
    </header>
  );
}
