import { Card, ThemeContext, useText, useThemeTokens, Problem, shownError, type ShownError } from "@doppelwerk/kit/studio";
import type { Viewer } from "@doppelwerk/kit/studio/viewer";
import { useContext, useEffect, useRef, useState, type ReactNode } from "react";
import type { Batch } from "./calls.ts";
import { tankStage } from "./tank-stage.ts";

/** Tanks in 3D; the viewer is loaded when they are first shown. */
export function Tanks({ batches }: { readonly batches: readonly Batch[] }): ReactNode {
  const text = useText();
  const tokens = useThemeTokens();
  const theme = useContext(ThemeContext);
  const host = useRef<HTMLDivElement>(null);
  const [viewer, setViewer] = useState<Viewer | undefined>(undefined);
  const [failure, setFailure] = useState<ShownError | undefined>(undefined);
  useEffect(() => {
    let made: Viewer | undefined;
    let isGone = false;
    import("@doppelwerk/kit/studio/viewer")
      .then((room) => {
        if (isGone || host.current === null) return;
        made = new room.Viewer({ theme: room.viewerTheme(tokens, theme), pixelRatioLimit: 1.5 });
        made.mount(host.current);
        setViewer(made);
      })
      .catch((error: unknown) => setFailure(shownError(error)));
    return () => {
      isGone = true;
      made?.dispose();
      setViewer(undefined);
    };
  }, [tokens, theme]);
  useEffect(() => viewer?.setStage(tankStage(batches)), [viewer, batches]);
  return (
    <Card title={text("brewery.tanks")}>
      <link rel="stylesheet" precedence="pack" href={new URL("./tanks.css", import.meta.url).href} />
      {failure === undefined ? <div className="brewery-tanks" ref={host} /> : <Problem text={failure.message} code={failure.code} />}
    </Card>
  );
}
