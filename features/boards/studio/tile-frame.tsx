import { ActionIcon, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import type { KeyboardEvent, ReactNode } from "react";
import { clockText, LIVE, momentText, useStore, useStudio, useWords, ViewFence } from "@doppelwerk/kit/studio";
import type { KnownTileKind, ShownTile } from "../contract.ts";
import type { Side } from "../model/layout.ts";
import { TileBody } from "./tile-body.tsx";
import { tileTitle } from "./tile-title.ts";
import { useBound } from "./use-tile.ts";
import type {} from "../message-codes.ts";

/** What can be done to a tile while its board is laid out. */
export interface TileActs {
  set(tile: ShownTile): void;
  remove(tile: ShownTile): void;
  move(tile: ShownTile, side: Side): void;
  resize(tile: ShownTile, axis: "width" | "height", factor: number): void;
  csv(tile: ShownTile): void;
}

const MOVES: Readonly<Record<string, Side>> = { ArrowUp: "above", ArrowDown: "below", ArrowLeft: "left", ArrowRight: "right" };
const SIZES: Readonly<Record<string, readonly ["width" | "height", number]>> = {
  ArrowUp: ["height", 0.87],
  ArrowDown: ["height", 1.15],
  ArrowLeft: ["width", 0.87],
  ArrowRight: ["width", 1.15],
};

/** A tile: its head says what it is and when; a tile that fails does not take its board. */
export function TileFrame({
  tile,
  kind,
  acts,
  isEdited,
}: {
  readonly tile: ShownTile;
  readonly kind: KnownTileKind | undefined;
  readonly acts: TileActs;
  readonly isEdited: boolean;
}): ReactNode {
  const { t, language } = useWords();
  const title = tileTitle(tile, kind, language);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isEdited || event.target !== event.currentTarget) return;
    const [move, size] = [MOVES[event.key], SIZES[event.key]];
    if (event.shiftKey && move !== undefined) acts.move(tile, move);
    else if (event.altKey && size !== undefined) acts.resize(tile, ...size);
    else if (event.key === "Delete") acts.remove(tile);
    else if (event.key === "Enter") acts.set(tile);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <section
      className={`dw-tile ${isEdited ? "is-edited" : ""}`}
      data-tile={tile.id}
      aria-label={title}
      // the keys of a tile are those of its board while it is laid out
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      {...(isEdited && { tabIndex: 0, "aria-description": t("boards.keys") })}
      onKeyDown={onKeyDown}
    >
      <header className="dw-tile-head">
        <h3>{title}</h3>
        <TileMarks tile={tile} />
        <TileMenu tile={tile} title={title} acts={acts} isEdited={isEdited} />
      </header>
      <ViewFence name={title} at={JSON.stringify([tile.kind, tile.settings])} failed={(text) => <p className="dw-tile-empty">{text}</p>}>
        <TileBody tile={tile} kind={kind} title={title} />
      </ViewFence>
    </section>
  );
}

/** Where it is not as the page is: live, its instant, its branch. */
function TileMarks({ tile }: { readonly tile: ShownTile }): ReactNode {
  const { t, language, zone } = useWords();
  const branches = useStore(useStudio().branches);
  const bound = useBound(tile);
  const { of } = tile.moment;
  if (of === "page" && bound.branch === LIVE) return null;
  const branch = branches.find(({ id }) => id === bound.branch);
  return (
    <span className="dw-tile-marks">
      {of === "live" && <span className="dw-tile-mark">{t("boards.live")}</span>}
      {of === "instant" && bound.at !== undefined && (
        <span className="dw-tile-mark" title={clockText(bound.at, zone)}>
          {momentText(bound.at, zone, language, false)}
        </span>
      )}
      {bound.branch !== LIVE && <span className="dw-tile-mark is-branch">{branch?.name ?? t("boards.branchGone")}</span>}
    </span>
  );
}

function TileMenu({
  tile,
  title,
  acts,
  isEdited,
}: {
  readonly tile: ShownTile;
  readonly title: string;
  readonly acts: TileActs;
  readonly isEdited: boolean;
}): ReactNode {
  const { t } = useWords();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon className="dw-tile-menu" size="sm" variant="subtle" color="gray" aria-label={t("boards.tileMenu", { title })}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {isEdited && (
          <>
            <Menu.Item onClick={() => acts.set(tile)}>{t("boards.set")}</Menu.Item>
            <Menu.Divider />
            {(["above", "below", "left", "right"] as const).map((side) => (
              <Menu.Item key={side} onClick={() => acts.move(tile, side)}>
                {t("boards.move", { side })}
              </Menu.Item>
            ))}
            <Menu.Divider />
            <Menu.Item onClick={() => acts.resize(tile, "width", 1.15)}>{t("boards.wider")}</Menu.Item>
            <Menu.Item onClick={() => acts.resize(tile, "width", 0.87)}>{t("boards.narrower")}</Menu.Item>
            <Menu.Item onClick={() => acts.resize(tile, "height", 1.15)}>{t("boards.taller")}</Menu.Item>
            <Menu.Item onClick={() => acts.resize(tile, "height", 0.87)}>{t("boards.lower")}</Menu.Item>
            <Menu.Divider />
            <Menu.Item color="red" onClick={() => acts.remove(tile)}>
              {t("boards.removeTile")}
            </Menu.Item>
            <Menu.Divider />
          </>
        )}
        <Menu.Item onClick={() => acts.csv(tile)}>{t("boards.csvOfTile")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
