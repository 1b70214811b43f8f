import { HOME_WORLD } from "@doppelwerk/client";
import { identifications, type Identified, type IdentifiedShell } from "@doppelwerk/ports";
import { DoppelwerkError, type Principal } from "@doppelwerk/world";
import type { HostedWorld } from "./hosted-world.ts";
import type { HostedWorlds } from "./hosted-worlds.ts";

export type SearchedWorlds = Pick<HostedWorlds, "home" | "registry" | "mayEnter">;

/** With the name of its world; absent: that of the short addresses. */
export interface ShellInWorld extends IdentifiedShell {
  readonly world?: string;
}

export interface IdentifiedInWorlds extends Pick<Identified, "kind" | "canonical"> {
  readonly shells: readonly ShellInWorld[];
}

/** As many worlds that are closed are opened for one code; a scan opens no whole archive. */
const MOST_OPENED = 20;
const MOST_SHELLS = 20;

/**
 * What a code leads to in every world that the principal may enter, through his view of each: the shells of just this item before those of its lot and kind;
 * of these, the world of the short addresses first, then the others by name. A world that he may not enter is not looked into, one that cannot be opened is
 * left out. Undefined where nothing here reads codes. Errors: DW_INVALID for what identifies nothing.
 */
export async function identifiedIn(worlds: SearchedWorlds, principal: Principal, link: string): Promise<IdentifiedInWorlds | undefined> {
  const first = await find(worlds.home, principal, link);
  const others = principal.scope === undefined ? await inOthers(worlds, principal, link) : [];
  const known = first ?? others[0]?.found;
  if (known === undefined) return undefined;
  const shells = [
    ...(first?.shells ?? []),
    ...others.flatMap(({ world, found }) => found.shells.map((shell): ShellInWorld => ({ ...shell, world }))),
  ];
  const ranked = [...shells.filter(({ exact }) => exact), ...shells.filter(({ exact }) => !exact)];
  return { kind: known.kind, canonical: known.canonical, shells: ranked.slice(0, MOST_SHELLS) };
}

async function inOthers({ registry, mayEnter }: SearchedWorlds, principal: Principal, link: string) {
  const names = registry
    .list()
    .filter(({ name, state }) => name !== HOME_WORLD && state !== "archived" && state !== "failed" && mayEnter(principal, name))
    .map(({ name, state }) => ({ name, isOpen: state === "open" }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const closed = new Set(
    names
      .filter(({ isOpen }) => !isOpen)
      .slice(0, MOST_OPENED)
      .map(({ name }) => name),
  );
  const found: { readonly world: string; readonly found: Identified }[] = [];
  for (const { name, isOpen } of names) {
    if (!isOpen && !closed.has(name)) continue;
    const here = await findIn(registry, name, principal, link);
    if (here !== undefined) found.push({ world: name, found: here });
  }
  return found;
}

async function findIn(
  registry: SearchedWorlds["registry"],
  name: string,
  principal: Principal,
  link: string,
): Promise<Identified | undefined> {
  try {
    const { world, leave } = await registry.enter(name);
    try {
      return await find(world, principal, link);
    } finally {
      leave();
    }
  } catch (error) {
    // removed, or being changed or opened by others for long: the code is looked for in the rest
    if (error instanceof DoppelwerkError && error.code !== "DW_INVALID") return undefined;
    throw error;
  }
}

async function find(world: HostedWorld, principal: Principal, link: string): Promise<Identified | undefined> {
  return world.features.find(identifications)?.find(principal, link);
}
