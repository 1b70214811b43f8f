import { shell } from "@doppelwerk/ui";
import type { Registry, Screens } from "@doppelwerk/ui";

/** What the registered views let an address name, as they are now. */
export function screensOf(views: Registry): Screens {
  return {
    get pages() {
      return views.of(shell.page).map(({ data }) => data.path.slice(1));
    },
    get tabs() {
      return [...new Set(views.of(shell.tab).map(({ data }) => data.name))];
    },
  };
}
