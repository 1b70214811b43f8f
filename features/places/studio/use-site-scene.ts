import { useEffect, useMemo, useRef } from "react";
import type { LineInfo } from "@doppelwerk/client";
import { layOutSite, type LaidSite } from "@doppelwerk/scene";
import { durationText, inLanguage, plantKinds, stateLook, useLoad, useScope, useWords } from "@doppelwerk/kit/studio";
import type { Viewer } from "@doppelwerk/kit/studio/viewer";
import type { Cause, Place, Summary } from "../contract.ts";
import { siteAreas, type SiteSketch } from "./site-areas.ts";
import { sceneStations, siteFrame, type SceneStation } from "./site-frame.ts";
import { linesWithin } from "./lines-within.ts";

export interface SiteScene {
  readonly sketch: SiteSketch;
  readonly laid: LaidSite;
  readonly stations: readonly SceneStation[];
}

/** The scene of a place from its documents; undefined until the lines in it are loaded. A line that cannot be loaded is drawn as what stands in it. */
export function useSiteScene(places: readonly Place[], root: Place): SiteScene | undefined {
  const { branch } = useScope();
  const { language } = useWords();
  const within = useMemo(() => linesWithin(places, root.id), [places, root.id]);
  const ids = within.map(({ line }) => line);
  const loaded = useLoad<ReadonlyMap<string, LineInfo>>({
    key: ["places.scene", ids],
    async run({ client }, signal) {
      const described = new Map((await client.describedLines(ids, branch, { signal })).map((line) => [line.id, line]));
      return new Map(within.flatMap(({ place, line }) => (described.has(line) ? [[place, described.get(line)!] as const] : [])));
    },
    changedBy: { kinds: plantKinds },
  }).value;
  return useMemo(() => {
    if (loaded === undefined) return undefined;
    const sketch = siteAreas(places, root.id, loaded, language);
    const lines = sketch.areas.flatMap((area) => area.lines);
    return {
      sketch,
      laid: layOutSite(sketch.areas),
      stations: sceneStations(lines.map(({ id }) => ({ place: id, stations: loaded.get(id)!.stations.map((station) => station.id) }))),
    };
  }, [places, root.id, loaded, language]);
}

/** Feeds the viewer: the stage, and a frame for each summary. */
export function useSiteFrames(viewer: Viewer | undefined, scene: SiteScene | undefined, summary: Summary): void {
  const { t, language } = useWords();
  const stage = scene?.laid.stage;
  // the same documents give the same stage: the view is kept, and nothing flickers
  const text = useMemo(() => JSON.stringify(stage), [stage]);
  const shown = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (viewer === undefined || stage === undefined || shown.current === text) return;
    shown.current = text;
    viewer.setStage(stage);
  }, [viewer, stage, text]);
  useEffect(() => {
    if (viewer === undefined || scene === undefined) return;
    const grounds = scene.laid.stage.stations.map(({ id }) => id).filter((id) => !scene.sketch.placeOf.has(id));
    const wordOf = (cause: Cause, place: string): string | undefined => {
      const line = cause.follows?.find((each) => each.place === place) ?? (cause.kind === "stopped" ? cause : undefined);
      if (line?.state !== undefined) {
        const word = t.or(`state.${stateLook(line.state)}`, line.state);
        return line.since === undefined ? word : `${word} ${durationText(summary.at - line.since, language)}`;
      }
      const first = cause.chain.toSorted((a, b) => a.priority - b.priority || a.at - b.at)[0];
      return first && inLanguage(first.title, language);
    };
    viewer.setFrame({
      instant: summary.at,
      stations: siteFrame({ summary, stations: scene.stations, grounds, wordOf }),
      parts: [],
    });
  }, [viewer, scene, summary, t, language]);
}
