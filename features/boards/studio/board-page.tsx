import { useMediaQuery } from "@mantine/hooks";
import { lazy, Suspense, useCallback, useEffect, useMemo, useState, type ReactNode } from "react";
import {
  answerOf,
  Empty,
  Failure,
  fileName,
  saveFile,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
  Waiting,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { KnownTileKind, ShownBoard, ShownTile } from "../contract.ts";
import { beside, layoutOf, placesOf, resized, type Split } from "../model/layout.ts";
import { neighbourOf } from "../model/neighbour.ts";
import { BoardGrid } from "./board-grid.tsx";
import { BoardHead } from "./board-head.tsx";
import { BOARD_KINDS } from "./board-list.tsx";
import { BoardSession } from "./board-session.ts";
import { BoardDialogs, type OpenDialog } from "./board-dialogs.tsx";
import { Refusals } from "./refusals.tsx";
import type { TileActs } from "./tile-frame.tsx";
import type {} from "../message-codes.ts";

const BoardDock = lazy(() => import("./board-dock.tsx"));

/** A board to look at and to lay out. */
export function BoardPage({ id }: { readonly id: string }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { branch } = useScope();
  const [revision, setRevision] = useState<number | undefined>(undefined);
  const [isEdited, setEdited] = useState(false);
  const [dialog, setDialog] = useState<OpenDialog | undefined>(undefined);
  const isNarrow = useMediaQuery("(max-width: 700px)") ?? false;
  const session = useMemo(() => new BoardSession(studio, id, branch), [studio, id, branch]);
  useEffect(() => () => session.close(), [session]);
  const loaded = useLoad(answerOf(calls.read, { params: { id }, query: { branch } }, { kinds: BOARD_KINDS }));
  const former = useLoad(revision === undefined ? undefined : answerOf(calls.read, { params: { id }, query: { branch, revision } }));
  useEffect(() => {
    if (loaded.value !== undefined) session.loaded(loaded.value);
  }, [session, loaded.value]);
  const known = useLoad(answerOf(calls.kinds, {}));
  const kinds = useMemo(() => new Map<string, KnownTileKind>((known.value?.kinds ?? []).map((kind) => [kind.id, kind])), [known.value]);
  const state = useStore(session.state);
  const acts = useTileActs(session, branch, setDialog);
  const own = state.board ?? loaded.value;
  const board = revision === undefined ? own : former.value;
  if (board === undefined || own === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  const isLaidOut = isEdited && own.mayEdit && revision === undefined;
  const grid = { tiles: board.tiles, kinds, acts, isEdited: isLaidOut };
  return (
    <div className="dw-page dw-boards">
      <BoardHead
        board={board}
        state={state}
        isEdited={isLaidOut}
        onEdit={setEdited}
        onOpen={setDialog}
        former={revision}
        onNow={() => setRevision(undefined)}
      />
      <Refusals session={session} kinds={kinds} />
      {board.tiles.length === 0 && (
        <Empty
          title={t("boards.noTiles")}
          text={t("boards.noTilesText")}
          {...(own.mayEdit && { action: t("boards.addTile"), onAction: () => setDialog({ kind: "add" }) })}
        />
      )}
      {board.tiles.length > 0 &&
        (isLaidOut && !isNarrow ? (
          <Suspense fallback={<BoardGrid {...grid} />}>
            <BoardDock {...grid} onPlaced={(places) => session.act({ act: "place", places: [...places] })} />
          </Suspense>
        ) : (
          <BoardGrid {...grid} />
        ))}
      <BoardDialogs
        dialog={dialog}
        board={own}
        kinds={kinds}
        session={session}
        branch={branch}
        onLook={setRevision}
        onClose={() => setDialog(undefined)}
        onOpen={setDialog}
      />
    </div>
  );
}

/** What is done to tiles: by the pointer, the menu or the keyboard, the same. */
function useTileActs(session: BoardSession, branch: string, open: (dialog: OpenDialog) => void): TileActs {
  const studio = useStudio();
  const { t, language } = useWords();
  const laidOut = useCallback(
    (change: (root: Split) => Split): void => {
      const board = session.state.get().board;
      if (board === undefined) return;
      const places = changedPlaces(board, change(layoutOf(board.tiles)));
      if (places.length > 0) session.act({ act: "place", places });
    },
    [session],
  );
  return useMemo(
    () => ({
      set: (tile) => open({ kind: "set", tile }),
      remove(tile) {
        session.act({ act: "remove", tile: tile.id });
        const { id, place, ...fields } = tile;
        studio.notify("plain", t("boards.tileRemoved"), undefined, {
          label: t("boards.undo"),
          run: () => session.act({ act: "put", tile: id, fields, place }),
        });
      },
      move: (tile, side) =>
        laidOut((root) => {
          const other = neighbourOf(root, tile.id, side);
          return other === undefined ? root : beside(root, tile.id, side, other);
        }),
      resize: (tile, axis, factor) => laidOut((root) => resized(root, tile.id, axis, factor)),
      csv(tile) {
        const board = session.state.get().board;
        if (board === undefined) return;
        calls
          .file(studio.client, { params: { id: board.id }, query: { branch, format: "csv", language, tile: tile.id } })
          .then((bytes) => saveFile(fileName([board.title, tile.title ?? tile.kind], "csv"), bytes))
          .catch((error: unknown) => studio.notifyFailure(error, t("boards.fileFailed")));
      },
    }),
    [session, studio, branch, language, t, open, laidOut],
  );
}

export function changedPlaces({ tiles }: Pick<ShownBoard, "tiles">, next: Split): { tile: string; place: ShownTile["place"] }[] {
  const places = placesOf(next, tiles);
  return tiles.flatMap(({ id, place }) => {
    const made = places.get(id);
    return made === undefined || JSON.stringify(made) === JSON.stringify(place) ? [] : [{ tile: id, place: made }];
  });
}
