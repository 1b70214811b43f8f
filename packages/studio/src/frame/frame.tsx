import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import { auditPage, branchHue, shell, useStore, useStudio, useWords, ViewFence, ViewOutlet, Waiting } from "@doppelwerk/ui";
import { Inspector } from "../inspector/inspector.tsx";
import { Rail } from "../rail/rail.tsx";
import { HELP, listenForKeys, studioActions } from "./actions.ts";
import { Banner } from "./banner.tsx";
import { Dialogs } from "./dialogs.tsx";
import { Nav } from "./nav.tsx";
import { Notices } from "./notices.tsx";
import { sharePresence } from "./presence.ts";
import { TopBar } from "./top-bar.tsx";

const loadPalette = () => import("./palette.tsx");
const Palette = lazy(loadPalette);
/** The palette comes after the first picture, so that its key finds it. */
const PALETTE_AFTER_MS = 2000;

/** Same place for the same thing on every view: nav, top bar, view, inspector, Rail. */
export function Frame(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const address = useStore(studio.address.store);
  const rail = useStore(studio.rail);
  const empty = useStore(studio.world)?.empty === true;
  const [hasPalette, setHasPalette] = useState(false);
  const openPalette = useCallback(() => {
    setHasPalette(true);
    void loadPalette().then((room) => room.togglePalette());
  }, []);
  const actions = useMemo(() => studioActions(studio, openPalette), [studio, openPalette]);
  useEffect(() => listenForKeys(actions), [actions]);
  useEffect(() => sharePresence(studio), [studio]);
  useEffect(() => {
    const timer = setTimeout(() => setHasPalette(true), PALETTE_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  const page = studio.views.of(shell.page).find(({ data }) => data.path === `/${address.view}`);
  const onBranch = address.branch !== LIVE;
  const { inspector = "always", tallRail = false } = page?.data ?? {};
  const [audit] = address.audit === undefined ? [] : studio.views.of(auditPage);
  const beside = audit === undefined && !empty && inspector !== "never" && !(inspector === "overview" && address.detail !== undefined);
  const hue = branchHue(address.branch, rail?.lanes.find((lane) => lane.branch.id === address.branch)?.hue);
  return (
    <div
      className={`dw-frame ${beside && address.inspector ? "has-inspector" : ""} ${onBranch ? "on-branch" : ""}`}
      style={{ "--hue": `var(--dw-${hue})` } as never}
    >
      <Nav />
      <TopBar onPalette={openPalette} onHelp={() => studio.dialog.set(HELP)} hasInspector={inspector !== "never"} />
      <main className="dw-view" aria-label={page === undefined ? "" : t(page.data.title)}>
        <Banner />
        {audit !== undefined && <ViewOutlet key={audit.id} view={audit} at={address.branch} waiting={<Waiting />} />}
        {page !== undefined && audit === undefined && (
          <ViewOutlet key={page.id} view={page} at={`${address.detail} ${address.branch}`} waiting={<Waiting />} />
        )}
      </main>
      {beside && (
        <ViewFence name={t("frame.inspector")} at={`${address.subject} ${address.tab} ${address.branch}`}>
          <Inspector />
        </ViewFence>
      )}
      <Rail tall={tallRail} />
      {hasPalette && (
        <Suspense fallback={null}>
          <Palette actions={actions} />
        </Suspense>
      )}
      <Dialogs actions={actions} />
      <Notices />
    </div>
  );
}
