import { HOME_WORLD } from "@doppelwerk/client";
import { LIVE } from "@doppelwerk/world";
import type { BranchId, Instant } from "@doppelwerk/world";

/** What this product has to show: the first of each is where a link leads that names none of them. */
export interface Screens {
  /** First steps of the addresses of pages. */
  readonly pages: readonly string[];
  /** Tabs of the inspector. */
  readonly tabs: readonly string[];
}

/** Every state of the screen that a link can carry. */
export interface Address {
  /** The page: the first step of its path. */
  readonly view: string;
  /** A world beside the default one; undefined = that. */
  readonly world: string | undefined;
  /** What the view shows in detail: a merge request, a run. */
  readonly detail: string | undefined;
  /** The card of the view that the link leads to; behind `#`. */
  readonly card: string | undefined;
  readonly branch: BranchId;
  /** The instant shown; undefined = live. */
  readonly at: Instant | undefined;
  /** Present while it plays on from `at`. */
  readonly speed: number | undefined;
  /** Id of the line shown; undefined = the first. */
  readonly line: string | undefined;
  /** The one subject: a station id or a shell id. */
  readonly subject: string | undefined;
  readonly tab: string;
  readonly inspector: boolean;
  /** Past the Rail shows, µs; undefined = its default. */
  readonly span: Instant | undefined;
  /** Right edge of the Rail when it is held away from now. */
  readonly held: Instant | undefined;
  readonly run: string | undefined;
  /** How the figures are computed is shown in place of the page; the figure that is open, or nothing where none is. */
  readonly audit: string | undefined;
  /** Beginning of the shift whose figures these are; undefined = that of the instant shown. */
  readonly shift: Instant | undefined;
}

/** What `/` shows. */
export function homeOf({ pages, tabs }: Screens): Address {
  return { ...EMPTY, view: pages[0] ?? "", tab: tabs[0] ?? "" };
}

const EMPTY: Omit<Address, "view" | "tab"> = {
  world: undefined,
  detail: undefined,
  card: undefined,
  branch: LIVE,
  at: undefined,
  speed: undefined,
  line: undefined,
  subject: undefined,
  inspector: true,
  span: undefined,
  held: undefined,
  run: undefined,
  audit: undefined,
  shift: undefined,
};

/** Path and query of an address; what stands at its default is left out, so links stay short. */
export function formatAddress(address: Address, screens: Screens): string {
  const query = new URLSearchParams();
  if (address.world !== undefined) query.set("world", address.world);
  if (address.branch !== LIVE) query.set("branch", address.branch);
  if (address.at !== undefined) query.set("t", instantText(address.at));
  if (address.speed !== undefined) query.set("speed", String(address.speed));
  if (address.line !== undefined) query.set("line", address.line);
  if (address.subject !== undefined) query.set("subject", address.subject);
  if (address.tab !== homeOf(screens).tab) query.set("tab", address.tab);
  if (!address.inspector) query.set("inspector", "closed");
  if (address.span !== undefined)
    query.set("rail", `${Math.round(address.span / 1_000_000)}s${address.held === undefined ? "" : `@${instantText(address.held)}`}`);
  if (address.run !== undefined) query.set("run", address.run);
  if (address.audit !== undefined) query.set("audit", address.audit);
  if (address.audit !== undefined && address.shift !== undefined) query.set("shift", instantText(address.shift));
  const path = `/${address.view}${address.detail === undefined ? "" : `/${encodeURIComponent(address.detail)}`}`;
  const text = query.toString();
  const card = address.card === undefined ? "" : `#${encodeURIComponent(address.card)}`;
  return `${path}${text === "" ? "" : `?${text}`}${card}`;
}

/** Reads any path and query; what it does not understand falls back to the default of that field. */
export function parseAddress(path: string, search: string, screens: Screens, hash = ""): Address {
  const home = homeOf(screens);
  const [first = "", second] = path.split("/").filter((part) => part !== "");
  const query = new URLSearchParams(search);
  const [span, held] = (query.get("rail") ?? "").split("@");
  const spanS = /^\d+s$/.test(span ?? "") ? Number.parseInt(span!, 10) : 0;
  const page = screens.pages.find((name) => name === first);
  return {
    view: page ?? home.view,
    world: worldOf(query.get("world")),
    detail: second === undefined ? undefined : decoded(second),
    // what stands behind # elsewhere is no card: the key of an invitation
    card: page === undefined || hash.length < 2 ? undefined : decoded(hash.slice(1)),
    branch: query.get("branch") || LIVE,
    at: parseInstant(query.get("t")),
    speed: positive(query.get("speed")),
    line: query.get("line") || undefined,
    subject: query.get("subject") || undefined,
    tab: screens.tabs.find((tab) => tab === query.get("tab")) ?? home.tab,
    inspector: query.get("inspector") !== "closed",
    span: spanS > 0 ? spanS * 1_000_000 : undefined,
    held: spanS > 0 ? parseInstant(held ?? null) : undefined,
    run: query.get("run") || undefined,
    audit: query.get("audit") ?? undefined,
    shift: query.get("audit") === null ? undefined : parseInstant(query.get("shift")),
  };
}

/** What cannot be a world's name leads to the default one. */
function worldOf(text: string | null): string | undefined {
  return text === null || text === HOME_WORLD || !/^[a-z0-9-]{1,63}$/.test(text) ? undefined : text;
}

/** `2026-11-24T10:42:07.125Z`: readable in a link; a link is exact to the millisecond. */
export function instantText(instant: Instant): string {
  return new Date(instant / 1000).toISOString();
}

function parseInstant(text: string | null): Instant | undefined {
  if (text === null || text === "") return undefined;
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : milliseconds * 1000;
}

function positive(text: string | null): number | undefined {
  const value = Number(text);
  return text !== null && Number.isFinite(value) && value > 0 ? value : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
