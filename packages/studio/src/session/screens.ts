import { shell } from "@doppelwerk/ui";
import type { Registry, Screens } from "@doppelwerk/ui";

/** What the registered views let an address name. */
export function screensOf(views: Registry): Screens {
  return {
    pages: views.of(shell.page).map(({ data }) => data.path.slice(1)),
    tabs: [...new Set(views.of(shell.tab).map(({ data }) => data.name))],
  };
}
