import { Suspense } from "react";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import { Empty, Failure, ViewOutlet, Waiting, shell, useScope, useStore, useStudio, useWords } from "@doppelwerk/ui";
import "./board.css";

/** The board of the place in the detail of its address, else of the line that it names, else what the places of the world make of it. */
export default function Board(): ReactNode {
  const studio = useStudio();
  const { detail, line } = useStore(studio.address.store);
  const [placeBoard] = studio.views.of(shell.placeBoard);
  if (placeBoard === undefined || (detail === undefined && line !== undefined)) return <LineBoard />;
  if (detail === undefined)
    return <ViewOutlet key="whole" view={placeBoard} waiting={<Waiting />} props={{ place: undefined, children: <LineBoard /> }} />;
  return <ViewOutlet key={placeBoard.id} view={placeBoard} at={detail} waiting={<Waiting />} props={{ place: detail }} />;
}

/** The control room: is the shift on its way, where does the time go, what is wrong. */
function LineBoard(): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const line = useStore(studio.line);
  const snapshot = useStore(studio.snapshot);
  const world = useStore(studio.world);
  const failure = useStore(studio.loadFailure);
  if (world !== undefined && !world.line && branch === LIVE) {
    const hasValues = !world.empty && studio.views.of(shell.home).length > 0;
    return (
      <>
        <Empty
          title={t("world.emptyTitle")}
          text={t(hasValues ? "board.noLineText" : "world.emptyText")}
          action={t(hasValues ? "board.noLineGo" : "view.connect")}
          onAction={() => studio.address.go({ view: hasValues ? "world" : "connect" })}
        />
        <TilesOfAnyWorld />
      </>
    );
  }
  if (line === undefined || snapshot === undefined)
    return failure === undefined ? <Waiting /> : <Failure {...failure} onRetry={() => studio.commits.update((count) => count + 1)} />;
  return (
    <div className="dw-page dw-board">
      <Suspense fallback={null}>
        {studio.views.of(shell.tile).map((tile) => (
          <ViewOutlet key={tile.id} view={tile} waiting={undefined} props={{}} />
        ))}
      </Suspense>
    </div>
  );
}

/** Cards that need no line. */
function TilesOfAnyWorld(): ReactNode {
  const tiles = useStudio()
    .views.of(shell.tile)
    .filter(({ data }) => data.anywhere === true);
  if (tiles.length === 0) return null;
  return (
    <div className="dw-page dw-board-anywhere">
      <Suspense fallback={null}>
        {tiles.map((tile) => (
          <ViewOutlet key={tile.id} view={tile} waiting={undefined} props={{}} />
        ))}
      </Suspense>
    </div>
  );
}
