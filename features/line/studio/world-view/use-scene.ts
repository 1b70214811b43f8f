import { useEffect, useMemo } from "react";
import type { StationInfo } from "@doppelwerk/client";
import { diffStages } from "@doppelwerk/scene";
import type { Stage } from "@doppelwerk/scene";
import { LIVE } from "@doppelwerk/world";
import {
  branchHue,
  lineOf,
  stateLook,
  stationName,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useThemeTokens,
  useWords,
} from "@doppelwerk/kit/studio";
import type { Language } from "@doppelwerk/kit/studio";
import { snapshotFrame } from "@doppelwerk/kit/studio/viewer";
import type { Viewer } from "@doppelwerk/kit/studio/viewer";

/** Stations are labelled as everywhere in the language; one of which the line has no name keeps its label. */
function namedIn(stage: Stage, stations: readonly StationInfo[], language: Language): Stage {
  const names = new Map(stations.map((station) => [station.id, stationName(station, language)]));
  return { ...stage, stations: stage.stations.map((station) => ({ ...station, label: names.get(station.id) ?? station.label })) };
}

/** Feeds the viewer: the stage of the branch, ghosts against live, and one frame a snapshot. */
export function useScene(viewer: Viewer | undefined): void {
  const studio = useStudio();
  const { branch, line: shown, subject } = useScope();
  const tokens = useThemeTokens();
  const { t, language } = useWords();
  const line = useStore(studio.line);
  const snapshot = useStore(studio.snapshot);
  const people = useStore(studio.people);
  const state = useStore(studio.state);
  const rail = useStore(studio.rail);
  const commits = useStore(studio.commits);
  const live = useLoad(branch === LIVE ? undefined : lineOf(LIVE, shown), { again: commits });
  const stage = line?.stage as Stage | undefined;
  const liveStage = live.value?.stage as Stage | undefined;
  const stageText = useMemo(() => JSON.stringify(stage && namedIn(stage, line?.stations ?? [], language)), [stage, line, language]);
  const robots = useMemo(
    () =>
      new Map(
        (stage?.parts ?? [])
          .filter((part) => part.kind === "robot" && part.stationId !== undefined)
          .map((part) => [part.id, part.stationId!]),
      ),
    [stage],
  );

  useEffect(() => {
    if (viewer !== undefined && stageText !== undefined) viewer.setStage(JSON.parse(stageText) as Stage);
  }, [viewer, stageText]);
  useEffect(() => {
    if (viewer === undefined || stage === undefined) return;
    const hue = branchHue(branch, rail?.lanes.find((lane) => lane.branch.id === branch)?.hue);
    viewer.setGhosts(
      branch === LIVE || liveStage === undefined || line?.branch !== branch ? [] : diffStages(liveStage, stage),
      tokens[hue],
    );
  }, [viewer, stage, liveStage, line?.branch, branch, rail, tokens]);
  useEffect(
    () => viewer?.setSelection(line?.stations.find((station) => station.shell === subject)?.id ?? subject),
    [viewer, subject, line],
  );
  useEffect(() => {
    if (viewer === undefined || snapshot === undefined || line === undefined) return;
    viewer.setFrame(
      snapshotFrame({
        snapshot,
        line,
        robots,
        people,
        self: state.kind === "online" ? state.self.id : undefined,
        branch,
        stale: state.kind === "offline",
        colourOf: (person) => tokens[branchHue(person.id, person.color)],
        stateWord: (word) => t(`state.${stateLook(word)}`),
        placesWord: (up, count) => t("state.places", { up, count }),
      }),
    );
  }, [viewer, snapshot, line, robots, people, state, branch, tokens, t]);
}
