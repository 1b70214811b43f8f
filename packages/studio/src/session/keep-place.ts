import { HOME_WORLD } from "@doppelwerk/client";
import { shell } from "@doppelwerk/ui";
import type { Address, PageData, Studio } from "@doppelwerk/ui";

const KEY = "doppelwerk.lines";
const BOARD = "board";

/** The board that was left, and the line that the other pages have shown since then. */
interface LeftBoard extends Pick<Address, "detail" | "line" | "subject"> {
  readonly since: string | undefined;
}
const boards = new WeakMap<Studio, LeftBoard>();

/**
 * Keeps the place from page to page, in the address. A page that shows one line and is named none gets the line that was shown last, of the lines of the place
 * whose board was left where that has some; without one it shows the first. Returns how to stop.
 */
export function keepPlace(studio: Studio): () => void {
  const { address } = studio;
  let before = address.store.get();
  const check = (): void => {
    const [was, now] = [before, address.store.get()];
    before = now;
    const isBoardLeft = isOfPlace(was) && now.view !== BOARD && was.world === now.world;
    if (now.line !== undefined && !isOfPlace(now) && !(isBoardLeft && now.line === was.line)) remember(now.world, now.line);
    const line = lineFor(studio, was, now, isBoardLeft);
    if (was.view === BOARD && now.view !== BOARD) boards.set(studio, { ...was, since: line });
    if (line !== now.line) address.amend({ line });
  };
  check();
  const offs = [address.store.subscribe(check), studio.world.subscribe(check)];
  return () => {
    for (const off of offs) off();
  };
}

/** Opens a page at the place that is shown: the board that was left, unless another line or a station was chosen since. */
export function openPage(studio: Studio, name: string): void {
  const { address } = studio;
  const now = address.store.get();
  const board = boards.get(studio);
  if (name === BOARD && now.view !== BOARD && board !== undefined) {
    const isSame = now.line === board.since && (now.subject === undefined || now.subject === board.subject);
    // without a line the board would be that of the whole site
    const line = isSame ? board.line : (now.line ?? (now.subject === undefined ? undefined : studio.line.get()?.id));
    address.go({ view: name, detail: isSame ? board.detail : undefined, line, ...(isSame && { subject: board.subject }) });
    return;
  }
  const line = isOfPlace(now) ? undefined : now.line;
  const page = pageOf(studio, name);
  const isNamed = line !== undefined && (studio.world.get()?.lines.length ?? 0) > 1;
  // who is on the page already asks for it as it opens
  const detail = isNamed && now.view !== name ? page?.detailOfLine?.(line) : undefined;
  address.go({ view: name, detail, ...(page?.isOfSite === true && { line }) });
}

/** A line that is not there is not shown again. */
export function forgetLine({ world }: Address): void {
  remember(world, undefined);
}

function lineFor(studio: Studio, was: Address, now: Address, isBoardLeft: boolean): string | undefined {
  if (pageOf(studio, now.view)?.isOfSite !== false || isOfPlace(now)) return now.line;
  const known = studio.world.get()?.lines.map(({ id }) => id);
  const line = now.line ?? remembered(now.world);
  if (isBoardLeft && now.line === was.line) {
    const inside = studio.railLines.get().map(({ id }) => id);
    if (line === undefined || !inside.includes(line)) return (known ?? inside).find((id) => inside.includes(id)) ?? line;
  }
  if (now.line !== undefined || known === undefined) return line;
  return known.length > 1 && known.includes(line ?? "") ? line : undefined;
}

/** Whether the board of a place other than a line is shown. */
function isOfPlace({ view, detail }: Pick<Address, "view" | "detail">): boolean {
  return view === BOARD && detail !== undefined;
}

function pageOf(studio: Studio, name: string): (PageData & { readonly isOfSite: boolean }) | undefined {
  const page = studio.views.of(shell.page).find(({ data }) => data.path === `/${name}`)?.data;
  return page && { ...page, isOfSite: page.isOfSite ?? false };
}

/** By world; a browser that refuses storage forgets. */
function stored(): Record<string, unknown> {
  try {
    const held = JSON.parse(localStorage.getItem(KEY) ?? "{}") as unknown;
    return typeof held === "object" && held !== null ? (held as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function remembered(world: string = HOME_WORLD): string | undefined {
  const line = stored()[world];
  return typeof line === "string" ? line : undefined;
}

function remember(world: string = HOME_WORLD, line: string | undefined): void {
  if (remembered(world) === line) return;
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...stored(), [world]: line }));
  } catch {
    // The first line is shown instead.
  }
}
