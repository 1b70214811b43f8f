import "@fontsource-variable/inter/wght.css";
import "@mantine/core/styles.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createPreferences, createRegistry, parseAddress, startLanguage } from "@doppelwerk/ui";
import type { View } from "@doppelwerk/ui";
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
  const { world } = parseAddress(location.pathname, location.search, screensOf(createRegistry(views)));
  const [packs] = await Promise.all([startPacks({ world, preferences, views, loadKit }), startLanguage(preferences.language)]);
  const studio = createStudio(createRegistry([...views, ...packs.views]));
  packs.follow(studio);
  bindTimeToAddress(studio);
  keepLoaded(studio);
  createRoot(host).render(
    <StrictMode>
      <App studio={studio} />
    </StrictMode>,
  );
}
