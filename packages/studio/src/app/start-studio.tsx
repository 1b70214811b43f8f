import "@fontsource-variable/inter/wght.css";
import "@mantine/core/styles.css";
import { StrictMode } from "react";
import type { ComponentType, ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { createPreferences, createRegistry, createStore, fetchView, parseAddress, shell, switchLanguage, useStore } from "@doppelwerk/ui";
import type { Address, Registry, Screens, Store, Studio, View } from "@doppelwerk/ui";
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

/** Paths of codes on assets: a primary key of GS1 and its value, or a Handle. */
const CODE = /^\/(?:\d{2,4}|hdl)\/./;

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
  const registry = createRegistry(views);
  if (location.pathname === "/join") return startPublicPage(host, registry, () => import("../login/join-page.tsx"));
  if (location.pathname.startsWith("/sign-in/")) return startPublicPage(host, registry, () => import("../login/sign-in-page.tsx"));
  if (location.pathname === "/terminal") return startPublicPage(host, registry, () => import("../terminal/terminal-page.tsx"));
  if (CODE.test(location.pathname)) return startPublicPage(host, registry, () => import("../login/code-page.tsx"));
  const screens = screensOf(registry);
  const address = parseAddress(location.pathname, location.search, screens, location.hash);
  // who has no name yet is asked for it first
  if (preferences.name !== "") fetchPage(registry, address);
  const coming = Promise.all([startPacks({ world: address.world, preferences, views, loadKit }), switchLanguage(preferences.language)]);
  // What a page of the product shows is read beside the words; a page of a pack is known when its pack is.
  const early = isOfProduct(screens) ? begin(registry) : undefined;
  const [packs] = await coming;
  registry.replace([...views, ...packs.views]);
  // what packs read too is read with the rest
  if (packs.views.length > 0) early?.stop();
  const { studio } = early === undefined || packs.views.length > 0 ? begin(registry, early?.studio) : early;
  const edition = createStore(0);
  packs.follow(studio, (ofPacks) => {
    registry.replace([...views, ...ofPacks]);
    leavePageThatIsGone(studio);
    edition.update((count) => count + 1);
  });
  createRoot(host).render(
    <StrictMode>
      <NewestApp studio={studio} edition={edition} />
    </StrictMode>,
  );
}

/** A page for who is not known yet: an invitation, or the way back from a provider. Nothing of the plant is read. */
async function startPublicPage(
  host: HTMLElement,
  registry: Registry,
  load: () => Promise<{ readonly default: ComponentType }>,
): Promise<void> {
  const studio = createStudio(registry);
  const [{ default: Page }] = await Promise.all([load(), switchLanguage(studio.preferences.get().language)]);
  createRoot(host).render(
    <StrictMode>
      <App studio={studio} page={<Page />} />
    </StrictMode>,
  );
}

/** A session that reads what every view shares, from now on. */
function begin(views: Registry, begun?: Studio): { readonly studio: Studio; readonly stop: () => void } {
  const studio = begun ?? createStudio(views);
  if (begun === undefined) bindTimeToAddress(studio);
  return { studio, stop: keepLoaded(studio) };
}

/** Whether the address says the same with and without packs. */
function isOfProduct({ pages, tabs }: Screens): boolean {
  const [page = pages[0]] = location.pathname.split("/").filter((part) => part !== "");
  const tab = new URLSearchParams(location.search).get("tab");
  return pages.some((name) => name === page) && (tab === null || tabs.includes(tab));
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

/** What the address shows is fetched beside the words, before requests of data take the connections, and drawn with the frame. */
function fetchPage(views: Registry, { view: name, line, detail }: Address): void {
  const pages = views.of(shell.page).filter(({ data }) => data.path === `/${name}`);
  const inside = name === "board" && (line === undefined || detail !== undefined) ? views.of(shell.placeBoard) : [];
  for (const view of [...pages, ...inside, ...views.of(shell.crumbs), ...views.of(shell.banner), ...views.of(shell.lane)]) fetchView(view);
}
