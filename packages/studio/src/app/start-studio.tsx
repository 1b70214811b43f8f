import "@fontsource-variable/inter/wght.css";
import "@mantine/core/styles.css";
import { StrictMode } from "react";
import type { ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { createPreferences, createRegistry, createStore, parseAddress, shell, switchLanguage, useStore } from "@doppelwerk/ui";
import type { Address, Registry, Store, Studio, View } from "@doppelwerk/ui";
import "@doppelwerk/ui/theme/mantine.css";
import "../frame/frame.css";
import "@doppelwerk/ui/theme/studio.css";
import "@doppelwerk/ui/theme/parts.css";
import { bindTimeToAddress } from "../session/bind-address.ts";
import { createStudio } from "../session/create-studio.ts";
import { keepLoaded } from "../session/loading.ts";
import { startPacks } from "../packs/start-packs.ts";
import { screensOf } from "../session/screens.ts";
import { App } from "./app.tsx";

/** Starts the studio of these views, and of those of packs, in an element of the page. The shell itself knows none. */
export async function startStudio({
  views,
  host,
  loadKit,
}: {
  readonly views: readonly View[];
  readonly host: HTMLElement;
  /** Loads the kit that packs share; awaited before a view of a pack is drawn. */
  readonly loadKit: () => Promise<unknown>;
}): Promise<void> {
  const preferences = createPreferences().get();
  const own = createRegistry(views);
  const address = parseAddress(location.pathname, location.search, screensOf(own));
  // who has no name yet is asked for it first
  if (preferences.name !== "") fetchPage(own, address);
  const { world } = address;
  const [packs] = await Promise.all([startPacks({ world, preferences, views, loadKit }), switchLanguage(preferences.language)]);
  const registry = createRegistry([...views, ...packs.views]);
  const studio = createStudio(registry);
  const edition = createStore(0);
  packs.follow(studio, (ofPacks) => {
    registry.replace([...views, ...ofPacks]);
    leavePageThatIsGone(studio);
    edition.update((count) => count + 1);
  });
  bindTimeToAddress(studio);
  keepLoaded(studio);
  createRoot(host).render(
    <StrictMode>
      <NewestApp studio={studio} edition={edition} />
    </StrictMode>,
  );
}

/** Drawn again whenever there are other views; the session goes on. */
function NewestApp({ studio, edition }: { readonly studio: Studio; readonly edition: Store<number> }): ReactNode {
  return <App key={useStore(edition)} studio={studio} />;
}

function leavePageThatIsGone({ views, address }: Studio): void {
  const [home, ...others] = screensOf(views).pages;
  const { view } = address.store.get();
  if (view !== home && !others.includes(view)) address.go({ view: home!, detail: undefined });
}

/** What the address shows is fetched beside the words, before requests of data take the connections. */
function fetchPage(views: Registry, { view: name, line, detail }: Address): void {
  const pages = views.of(shell.page).filter(({ data }) => data.path === `/${name}`);
  const inside = name === "board" && (line === undefined || detail !== undefined) ? views.of(shell.placeBoard) : [];
  for (const { load } of [...pages, ...inside])
    load().catch(() => {
      // it is loaded again, and its fault named, where it is shown
    });
}
