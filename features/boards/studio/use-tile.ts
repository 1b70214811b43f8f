import type { TileTable } from "@doppelwerk/ports";
import { LIVE, useLoad, useScope, useStore, useStudio } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { ShownTile } from "../contract.ts";

const EVERY_MS = 5_000;
/** How far the instant of the page may move before it is another one. */
const STEP = 2_000_000;

/** When a tile is, and whether that goes on. */
export interface Bound {
  readonly branch: string;
  /** Absent: live, or of a branch its fork. */
  readonly at?: number;
}

export function useBound({ moment }: Pick<ShownTile, "moment">): Bound {
  const { branch, time } = useScope();
  const shown = useStore(time.shown);
  if (moment.of === "page") return { branch, ...(shown !== undefined && { at: Math.round(shown / STEP) * STEP }) };
  if (moment.of === "branch") return { branch: moment.branch };
  return { branch: LIVE, ...(moment.of === "instant" && { at: moment.at }) };
}

/** The data behind a tile, again and again while it is live. */
export function useTile(tile: Pick<ShownTile, "kind" | "settings" | "moment">) {
  const studio = useStudio();
  const bound = useBound(tile);
  const { kind, settings } = tile;
  const isLive = bound.branch === LIVE && bound.at === undefined;
  const loaded = useLoad<TileTable>(
    {
      key: ["POST /board-tiles", kind, settings, bound],
      run: ({ client }, signal) => {
        // the page may be a moment ahead of the server
        const at = bound.at === undefined ? {} : { at: Math.min(bound.at, studio.now()) };
        return calls.table(client, { params: { kind }, body: { settings, branch: bound.branch, ...at } }, { signal });
      },
    },
    { everyMs: isLive ? EVERY_MS : undefined },
  );
  return { loaded, bound, isLive };
}
