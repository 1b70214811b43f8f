import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import type { ComponentType, MouseEvent, ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import type { Address, PageData, Studio, Translate, View } from "@doppelwerk/ui";
import { auditPage, branchHue, inLanguage, shell, useStore, useStudio, useWords, ViewFence, ViewOutlet, Waiting } from "@doppelwerk/ui";
import { Inspector } from "../inspector/inspector.tsx";
import { Rail } from "../rail/rail.tsx";
import { HELP, listenForKeys, studioActions } from "./actions.ts";
import { Banner } from "./banner.tsx";
import { Dialogs } from "./dialogs.tsx";
import { LiveNote } from "./live-note.tsx";
import { Nav } from "./nav.tsx";
import { Notices } from "./notices.tsx";
import { partOfPage } from "./part-of-page.ts";
import { sharePresence } from "./presence.ts";
import { TopBar } from "./top-bar.tsx";
import { useLineOfSubject } from "./use-line-of-subject.ts";

const loadPalette = () => import("./palette.tsx");
const Palette = lazy(loadPalette);
/** The palette comes after the first picture, so that its key finds it. */
const PALETTE_AFTER_MS = 2000;

/** Id of what the link at the beginning of the page skips to. */
const CONTENT = "content";

/** Same place for the same thing on every view: nav, top bar, view, inspector, Rail. */
export function Frame(): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const address = useStore(studio.address.store);
  const branches = useStore(studio.branches);
  const world = useStore(studio.world);
  const rail = useStore(studio.rail);
  const empty = world?.empty === true;
  const [hasPalette, setHasPalette] = useState(false);
  const openPalette = useCallback(() => {
    setHasPalette(true);
    void loadPalette().then((room) => room.togglePalette());
  }, []);
  const actions = useMemo(() => studioActions(studio, openPalette), [studio, openPalette]);
  useEffect(() => listenForKeys(actions), [actions]);
  useEffect(() => sharePresence(studio), [studio]);
  useLineOfSubject();
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
  const title = page === undefined ? "" : t(page.data.title);
  const branch = onBranch ? branches.find(({ id }) => id === address.branch)?.name : undefined;
  const part = audit === undefined ? partTitle(studio, page?.data, address.detail, t) : undefined;
  useTitle([title, part, branch, inLanguage(world?.title, language)]);
  if (page !== undefined && isOfWall(page.data, address)) return <Wall page={page} title={title} branch={address.branch} />;
  return (
    <div
      className={`dw-frame ${beside && address.inspector ? "has-inspector" : ""} ${onBranch ? "on-branch" : ""}`}
      style={{ "--hue": `var(--dw-${hue})` } as never}
    >
      <a className="dw-skip" href={`#${CONTENT}`} onClick={skipToContent}>
        {t("frame.skip")}
      </a>
      <Nav />
      <TopBar onPalette={openPalette} onHelp={() => studio.dialog.set(HELP)} hasInspector={inspector !== "never"} />
      <main id={CONTENT} tabIndex={-1} className="dw-view" aria-label={title}>
        {audit === undefined && <h1 className="dw-visually-hidden">{title}</h1>}
        <Banner />
        {audit === undefined && page?.data.isOfLive === true && <LiveNote />}
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

function isOfWall({ isWall }: PageData, { detail, audit }: Address): boolean {
  return detail !== undefined && audit === undefined && isWall?.(detail) === true;
}

/** The page alone, larger: for a screen that nobody stands at. What fails is shown in its place, and what a dialog asks is asked. */
function Wall({
  page,
  title,
  branch,
}: {
  readonly page: View<PageData, ComponentType>;
  readonly title: string;
  readonly branch: string;
}): ReactNode {
  return (
    <main id={CONTENT} tabIndex={-1} className="dw-wall" aria-label={title}>
      <h1 className="dw-visually-hidden">{title}</h1>
      <ViewOutlet key={page.id} view={page} at={branch} waiting={<Waiting />} />
    </main>
  );
}

/** Of the part of the page that the address names. */
function partTitle(studio: Studio, page: PageData | undefined, detail: string | undefined, t: Translate): string | undefined {
  const title = partOfPage(studio, page, detail)?.title;
  return title === undefined ? undefined : t(title);
}

/** Not by the address, which is that of the view. */
function skipToContent(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById(CONTENT)?.focus();
}

/** What the window shows, the most particular first, as its title. */
function useTitle(parts: readonly (string | undefined)[]): void {
  const title = [...parts, "Doppelwerk"].filter((part) => part !== undefined && part !== "").join(" · ");
  useEffect(() => {
    document.title = title;
  }, [title]);
}
