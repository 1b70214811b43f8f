import "@fontsource-variable/inter";
import { diffStages, layOutLine, PART_KINDS, SAMPLE_LINE, type PartKind, type PlacedPart, type Stage } from "@doppelwerk/scene";
import { cssVariables, themes } from "@doppelwerk/ui";
import type { ThemeName } from "@doppelwerk/ui";
import { sampleFrame } from "./gallery-frame.ts";
import { sampleSite } from "./gallery-site.ts";
import { workOfFrames, type FrameWork } from "./gallery-work.ts";
import { Viewer } from "./viewer.ts";
import type { StationState } from "./viewer-frame.ts";
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
    /** Red, green and blue of the empty stage. */
    stageColour: readonly number[];
    /** The same of points all over a picture of the page. */
    pixels: (png: readonly number[]) => Promise<readonly (readonly number[])[]>;
    /** How strong a pattern that repeats every so many pixels along a diagonal is in a picture: levels between its darkest and lightest stripe. */
    stripes: (png: readonly number[], period: number) => Promise<number>;
    /** Shows every station in one state. */
    everywhere: (state: StationState) => void;
    /** What has the focus. */
    focused: () => string | undefined;
    addWalkButton: () => void;
  }
}

// ?theme=light|dark|contrast & rows=2 & show=line|parts|branch|states|site|nothing & lines=10 & kind=… & still (motion is reduced) | stands (nothing moves by itself)
const query = new URLSearchParams(location.search);
const theme = (query.get("theme") ?? "light") as ThemeName;
for (const [name, value] of Object.entries(cssVariables(theme))) document.documentElement.style.setProperty(name, value);
document.body.style.background = "var(--dw-page)";

const show = query.get("show") ?? "line";
const look = viewerTheme(themes[theme], theme);
const colour = look.background.getHex();
window.stageColour = [colour >> 16, (colour >> 8) & 255, colour & 255];
const viewer = new Viewer({ theme: look, reducedMotion: query.has("still") });
viewer.mount(document.getElementById("host")!);
window.viewer = viewer;
window.share = () => {
  const canvas = document.querySelector<HTMLCanvasElement>("#host canvas")!;
  return canvas.width / canvas.clientWidth;
};
window.pixels = async (png) => {
  const bitmap = await createImageBitmap(new Blob([new Uint8Array(png)], { type: "image/png" }));
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
  context.drawImage(bitmap, 0, 0);
  const shares = [0.1, 0.5, 0.9];
  return shares.flatMap((x) => shares.map((y) => [...context.getImageData(bitmap.width * x, bitmap.height * y, 1, 1).data].slice(0, 3)));
};
window.stripes = async (png, period) => {
  const bitmap = await createImageBitmap(new Blob([new Uint8Array(png)], { type: "image/png" }));
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
  context.drawImage(bitmap, 0, 0);
  const { data, width, height } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  const [sums, counts] = [Array.from({ length: period }, () => 0), Array.from({ length: period }, () => 0)];
  for (let y = 0; y < height; y++)
    for (let x = 0; x + period <= width; x++) {
      const row = Array.from({ length: period }, (_, i) => data[(y * width + x + i) * 4 + 1]!);
      const mean = row.reduce((sum, value) => sum + value, 0) / period;
      // flat but for the pattern: no edge of anything
      if (row.some((value) => Math.abs(value - mean) > 30)) continue;
      const phase = (((x - y) % period) + period) % period;
      sums[phase]! += row[0]! - mean;
      counts[phase]!++;
    }
  const levels = sums.map((sum, phase) => sum / Math.max(1, counts[phase]!));
  return Math.max(...levels) - Math.min(...levels);
};
window.everywhere = (state) =>
  viewer.setFrame({ instant: 0, stations: new Map(stage.stations.map(({ id }) => [id, { state }])), parts: [] });
window.focused = () => document.activeElement?.tagName;
window.addWalkButton = () => {
  const button = document.createElement("button");
  button.textContent = "Walk";
  Object.assign(button.style, { position: "fixed", top: 0, left: 0 });
  button.addEventListener("click", () => viewer.walk());
  document.body.append(button);
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
if (show !== "nothing") viewer.setStage(stage);
if (show === "branch") viewer.setGhosts(diffStages(base, stage), themes[theme].violet);
window.tick = (seconds) => viewer.setFrame(sampleFrame(stage, seconds, show === "states" || show === "line", show === "states"));
if (show === "site")
  viewer.setFrame({
    instant: 0,
    stations: new Map(stage.stations.map(({ id }, at) => [id, { state: at % 23 === 7 ? ("idle" as const) : ("running" as const) }])),
    parts: [],
  });
else if (show !== "parts" && show !== "nothing") {
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
