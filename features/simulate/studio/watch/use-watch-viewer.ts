import { useContext, useEffect, useRef, useState } from "react";
import type { RefObject } from "react";
import { ThemeContext, useStudio, useThemeTokens, shownError, type ShownError } from "@doppelwerk/kit/studio";
import type { Viewer } from "@doppelwerk/kit/studio/viewer";

/** Loads the renderer, mounts it in `host` and disposes of it; whoever watches is given it, and `undefined` when it is gone. */
export function useWatchViewer(onViewer: (viewer: Viewer | undefined) => void): {
  readonly host: RefObject<HTMLDivElement | null>;
  readonly viewer: Viewer | undefined;
  readonly failure: ShownError | undefined;
} {
  const studio = useStudio();
  const tokens = useThemeTokens();
  const themeName = useContext(ThemeContext);
  const host = useRef<HTMLDivElement>(null);
  const [viewer, setViewer] = useState<Viewer | undefined>(undefined);
  const [failure, setFailure] = useState<ShownError | undefined>(undefined);
  const latest = useRef({ tokens, themeName, onViewer });
  latest.current = { tokens, themeName, onViewer };
  useEffect(() => {
    let made: Viewer | undefined;
    let gone = false;
    void import("@doppelwerk/kit/studio/viewer")
      .then((room) => {
        if (gone) return;
        made = new room.Viewer({ theme: room.viewerTheme(latest.current.tokens, latest.current.themeName), pixelRatioLimit: 1.5 });
        made.mount(host.current!);
        made.onSelect = (hit) => studio.address.go({ subject: hit?.stationId ?? hit?.subject });
        setViewer(made);
        latest.current.onViewer(made);
      })
      .catch((error: unknown) => setFailure(shownError(error)));
    return () => {
      gone = true;
      latest.current.onViewer(undefined);
      made?.dispose();
    };
  }, [studio]);
  useEffect(() => {
    if (viewer === undefined) return;
    void import("@doppelwerk/kit/studio/viewer").then((looks) => viewer.setTheme(looks.viewerTheme(tokens, themeName)));
  }, [viewer, tokens, themeName]);
  return { host, viewer, failure };
}
