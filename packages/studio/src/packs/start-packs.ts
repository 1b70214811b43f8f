import { message, textOf } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { addWords, errorText, shell, view } from "@doppelwerk/ui";
import type { Preferences, Studio, View } from "@doppelwerk/ui";
import { packViews } from "./pack-views.ts";
import { readPackParts, wordsOf, type PackPart } from "./pack-parts.ts";

/** A server that is slow to answer keeps nobody from the product's own views. */
const MAX_WAIT_MS = 4_000;
/** How often an author's files are asked for. */
const FOLLOW_MS = 1_000;
/** The kit is fetched before a view of a pack is opened, but behind everything that is shown first. */
const KIT_WITHIN_MS = 5_000;

/** What packs bring to a window. */
export interface StartedPacks {
  readonly views: readonly View[];
  /** Reports what went wrong, and follows packs that are being written; `replace` gets their views where there are others now. Returns how to stop. */
  follow(studio: Studio, replace: (views: readonly View[]) => void): () => void;
}

/** Reads what packs bring to the world of this window, once. Where one of them is being written they are followed; else views that come later are there after the page was loaded again. */
export async function startPacks({
  world,
  preferences,
  views,
  loadKit,
}: {
  /** Undefined = the default one. */
  readonly world: string | undefined;
  readonly preferences: Preferences;
  /** The product's own. */
  readonly views: readonly View[];
  readonly loadKit: () => Promise<unknown>;
}): Promise<StartedPacks> {
  const faults: (readonly [pack: string, view: string, error: unknown])[] = [];
  let shown: Studio | undefined;
  const report = (...fault: readonly [string, string, unknown]): void => {
    const [pack, id, error] = fault;
    if (shown === undefined) faults.push(fault);
    else shown.notifyFailure(error, textOf(message("frame.packFailed", { pack, id })));
  };
  const { parts, missing } = await partsInTime(world, preferences);
  addWords(wordsOf(parts));
  let made = packViews(parts, views, { loadKit, report });
  return {
    views: missing === undefined ? made.views : [bannerOf(missing, () => readPackParts(world, preferences))],
    follow(studio, replace) {
      shown = studio;
      for (const fault of faults.splice(0)) report(...fault);
      if (made.views.length > 0) whenIdle(loadKit);
      if (!parts.some(({ isChanging }) => isChanging)) return () => undefined;
      let edition = editionsOf(parts);
      const look = async (): Promise<void> => {
        if (document.visibilityState !== "visible") return;
        const next = await readPackParts(world, studio.preferences.get());
        const now = editionsOf(next);
        if (now === edition) return;
        edition = now;
        addWords(wordsOf(next));
        if (made.follow(next)) return;
        made = packViews(next, views, { loadKit, report });
        replace(made.views);
      };
      // a server that is away now is asked again
      const timer = setInterval(() => void look().catch((error: unknown) => console.warn(error)), FOLLOW_MS);
      return () => clearInterval(timer);
    },
  };
}

function whenIdle(load: () => Promise<unknown>): void {
  const fetchIt = (): void => {
    load().catch(() => {
      // the view that needs it asks again, and says what is missing
    });
  };
  // not every browser has it
  if (typeof requestIdleCallback === "function") requestIdleCallback(fetchIt, { timeout: KIT_WITHIN_MS });
  else setTimeout(fetchIt, KIT_WITHIN_MS);
}

function editionsOf(parts: readonly PackPart[]): string {
  return parts.map(({ base }) => base).join(" ");
}

interface ReadParts {
  readonly parts: readonly PackPart[];
  /** Why they are not there. */
  readonly missing?: unknown;
}

async function partsInTime(world: string | undefined, preferences: Preferences): Promise<ReadParts> {
  const late = new Promise<ReadParts>((resolve) =>
    setTimeout(
      // in words once it is shown: those of the studio may not be there yet either
      () =>
        resolve({
          parts: [],
          missing: new DoppelwerkError("DW_UNAVAILABLE", message("frame.packsLate", { seconds: MAX_WAIT_MS / 1_000 })),
        }),
      MAX_WAIT_MS,
    ),
  );
  const read = readPackParts(world, preferences).then(
    (parts): ReadParts => ({ parts }),
    (error: unknown): ReadParts => ({ parts: [], missing: error }),
  );
  return Promise.race([read, late]);
}

/** In place of what packs show, where that could not be read: a server that is away is shown by the frame as long as it is. */
function bannerOf(missing: unknown, read: () => Promise<unknown>): View {
  const load = async () => ({ default: (await import("./packs-banner.tsx")).packsBanner(errorText(missing), read) });
  return view(shell.banner, "packs.missing", { order: 5, load });
}
