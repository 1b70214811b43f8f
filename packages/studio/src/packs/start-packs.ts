import { message, textOf } from "@doppelwerk/messages";
import { addWords, errorText } from "@doppelwerk/ui";
import type { Preferences, Studio, View } from "@doppelwerk/ui";
import { packViews } from "./pack-views.ts";
import { readPackParts, wordsOf, type PackPart } from "./pack-parts.ts";

/** A server that is slow to answer keeps nobody from the product's own views. */
const MAX_WAIT_MS = 4_000;
/** How often an author's files are asked for. */
const FOLLOW_MS = 1_000;

/** What packs bring to a window. */
export interface StartedPacks {
  readonly views: readonly View[];
  /** Reports what went wrong, and follows packs that are being written; returns how to stop. */
  follow(studio: Studio): () => void;
}

/** Reads what packs bring to the world of this window, once: views that come later are there after the page was loaded again. */
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
    else shown.notify("trouble", textOf(message("frame.packFailed", { pack, id })), errorText(error));
  };
  const parts = await partsInTime(world, preferences);
  addWords(wordsOf(parts));
  const made = packViews(parts, views, { loadKit, report });
  return {
    views: made.views,
    follow(studio) {
      shown = studio;
      for (const fault of faults.splice(0)) report(...fault);
      if (!parts.some(({ isChanging }) => isChanging)) return () => undefined;
      let edition = editionsOf(parts);
      const look = async (): Promise<void> => {
        if (document.visibilityState !== "visible") return;
        const next = await readPackParts(world, studio.preferences.get());
        const now = editionsOf(next);
        if (now === edition) return;
        edition = now;
        addWords(wordsOf(next));
        made.follow(next);
      };
      // a server that is away now is asked again
      const timer = setInterval(() => void look().catch((error: unknown) => console.warn(error)), FOLLOW_MS);
      return () => clearInterval(timer);
    },
  };
}

function editionsOf(parts: readonly PackPart[]): string {
  return parts.map(({ base }) => base).join(" ");
}

async function partsInTime(world: string | undefined, preferences: Preferences): Promise<readonly PackPart[]> {
  const late = new Promise<readonly PackPart[]>((resolve) => setTimeout(() => resolve([]), MAX_WAIT_MS));
  // a server that is not there is shown by the frame
  return Promise.race([readPackParts(world, preferences).catch(() => []), late]);
}
