import { ActionIcon, Button } from "@mantine/core";
import { IconHome, IconMap2, IconWalk } from "@tabler/icons-react";
import { useContext, useEffect, useMemo, useRef, useState } from "react";
import type { ReactNode, RefObject } from "react";
import { Hint, Failure, inLanguage, ThemeContext, useThemeTokens, useWords, shownError, type ShownError } from "@doppelwerk/kit/studio";
import type { Viewer } from "@doppelwerk/kit/studio/viewer";
import type { Place, Summary } from "../contract.ts";
import { rowOfPlace } from "./row-of-place.ts";
import { useFlyingScene, type BoardFlight, type FlyingScene } from "./scene-flight.ts";
import { useSiteFrames, useSiteScene, type SiteScene } from "./use-site-scene.ts";

/** The scene walks and looks with these; elsewhere they are the studio's. */
const OWN_KEYS = String.raw`^[WASDHTG\d]$|^Arrow|^Home$|^Escape$`;
/** What stands is drawn, and drawn finely, before the picture gives way to the numbers beside it. */
const FIRST_PICTURES = 3;

interface Scene {
  readonly places: readonly Place[];
  readonly root: Place;
  readonly summary: Summary;
  readonly selected: string | undefined;
  readonly onSelect: (row: string | undefined) => void;
  readonly onOpen: (place: string) => void;
  /** Where the board finds the scene to fly in. */
  readonly flying: BoardFlight["scene"];
}

/** A place in 3D: halls with walls and doors, all lines in them with the states of their machines. A click selects, a double click flies there and opens it. */
export default function PlaceScene({ places, root, summary, selected, onSelect, onOpen, flying }: Scene): ReactNode {
  const { t, language } = useWords();
  const host = useRef<HTMLDivElement>(null);
  const { viewer, failure, isDrawn } = useSiteViewer(host);
  const scene = useSiteScene(places, root);
  useSiteFrames(viewer, scene, summary);
  useFlyingScene(root.id, flying, useEye(viewer, scene));
  const placeAt = (id: string | undefined): string | undefined => (id === undefined ? undefined : (scene?.sketch.placeOf.get(id) ?? id));
  const picked = useRef<string | undefined>(undefined);
  const act = useRef({ onSelect, onOpen, placeAt });
  act.current = { onSelect, onOpen, placeAt };
  useEffect(() => {
    if (viewer === undefined) return undefined;
    viewer.onSelect = (hit) => {
      const place = act.current.placeAt(hit?.stationId);
      picked.current = hit?.stationId;
      act.current.onSelect(place);
    };
    const element = host.current!;
    const open = (event: MouseEvent): void => {
      const { left, top } = element.getBoundingClientRect();
      const place = act.current.placeAt(viewer.pickAt(event.clientX - left, event.clientY - top)?.stationId);
      if (place !== undefined) act.current.onOpen(place);
    };
    element.addEventListener("dblclick", open);
    const release = yieldToPage(element, (id) => {
      // a station is a part of the line that it stands in, which is what has a board
      const isPlace = act.current.placeAt(id) === id;
      if (isPlace) act.current.onOpen(id);
      return isPlace;
    });
    return () => {
      element.removeEventListener("dblclick", open);
      release();
    };
  }, [viewer]);
  useEffect(() => {
    // what was clicked stays chosen as long as its row is
    const own = picked.current;
    const row = own === undefined ? undefined : rowOfPlace(places, root.id, act.current.placeAt(own) ?? own);
    viewer?.setSelection(row !== undefined && row === selected ? own : selected);
  }, [viewer, selected, scene, places, root.id]);
  const arranged = scene?.laid.arranged.length ?? 0;
  return (
    <div className="dw-place-scene">
      <div
        ref={host}
        className={`dw-place-scene-host ${isDrawn ? "" : "is-setting-up"}`}
        data-keys={OWN_KEYS}
        role="group"
        aria-label={t("places.scene.title", { place: inLanguage(root.title, language) })}
      />
      {viewer !== undefined && <SceneTools viewer={viewer} />}
      {failure !== undefined && <Failure {...failure} />}
      {!isDrawn && failure === undefined && <span className="dw-place-scene-wait">{t("places.scene.loading")}</span>}
      {arranged > 0 && (
        <span className="dw-place-arranged" title={t("places.scene.arrangedHint")}>
          {t("places.scene.arranged", { count: arranged })}
        </span>
      )}
    </div>
  );
}

/** The wheel scrolls the page but with Ctrl or after a click into the picture; a label that `open` takes is not selected. Gives what ends it. */
function yieldToPage(element: HTMLElement, open: (id: string) => boolean): () => void {
  const ends = new AbortController();
  const first = { capture: true, signal: ends.signal };
  const leaveWheel = (event: WheelEvent): void => {
    if (!event.ctrlKey && !event.metaKey && !element.contains(document.activeElement)) event.stopPropagation();
  };
  const openLabel = (event: MouseEvent): void => {
    const id = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-label]")?.dataset["label"] : undefined;
    if (id !== undefined && open(id)) event.stopPropagation();
  };
  element.addEventListener("wheel", leaveWheel, first);
  element.addEventListener("click", openLabel, first);
  return () => ends.abort();
}

function useEye(viewer: Viewer | undefined, scene: SiteScene | undefined): FlyingScene | undefined {
  return useMemo(() => {
    if (viewer === undefined || scene === undefined) return undefined;
    const shown = new Set(scene.laid.stage.stations.map(({ id }) => id));
    return { eye: viewer, shows: (place) => shown.has(place) };
  }, [viewer, scene]);
}

function SceneTools({ viewer }: { readonly viewer: Viewer }): ReactNode {
  const { t } = useWords();
  const [isWalking, setWalking] = useState(viewer.rig.walking);
  useEffect(() => {
    viewer.onWalking = setWalking;
    return () => {
      viewer.onWalking = undefined;
    };
  }, [viewer]);
  const tools = [
    { label: t("places.scene.home"), keys: "H", icon: IconHome, run: () => viewer.home() },
    { label: t("places.scene.top"), keys: "T", icon: IconMap2, run: () => viewer.top() },
    { label: t("places.scene.walk"), keys: "G", icon: IconWalk, run: () => viewer.walk() },
  ];
  return (
    <>
      <div className="dw-place-scene-tools" role="toolbar" aria-label={t("places.scene.tools")}>
        {tools.map(({ label, keys, icon: Icon, run }) => (
          <Hint key={keys} label={label} keys={keys}>
            <ActionIcon variant="default" size={30} aria-label={label} onClick={run}>
              <Icon size={17} stroke={1.6} />
            </ActionIcon>
          </Hint>
        ))}
      </div>
      {isWalking && (
        <div className="dw-place-walk" role="status">
          <span>{t("places.scene.walkKeys")}</span>
          <Button size="compact-sm" variant="default" onClick={() => viewer.endWalk()}>
            {t("places.scene.walkEnd")}
          </Button>
        </div>
      )}
    </>
  );
}

interface SiteViewer {
  readonly viewer: Viewer | undefined;
  readonly failure: ShownError | undefined;
  /** Its first picture is finished. */
  readonly isDrawn: boolean;
}

/** Loads the renderer, mounts it in the host in the colours of the theme, and disposes of it. */
function useSiteViewer(host: RefObject<HTMLDivElement | null>): SiteViewer {
  const [viewer, setViewer] = useState<Viewer | undefined>(undefined);
  const [failure, setFailure] = useState<ShownError | undefined>(undefined);
  const [isDrawn, setDrawn] = useState(false);
  const themeName = useContext(ThemeContext);
  const tokens = useThemeTokens();
  const look = useRef({ tokens, themeName });
  look.current = { tokens, themeName };
  useEffect(() => {
    let made: Viewer | undefined;
    let isGone = false;
    void import("@doppelwerk/kit/studio/viewer")
      .then((room) => {
        if (isGone) return;
        made = new room.Viewer({ theme: room.viewerTheme(look.current.tokens, look.current.themeName) });
        made.mount(host.current!);
        const shown = made;
        let pictures = 0;
        made.onFinished = () => {
          setDrawn(true);
          // the rows say every change first
          if (++pictures === FIRST_PICTURES) shown.standBeside();
        };
        // What a frame cost and from how far it is seen, metres, for whoever looks into the page: never the speed of one machine.
        made.onView = () => {
          const { drawCalls, triangles } = shown.statistics();
          const distance = shown.rig.shown.distance.toFixed(1);
          if (host.current !== null) Object.assign(host.current.dataset, { drawCalls, triangles, distance });
        };
        setViewer(made);
      })
      .catch((error: unknown) => setFailure(shownError(error)));
    return () => {
      isGone = true;
      made?.dispose();
    };
  }, [host]);
  useEffect(() => {
    if (viewer === undefined) return;
    void import("@doppelwerk/kit/studio/viewer").then((room) => viewer.setTheme(room.viewerTheme(tokens, themeName)));
  }, [viewer, tokens, themeName]);
  return { viewer, failure, isDrawn };
}
