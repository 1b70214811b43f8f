import type { ReactNode } from "react";
import { Button, Empty, Failure, ViewOutlet, shell, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { OWN_KEYS } from "./own-keys.ts";
import { useScene } from "./use-scene.ts";
import { useViewer } from "./use-viewer.ts";
import { ViewerToolbar } from "./viewer-toolbar.tsx";
import { WalkHint } from "./walk-hint.tsx";
import "./world-view.css";

/** The plant in 3D at the instant shown, on the branch entered; the renderer is loaded beside it. */
export default function WorldView(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const world = useStore(studio.world);
  const line = useStore(studio.line);
  const { host, viewer, drawn, failure } = useViewer();
  useScene(viewer);
  const unread = useStore(studio.loadFailure);
  // a world without a line has nothing to wait for
  const isAwaited = line !== undefined || (unread === undefined && world?.line !== false);
  // the hall of the line before is not that of the line chosen
  const isShown = drawn && (line !== undefined || !isAwaited);
  const home = world?.line === false && !world.empty ? studio.views.of(shell.home)[0] : undefined;

  return (
    <div className="dw-world">
      <div
        ref={host}
        className={`dw-world-host dw-fades ${isShown ? "" : drawn ? "is-of-other-line" : "is-setting-up"}`}
        data-keys={OWN_KEYS}
      />
      {viewer !== undefined && home === undefined && <ViewerToolbar viewer={viewer} />}
      {viewer !== undefined && <WalkHint viewer={viewer} host={host} />}
      <div className="line-overlays">
        {studio.views.of(shell.overlay).map((overlay) => (
          <ViewOutlet
            key={overlay.id}
            view={overlay}
            props={{ viewer }}
            failed={(text, retry) => <FailedOverlay text={text} onRetry={retry} />}
          />
        ))}
      </div>
      {failure !== undefined && <Failure {...failure} />}
      {failure === undefined && unread !== undefined && line === undefined && (
        <Failure {...unread} onRetry={() => studio.commits.update((count) => count + 1)} />
      )}
      {world?.empty === true && (
        <Empty
          title={t("world.emptyTitle")}
          text={t("world.emptyText")}
          action={t("view.connect")}
          onAction={() => studio.address.go({ view: "connect" })}
        />
      )}
      {home !== undefined && <ViewOutlet view={home} />}
      {!isShown && (viewer === undefined || isAwaited) && failure === undefined && world?.empty !== true && (
        <span className="dw-world-wait">{t("line.world.loading")}</span>
      )}
    </div>
  );
}

/** In a corner: what is wrong with a part over the world hides nothing of it. */
function FailedOverlay({ text, onRetry }: { readonly text: string; readonly onRetry: () => void }): ReactNode {
  const { t } = useWords();
  return (
    <div className="line-overlay-failure" role="alert">
      <span>{text}</span>
      <Button size="compact-xs" variant="default" onClick={onRetry}>
        {t("frame.retry")}
      </Button>
    </div>
  );
}
