import { join } from "node:path";
import { createServer } from "vite";
import { pairwise, type Row } from "./pairwise.ts";

/** What a picture is taken at: every pair of these values is in one picture of a view. */
export const FACTORS = {
  state: ["normal", "flood", "empty", "loading", "error"],
  size: ["1440", "1024", "390"],
  theme: ["light", "dark", "contrast"],
  language: ["en", "zh"],
} as const;
export type Shot = Row<typeof FACTORS>;

export const SHOTS: readonly Shot[] = pairwise(FACTORS);

/** What a world holds that addresses name; what is absent is left out of them. */
export interface Subjects {
  /** Name of the world; the default one has none. */
  readonly world?: string;
  readonly branch?: string;
  readonly run?: string;
  readonly request?: string;
  readonly place?: string;
  /** Id of a shell in the form of the AAS API. */
  readonly shell?: string;
  readonly station?: string;
}

/** A view to take pictures of. */
export interface Screen {
  readonly name: string;
  address(subjects: Subjects): string;
}

/** A registered view, as far as its address needs it. */
export interface RegisteredView {
  readonly id: string;
  readonly at: string;
  readonly data: { readonly path?: string; readonly name?: string };
}

/** Every page that is registered, every page below Decide, every part of the settings, the page of figures, and the pages that need something to show. */
export function screensOf(views: readonly RegisteredView[]): readonly Screen[] {
  const plain = (name: string, path: string): Screen => ({ name, address: (subjects) => addressOf(path, subjects, {}) });
  const pages = views.filter(({ at }) => at === "shell.page@1").map(({ id, data }) => plain(nameOf(id), data.path!));
  const rooms = views.filter(({ at }) => at === "decide.room@1").map(({ data }) => roomOf(data.name!));
  const parts = views
    .filter(({ at }) => at === "shell.settingsPart@1")
    .map(({ data }) => plain(`settings-${data.name}`, `/settings/${data.name}`));
  const audits = views.some(({ at }) => at === "shell.audit@1") ? [auditScreen] : [];
  return [...pages, ...rooms, ...parts, ...audits, ...DETAILS];
}

const nameOf = (id: string): string => id.replace(/\.page$/, "");

const auditScreen: Screen = { name: "audit", address: (subjects) => addressOf("/board", subjects, { audit: "" }) };

function roomOf(room: string): Screen {
  // a race is watched on a branch, of one run, and has a length
  if (room === "watch")
    return { name: "decide-watch", address: (subjects) => addressOf("/decide/watch@28800", subjects, onBranch(subjects)) };
  return { name: `decide-${room}`, address: (subjects) => addressOf(`/decide/${room}`, subjects, {}) };
}

const onBranch = ({ branch, run }: Subjects): Readonly<Record<string, string | undefined>> => ({ branch, run });
const below = (path: string, detail: string | undefined): string => (detail === undefined ? path : `${path}/${encodeURIComponent(detail)}`);

/** Pages whose address names something: these are not registered by themselves. */
const DETAILS: readonly Screen[] = [
  { name: "place-board", address: (subjects) => addressOf(below("/board", subjects.place), subjects, {}) },
  { name: "alarms-journal", address: (subjects) => addressOf("/alarms/journal", subjects, {}) },
  { name: "alarms-rules", address: (subjects) => addressOf("/alarms/rules", subjects, {}) },
  { name: "decide-branch", address: (subjects) => addressOf("/decide", subjects, onBranch(subjects)) },
  { name: "merge-request", address: (subjects) => addressOf(below("/changes", subjects.request), subjects, {}) },
  {
    name: "explorer",
    address: (subjects) => addressOf(subjects.shell === undefined ? "/assets/shells" : `/assets/shells~a.${subjects.shell}`, subjects, {}),
  },
  { name: "world-station", address: (subjects) => addressOf("/world", subjects, { subject: subjects.station }) },
];

function addressOf(path: string, { world }: Subjects, query: Readonly<Record<string, string | undefined>>): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries({ world, ...query })) if (value !== undefined) words.set(name, value);
  return words.size === 0 ? path : `${path}?${words.toString()}`;
}

/** The views of the product as its studio registers them: a new one is in the gallery by itself. */
export async function registeredViews(root: string): Promise<readonly RegisteredView[]> {
  const vite = await createServer({
    root: join(root, "apps/doppelwerk"),
    configFile: false,
    logLevel: "error",
    appType: "custom",
    server: { middlewareMode: true, hmr: false, watch: null },
    optimizeDeps: { noDiscovery: true },
  });
  try {
    const { views } = (await vite.ssrLoadModule("/src/studio/views-of-product.ts")) as { readonly views: readonly RegisteredView[] };
    return views;
  } finally {
    await vite.close();
  }
}
