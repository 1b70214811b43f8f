import { ActionIcon, Tooltip } from "@mantine/core";
import { IconFocus2, IconGitFork, IconHome, IconMap2, IconWalk } from "@tabler/icons-react";
import { useEffect, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import { diffStages } from "@doppelwerk/scene";
import type { Stage } from "@doppelwerk/scene";
import { LIVE } from "@doppelwerk/world";
import {
  Empty,
  Failure,
  ThemeContext,
  ViewOutlet,
  branchHue,
  shell,
  stateLook,
  useAction,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useThemeTokens,
  useWords,
} from "@doppelwerk/kit/studio";
import { snapshotFrame } from "@doppelwerk/kit/studio/viewer";
import type { Viewer } from "@doppelwerk/kit/studio/viewer";
import { useContext } from "react";
import "./world-view.css";

/** It walks and looks with these; elsewhere they are the studio's. */
const OWN_KEYS = String.raw`^[WASDHTG\d]$|^Arrow|^Home$`;

/** The plant in 3D at the instant shown, on the branch entered; the renderer arrives after the first paint. */
export default function WorldView(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const host = useRef<HTMLDivElement>(null);
  const [viewer, setViewer] = useState<Viewer | undefined>(undefined);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const [drawn, setDrawn] = useState(false);
  const world = useStore(studio.world);
  const line = useStore(studio.line);
  const themeName = useContext(ThemeContext);
  const tokens = useThemeTokens();
  const look = useRef({ tokens, themeName });
  look.current = { tokens, themeName };

  useEffect(() => {
    let made: Viewer | undefined;
    let gone = false;
    void Promise.all([import("@doppelwerk/kit/studio/viewer"), import("@doppelwerk/kit/studio/viewer")])
      .then(([room, looks]) => {
        if (gone) return;
        made = new room.Viewer({ theme: looks.viewerTheme(look.current.tokens, look.current.themeName) });
        made.mount(host.current!);
        made.onSelect = (hit) => {
          const subject = hit?.stationId ?? hit?.subject;
          studio.address.go(subject === undefined ? { subject: undefined } : { subject, inspector: true });
        };
        made.onPointer = (place) => studio.pointer.set(place);
        const { dataset } = host.current!;
        const shown = made;
        // What a frame cost, for whoever looks into the page: never the speed of one machine.
        shown.onView = () => {
          const { drawCalls, triangles } = shown.statistics();
          Object.assign(dataset, { drawCalls, triangles });
        };
        // Until then labels would stand over nothing.
        shown.onFinished = () => setDrawn(true);
        setViewer(made);
      })
      .catch((error: Error) => setFailure(error.message));
    return () => {
      gone = true;
      made?.dispose();
      studio.pointer.set(undefined);
    };
  }, [studio]);

  useEffect(() => {
    if (viewer === undefined) return;
    void import("@doppelwerk/kit/studio/viewer").then((looks) => viewer.setTheme(looks.viewerTheme(tokens, themeName)));
  }, [viewer, tokens, themeName]);

  useSceneOf(viewer);

  return (
    <div className="dw-world">
      <div ref={host} className={`dw-world-host dw-fades ${drawn ? "" : "is-setting-up"}`} data-keys={OWN_KEYS} />
      {viewer !== undefined && <Toolbar viewer={viewer} />}
      {studio.views.of(shell.overlay).map((overlay) => (
        <ViewOutlet key={overlay.id} view={overlay} props={{ viewer }} />
      ))}
      {failure !== undefined && <Failure message={failure} />}
      {world?.empty === true && (
        <Empty
          title={t("world.emptyTitle")}
          text={t("world.emptyText")}
          action={t("view.connect")}
          onAction={() => studio.address.go({ view: "connect" })}
        />
      )}
      {!drawn && (viewer === undefined || line !== undefined) && failure === undefined && world?.empty !== true && (
        <span className="dw-world-wait">{t("line.world.loading")}</span>
      )}
    </div>
  );
}

/** Feeds the viewer: the stage of the branch, ghosts against live, and one frame a snapshot. */
function useSceneOf(viewer: Viewer | undefined): void {
  const studio = useStudio();
  const { branch, subject } = useScope();
  const tokens = useThemeTokens();
  const { t } = useWords();
  const line = useStore(studio.line);
  const snapshot = useStore(studio.snapshot);
  const people = useStore(studio.people);
  const state = useStore(studio.state);
  const rail = useStore(studio.rail);
  const commits = useStore(studio.commits);
  const live = useLoad(branch === LIVE ? undefined : (signal) => studio.client.line(LIVE, { signal }), [branch], undefined, commits);
  const stage = line?.stage as Stage | undefined;
  const liveStage = live.value?.stage as Stage | undefined;
  const stageText = useMemo(() => JSON.stringify(stage), [stage]);
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

function Toolbar({ viewer }: { readonly viewer: Viewer }): ReactNode {
  const { t } = useWords();
  const fork = useAction("changes.fork");
  const tools = [
    { label: t("line.world.home"), keys: "H", icon: IconHome, run: () => viewer.home() },
    { label: t("line.world.top"), keys: "T", icon: IconMap2, run: () => viewer.top() },
    { label: t("line.world.frame"), keys: t("line.world.doubleClick"), icon: IconFocus2, run: () => viewer.frame() },
    { label: t("line.world.walk"), keys: "G", icon: IconWalk, run: () => viewer.walk() },
  ];
  return (
    <div className="dw-toolbar" role="toolbar" aria-label={t("line.view.world")}>
      {tools.map(({ label, keys, icon: Icon, run }) => (
        <Tooltip key={label} label={`${label}  ${keys}`}>
          <ActionIcon variant="subtle" color="gray" size={30} aria-label={label} onClick={run}>
            <Icon size={18} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      ))}
      {fork !== undefined && (
        <Tooltip label={`${t("rail.fork")}  F`}>
          <ActionIcon variant="subtle" color="gray" size={30} aria-label={t("rail.fork")} onClick={fork}>
            <IconGitFork size={18} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      )}
    </div>
  );
}
