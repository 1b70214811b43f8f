import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import { ErrorBoundary, Waiting, branchHue, errorText, useStore, useStudio, useWords } from "@doppelwerk/ui";
import type { ViewName } from "@doppelwerk/ui";
import { Inspector } from "../inspector/inspector.tsx";
import { Rail } from "../rail/rail.tsx";
import { listenForKeys, studioActions } from "./actions.ts";
import type { FrameDoings } from "./actions.ts";
import { Banner } from "./banner.tsx";
import { ForkDialog, ProposeDialog } from "./branch-dialogs.tsx";
import { HelpDialog } from "./help.tsx";
import { NameDialog } from "./name-dialog.tsx";
import { Nav } from "./nav.tsx";
import { Notices } from "./notices.tsx";
import { Palette, openPalette } from "./palette.tsx";
import { sharePresence } from "./presence.ts";
import { TopBar } from "./top-bar.tsx";

const pages: Readonly<Record<ViewName, ReturnType<typeof lazy>>> = {
  world: lazy(() => import("../world-view/world-view.tsx").then((room) => ({ default: room.WorldView }))),
  board: lazy(() => import("../board/board.tsx").then((room) => ({ default: room.Board }))),
  alarms: lazy(() => import("../alarms/alarms.tsx").then((room) => ({ default: room.Alarms }))),
  trends: lazy(() => import("../trends/trends-view.tsx").then((room) => ({ default: room.TrendsView }))),
  assets: lazy(() => import("../assets/assets.tsx").then((room) => ({ default: room.Assets }))),
  decide: lazy(() => import("../decide/decide.tsx").then((room) => ({ default: room.Decide }))),
  changes: lazy(() => import("../changes/changes.tsx").then((room) => ({ default: room.Changes }))),
  connect: lazy(() => import("../connect/connect.tsx").then((room) => ({ default: room.Connect }))),
  settings: lazy(() => import("../settings/settings.tsx").then((room) => ({ default: room.Settings }))),
};

/** Same place for the same thing on every view: nav, top bar, view, inspector, Rail. */
export function Frame(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const address = useStore(studio.address.store);
  const rail = useStore(studio.rail);
  const empty = useStore(studio.world)?.empty === true;
  const [dialog, setDialog] = useState<"help" | "fork" | "propose" | undefined>(undefined);
  const doings = useMemo(
    (): FrameDoings => ({
      openPalette,
      openHelp: () => setDialog("help"),
      openFork: () => setDialog("fork"),
      openPropose: () => {
        if (studio.address.store.get().branch !== LIVE) setDialog("propose");
      },
      undo: () => {
        studio.live
          .undo(studio.address.store.get().branch)
          .then((entry) => studio.notify("plain", t("branch.undone", { reason: entry.reason.replace(/^undo: /, "") })))
          .catch((error: unknown) => studio.notify("trouble", t("branch.undoFailed"), errorText(error)));
      },
      cycleTheme: () =>
        studio.preferences.update((held) => ({
          ...held,
          theme: held.theme === "light" ? "dark" : held.theme === "dark" ? "contrast" : "light",
        })),
      toggleLanguage: () => studio.preferences.update((held) => ({ ...held, language: held.language === "en" ? "zh" : "en" })),
    }),
    [studio, t],
  );
  const actions = useMemo(() => studioActions(studio, doings), [studio, doings]);
  useEffect(() => listenForKeys(actions), [actions]);
  useEffect(() => sharePresence(studio), [studio]);
  useEffect(() => {
    const openPropose = (): void => setDialog("propose");
    const openFork = (): void => setDialog("fork");
    window.addEventListener("doppelwerk-propose", openPropose);
    window.addEventListener("doppelwerk-fork", openFork);
    return () => {
      window.removeEventListener("doppelwerk-propose", openPropose);
      window.removeEventListener("doppelwerk-fork", openFork);
    };
  }, []);
  const Page = pages[address.view];
  const onBranch = address.branch !== LIVE;
  // The explorer shows its subject itself.
  const explores = address.view === "assets" && address.detail !== undefined;
  const sided = address.inspector && address.view !== "settings" && !explores && !empty;
  const hue = branchHue(address.branch, rail?.lanes.find((lane) => lane.branch.id === address.branch)?.hue);
  return (
    <div
      className={`dw-frame ${sided ? "has-inspector" : ""} ${onBranch ? "on-branch" : ""}`}
      style={{ "--hue": `var(--dw-${hue})` } as never}
    >
      <Nav />
      <TopBar onPalette={openPalette} onHelp={doings.openHelp} />
      <main className="dw-view" aria-label={t(`view.${address.view}`)}>
        <Banner />
        <ErrorBoundary at={`${address.view} ${address.detail} ${address.branch}`}>
          <Suspense fallback={<Waiting />}>
            <Page />
          </Suspense>
        </ErrorBoundary>
      </main>
      {!empty && !explores && (
        <ErrorBoundary at={`${address.subject} ${address.tab} ${address.branch}`}>
          <Inspector />
        </ErrorBoundary>
      )}
      <Rail onFork={doings.openFork} tall={address.view === "changes"} />
      <Palette actions={actions} />
      <NameDialog />
      <HelpDialog actions={actions} opened={dialog === "help"} onClose={() => setDialog(undefined)} />
      <ForkDialog opened={dialog === "fork"} onClose={() => setDialog(undefined)} />
      <ProposeDialog opened={dialog === "propose"} onClose={() => setDialog(undefined)} />
      <Notices />
    </div>
  );
}
