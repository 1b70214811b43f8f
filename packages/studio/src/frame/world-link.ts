import { HOME_WORLD } from "@doppelwerk/client";

/** The first page of the studio in a world. */
export function worldLink(world: string): string {
  return world === HOME_WORLD ? "/" : `/?world=${encodeURIComponent(world)}`;
}
