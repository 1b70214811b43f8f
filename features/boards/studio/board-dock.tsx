import { createDockview, type DockviewApi, type IContentRenderer, type ITabRenderer } from "dockview";
import "dockview/dist/styles/dockview.css";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { createPortal } from "react-dom";
import { isSameJson } from "@doppelwerk/kit";
import { useWords } from "@doppelwerk/kit/studio";
import type { TilePlace } from "../model/board-kind.ts";
import { layoutOf, placesOf } from "../model/layout.ts";
import type { GridProps } from "./board-grid.tsx";
import { dockOf, layoutOfDock } from "./dock-layout.ts";
import { TileFrame } from "./tile-frame.tsx";
import { tileTitle } from "./tile-title.ts";
import "./dock.css";

interface DockProps extends GridProps {
  readonly onPlaced: (places: readonly { readonly tile: string; readonly place: TilePlace }[]) => void;
}

/** After the last change of what a person drags. */
const SETTLES_MS = 150;
const HEAD = "head";

/** A board while it is laid out: tiles are dragged by their heads, borders by the pointer. */
export default function BoardDock({ tiles, kinds, acts, isEdited, onPlaced }: DockProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const api = useRef<DockviewApi | undefined>(undefined);
  const [cells, setCells] = useState<ReadonlyMap<string, HTMLElement>>(new Map());
  const latest = useRef({ tiles, onPlaced });
  latest.current = { tiles, onPlaced };
  const isTouched = useRef(false);
  const touch = (): void => void (isTouched.current = true);
  const { language } = useWords();
  useEffect(() => {
    const dock = createDockview(host.current!, {
      createComponent: ({ id }) => cellOf(id, setCells),
      createTabComponent: () => headOf(),
      defaultTabComponent: HEAD,
      disableFloatingGroups: true,
      singleTabMode: "fullwidth",
      theme: { name: "doppelwerk", className: "dw-dock-theme", gap: 8 },
    });
    api.current = dock;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const changed = dock.onDidLayoutChange(() => {
      // what dockview does by itself is nobody's wish
      if (!isTouched.current) return;
      clearTimeout(timer);
      timer = setTimeout(() => report(dock, latest.current), SETTLES_MS);
    });
    return () => {
      clearTimeout(timer);
      changed.dispose();
      api.current = undefined;
      dock.dispose();
    };
  }, []);
  const places = JSON.stringify(tiles.map(({ id, place }) => [id, place]));
  useEffect(() => {
    const [dock, element] = [api.current, host.current];
    if (dock === undefined || element === null) return;
    const size = { width: element.clientWidth, height: element.clientHeight };
    if (isShown(dock, tiles)) return;
    isTouched.current = false;
    dock.fromJSON(dockOf(layoutOf(tiles), size), { reuseExistingPanels: true });
    // what is compared is the places of the tiles
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [places]);
  useEffect(() => {
    for (const tile of tiles) {
      const kind = kinds.get(tile.kind);
      api.current?.getPanel(tile.id)?.setTitle(tileTitle(tile, kind, language));
    }
  }, [tiles, kinds, language]);
  return (
    <div className="dw-dock" ref={host} onPointerDownCapture={touch} onDropCapture={touch}>
      {tiles.map((tile) => {
        const cell = cells.get(tile.id);
        if (cell === undefined) return null;
        return createPortal(<TileFrame tile={tile} kind={kinds.get(tile.kind)} acts={acts} isEdited={isEdited} />, cell, tile.id);
      })}
    </div>
  );
}

function cellOf(
  id: string,
  setCells: (change: (held: ReadonlyMap<string, HTMLElement>) => ReadonlyMap<string, HTMLElement>) => void,
): IContentRenderer {
  const element = document.createElement("div");
  element.className = "dw-dock-cell";
  return {
    element,
    init: () => setCells((held) => new Map(held).set(id, element)),
    dispose: () => setCells((held) => new Map([...held].filter(([own, cell]) => own !== id || cell !== element))),
  };
}

/** What a tile is dragged by. */
function headOf(): ITabRenderer {
  const element = document.createElement("div");
  element.className = "dw-dock-head";
  return {
    element,
    init({ title, api }) {
      element.textContent = title;
      api.onDidTitleChange(({ title: next }) => (element.textContent = next));
    },
  };
}

function moved(dock: DockviewApi, tiles: DockProps["tiles"]) {
  const made = placesOf(layoutOfDock(dock.toJSON()), tiles);
  return tiles.flatMap(({ id, place }) => {
    const next = made.get(id);
    return next === undefined || isSameJson(next, place) ? [] : [{ tile: id, place: next }];
  });
}

function isShown(dock: DockviewApi, tiles: DockProps["tiles"]): boolean {
  return dock.panels.length === tiles.length && tiles.every(({ id }) => dock.getPanel(id) !== undefined) && moved(dock, tiles).length === 0;
}

function report(dock: DockviewApi, { tiles, onPlaced }: Pick<DockProps, "tiles" | "onPlaced">): void {
  const places = moved(dock, tiles);
  if (places.length > 0) onPlaced(places);
}
