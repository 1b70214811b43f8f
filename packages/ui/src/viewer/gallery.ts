import "@fontsource-variable/inter";
import { diffStages, layOutLine, PART_KINDS, SAMPLE_LINE, type PartKind, type PlacedPart, type Stage } from "@doppelwerk/scene";
import { cssVariables, themes } from "@doppelwerk/ui";
import type { ThemeName } from "@doppelwerk/ui";
import { sampleFrame } from "./gallery-frame.ts";
import { sampleSite } from "./gallery-site.ts";
import { workOfFrames, type FrameWork } from "./gallery-work.ts";
import { Viewer } from "./viewer.ts";
import { viewerTheme } from "./viewer-theme.ts";

declare global {
  interface Window {
    viewer: Viewer;
    /** Draws the sample at a second of its own time. */
    tick: (seconds: number) => void;
    /** Counts the work of frames, once they rest. */
    work: () => Promise<FrameWork>;
    /** Share of the full resolution of the picture on the page. */
    share: () => number;
  }
}

// ?theme=light|dark|contrast & rows=2 & show=line|parts|branch|states|site & lines=10 & kind=… & still (motion is reduced) | stands (nothing moves by itself)
const query = new URLSearchParams(location.search);
const theme = (query.get("theme") ?? "light") as ThemeName;
for (const [name, value] of Object.entries(cssVariables(theme))) document.documentElement.style.setProperty(name, value);
document.body.style.background = "var(--dw-page)";

const show = query.get("show") ?? "line";
const viewer = new Viewer({ theme: viewerTheme(themes[theme], theme), reducedMotion: query.has("still") });
viewer.mount(document.getElementById("host")!);
window.viewer = viewer;
window.share = () => {
  const canvas = document.querySelector<HTMLCanvasElement>("#host canvas")!;
  return canvas.width / canvas.clientWidth;
};
window.work = () => workOfFrames(viewer, document.querySelector("[data-viewer=labels]")!);

const rows = Number(query.get("rows") ?? 2);
const base = layOutLine({ ...SAMPLE_LINE, rows });
const seven = layOutLine({
  ...SAMPLE_LINE,
  rows,
  stations: SAMPLE_LINE.stations.map((station) => (station.id === "S090" ? { ...station, places: 7 } : station)),
});
const stage =
  show === "site"
    ? sampleSite(Number(query.get("lines") ?? 10), rows)
    : show === "parts"
      ? turntable(query.get("kind") as PartKind | null)
      : show === "branch"
        ? seven
        : base;
viewer.setStage(stage);
if (show === "branch") viewer.setGhosts(diffStages(base, stage), themes[theme].violet);
window.tick = (seconds) => viewer.setFrame(sampleFrame(stage, seconds, show === "states" || show === "line", show === "states"));
if (show === "site")
  viewer.setFrame({
    instant: 0,
    stations: new Map(stage.stations.map(({ id }, at) => [id, { state: at % 23 === 7 ? ("idle" as const) : ("running" as const) }])),
    parts: [],
  });
else if (show !== "parts") {
  let seconds = 40;
  window.tick(seconds);
  if (!query.has("still") && !query.has("stands")) setInterval(() => window.tick((seconds += 0.5)), 500);
}

/** Every part of the catalogue on a grid, or one kind alone. */
function turntable(only: PartKind | null): Stage {
  const kinds = only === null ? PART_KINDS.filter((kind) => kind !== "wall" && kind !== "column") : [only];
  const poses = (["working", "walking"] as const).map((pose): PlacedPart => ({
    id: `person-${pose}`,
    kind: "person",
    parameters: { pose },
    position: [0, 0, 0],
    turn: Math.PI,
  }));
  const tunnel: PlacedPart = {
    id: "machine-tunnel",
    kind: "machine",
    parameters: { tunnel: true, lengthM: 2.6, depthM: 2.2 },
    position: [0, 0, 0],
    turn: 0,
  };
  const small = kinds.map(
    (kind) =>
      ({
        id: kind,
        kind,
        ...(kind === "aisle" ? { parameters: { lengthM: 5 } } : {}),
        position: [0, 0, 0],
        turn: kind === "person" ? Math.PI : 0,
      }) as PlacedPart,
  );
  const all = only === null ? [...small, ...poses, tunnel] : small;
  const columns = Math.ceil(Math.sqrt(all.length * 1.5));
  const parts = all.map((part, i) => ({ ...part, position: [(i % columns) * 5.6, 0, Math.floor(i / columns) * 5] as const }) as PlacedPart);
  const rows = Math.ceil(all.length / columns);
  return {
    parts,
    stations: [],
    paths: [],
    tracks: [],
    bounds: { min: [-2, 0, -2], max: [(Math.min(columns, all.length) - 1) * 5.6 + 2, 2.5, (rows - 1) * 5 + 2] },
  };
}
