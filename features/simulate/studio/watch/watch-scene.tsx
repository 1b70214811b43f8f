import { useEffect } from "react";
import type { ReactNode } from "react";
import type { diffStages, Stage } from "@doppelwerk/scene";
import { Failure, useScope, useThemeTokens } from "@doppelwerk/kit/studio";
import type { BranchHue } from "@doppelwerk/kit/studio";
import type { Viewer } from "@doppelwerk/kit/studio/viewer";
import { useFrames, type FrameSource } from "./use-frames.ts";
import { useWatchViewer } from "./use-watch-viewer.ts";

interface WatchSceneProps extends FrameSource {
  /** What differs from another line, drawn as ghosts in the hue. */
  readonly ghosts?: ReturnType<typeof diffStages> | undefined;
  readonly hue?: BranchHue;
  readonly onViewer: (viewer: Viewer | undefined) => void;
}

/** A line in 3D that follows a clock. */
export function WatchScene({ ghosts, hue, onViewer, ...source }: WatchSceneProps): ReactNode {
  const { subject } = useScope();
  const tokens = useThemeTokens();
  const { host, viewer, failure } = useWatchViewer(onViewer);
  const { line } = source;
  useEffect(() => {
    if (viewer === undefined || line === undefined) return;
    viewer.setStage(line.stage as Stage);
  }, [viewer, line]);
  useEffect(() => {
    if (viewer === undefined || ghosts === undefined || hue === undefined) return;
    viewer.setGhosts(ghosts, tokens[hue]);
  }, [viewer, ghosts, hue, tokens]);
  useEffect(() => viewer?.setSelection(subject), [viewer, subject]);
  useFrames(viewer, source);
  return (
    <>
      <div ref={host} className="dw-watch-host" />
      {failure !== undefined && <Failure {...failure} />}
    </>
  );
}
