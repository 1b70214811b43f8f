import { useContext, useEffect, useRef, useState } from "react";
import type { RefObject } from "react";
import { ThemeContext, useStudio, useThemeTokens, shownError, type ShownError } from "@doppelwerk/kit/studio";
import type { Studio } from "@doppelwerk/kit/studio";
import type { Viewer } from "@doppelwerk/kit/studio/viewer";

/** The renderer in its host element; `viewer` is missing until its code has arrived, `drawn` turns true with its first finished picture. */
export interface MountedViewer {
  readonly host: RefObject<HTMLDivElement | null>;
  readonly viewer: Viewer | undefined;
  readonly drawn: boolean;
  readonly failure: ShownError | undefined;
}

const loadRoom = () => import("@doppelwerk/kit/studio/viewer");
// asked for beside the page, not after it was drawn
loadRoom().catch(() => {
  // it is asked for again, and what is missing is said, where it is needed
});

/** Loads the renderer, mounts it in `host`, keeps it in the colours of the theme and disposes of it. */
export function useViewer(): MountedViewer {
  const studio = useStudio();
  const host = useRef<HTMLDivElement>(null);
  const [viewer, setViewer] = useState<Viewer | undefined>(undefined);
  const [failure, setFailure] = useState<ShownError | undefined>(undefined);
  const [drawn, setDrawn] = useState(false);
  const themeName = useContext(ThemeContext);
  const tokens = useThemeTokens();
  const look = useRef({ tokens, themeName });
  look.current = { tokens, themeName };

  useEffect(() => {
    let made: Viewer | undefined;
    let gone = false;
    void loadRoom()
      .then((room) => {
        if (gone) return;
        made = new room.Viewer({ theme: room.viewerTheme(look.current.tokens, look.current.themeName) });
        made.mount(host.current!);
        followViewer(studio, made, host.current!);
        // Until then labels would stand over nothing.
        made.onFinished = () => setDrawn(true);
        setViewer(made);
      })
      .catch((error: unknown) => setFailure(shownError(error)));
    return () => {
      gone = true;
      made?.dispose();
      studio.pointer.set(undefined);
    };
  }, [studio]);

  useEffect(() => {
    if (viewer === undefined) return;
    void loadRoom().then((looks) => viewer.setTheme(looks.viewerTheme(tokens, themeName)));
  }, [viewer, tokens, themeName]);

  return { host, viewer, drawn, failure };
}

/** What is picked becomes the subject of the page, what is pointed at is shared with the others in the room. */
function followViewer(studio: Studio, viewer: Viewer, host: HTMLElement): void {
  viewer.onSelect = (hit) => {
    const subject = hit?.stationId ?? hit?.subject;
    studio.address.go(subject === undefined ? { subject: undefined } : { subject, inspector: true });
  };
  viewer.onPointer = (place) => studio.pointer.set(place);
  // What a frame cost, for whoever looks into the page: never the speed of one machine.
  viewer.onView = () => {
    const { drawCalls, triangles } = viewer.statistics();
    Object.assign(host.dataset, { drawCalls, triangles });
  };
}
