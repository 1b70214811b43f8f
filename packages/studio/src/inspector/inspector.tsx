import { ActionIcon } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconLayoutSidebarRightCollapse } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import type { KeyboardEvent, PointerEvent, ReactNode } from "react";
import type { StationInfo } from "@doppelwerk/client";
import { LIVE } from "@doppelwerk/world";
import {
  Hint,
  Failure,
  ScrollRegion,
  TabList,
  ViewOutlet,
  Waiting,
  inLanguage,
  shell,
  stationTitle,
  useIsWholeSite,
  useStore,
  useStudio,
  useSubject,
  useWords,
} from "@doppelwerk/ui";
import "./inspector.css";

/** Only on a phone. */
const Sheet = lazy(() => import("./sheet.tsx"));

const NARROWEST = 280;
const WIDEST = 620;
/** A press of an arrow key on its edge. */
const STEP = 20;

/** One subject, the same in every view, as a side panel; on a phone as a sheet. */
export function Inspector(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { inspector, subject } = useStore(studio.address.store);
  const { inspectorWidth } = useStore(studio.preferences);
  const phone = useMediaQuery("(max-width: 700px)") ?? false;
  if (phone) {
    return (
      <Suspense fallback={null}>
        <Sheet opened={subject !== undefined && inspector} onClose={() => studio.address.amend({ subject: undefined })}>
          <Panel />
        </Sheet>
      </Suspense>
    );
  }
  if (!inspector) return null;
  const widen = (width: number): void =>
    studio.preferences.update((held) => ({ ...held, inspectorWidth: Math.min(WIDEST, Math.max(NARROWEST, width)) }));
  const onEdgeKey = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    event.stopPropagation();
    widen(inspectorWidth + (event.key === "ArrowLeft" ? STEP : -STEP));
  };
  const resize = (event: PointerEvent<HTMLDivElement>): void => {
    const start = event.clientX;
    const target = event.currentTarget;
    target.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent): void => widen(inspectorWidth + start - moved.clientX);
    target.addEventListener("pointermove", move);
    target.addEventListener("pointerup", () => target.removeEventListener("pointermove", move), { once: true });
  };
  return (
    <aside className="dw-side" style={{ width: `min(${inspectorWidth}px, 34vw)` }} aria-label={t("frame.inspector")}>
      <div
        className="dw-side-edge"
        role="separator"
        tabIndex={0}
        aria-orientation="vertical"
        aria-label={t("frame.resize")}
        aria-valuemin={NARROWEST}
        aria-valuemax={WIDEST}
        aria-valuenow={inspectorWidth}
        title={t("frame.resize")}
        onPointerDown={resize}
        onKeyDown={onEdgeKey}
      />
      <Hint label={t("frame.closeInspector")} keys="I" position="left">
        <ActionIcon
          className="dw-side-close"
          variant="subtle"
          color="gray"
          size={24}
          aria-label={t("frame.closeInspector")}
          onClick={() => studio.address.amend({ inspector: false })}
        >
          <IconLayoutSidebarRightCollapse size={16} />
        </ActionIcon>
      </Hint>
      <Panel />
    </aside>
  );
}

function Panel(): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const { tab: name, branch, line: chosen } = useStore(studio.address.store);
  const subject = useSubject();
  const read = useStore(studio.line);
  const isWholeSite = useIsWholeSite();
  const line = isWholeSite ? undefined : read;
  const world = useStore(studio.world);
  // a line that is still being read is no missing line
  const isReading = line === undefined && !isWholeSite && world?.line !== false;
  const kind = subject !== undefined ? "station" : line === undefined ? "plant" : "line";
  const tabs = isReading ? [] : studio.views.of(shell.tab).filter(({ data }) => data.accepts.includes(kind));
  const tab = tabs.find(({ data }) => data.name === name) ?? tabs[0];
  // without a line it is about the world as a whole
  const named = isReading ? world?.lines.find(({ id }) => id === (chosen ?? world.lines[0]?.id))?.title : (line?.name ?? world?.title);
  const title = subject === undefined ? inLanguage(named, language) || t("frame.inspector") : stationTitle(subject.station, language);
  return (
    <>
      <div className="dw-side-head">
        <h2 title={title}>{title}</h2>
        <p>
          {subject === undefined ? (
            line === undefined ? (
              world?.line === false && t("world.emptyTitle")
            ) : (
              t(line.taktS > 0 ? "inspector.lineFacts" : "inspector.lineStations", { count: line.stations.length, takt: line.taktS })
            )
          ) : (
            <SubjectFacts />
          )}
        </p>
      </div>
      {tabs.length > 1 && (
        <TabList
          label={t("frame.inspector")}
          tabs={tabs.map(({ data }) => ({ name: data.name, title: t(data.title) }))}
          chosen={tab!.data.name}
          onChoose={(other) => studio.address.amend({ tab: other })}
        />
      )}
      {isReading && <LineOnItsWay />}
      {tab !== undefined && (
        <ScrollRegion className="dw-side-body" label={t(tab.data.title)} {...(tabs.length > 1 && { role: "tabpanel" as const })}>
          {tab.data.isOfLive === true && branch !== LIVE && <p className="dw-live-mark">{t("frame.livePlantNotBranch")}</p>}
          <ViewOutlet key={tab.id} view={tab} at={`${subject?.station.id} ${branch}`} />
          {studio.views
            .of(shell.section)
            .filter(({ data }) => data.tab === tab.data.name && data.accepts.includes(kind))
            .map((section) => (
              <ViewOutlet key={section.id} view={section} at={`${subject?.station.id} ${branch}`} />
            ))}
        </ScrollRegion>
      )}
    </>
  );
}

/** In place of what the inspector says of a line that is being read, or cannot be. */
function LineOnItsWay(): ReactNode {
  const studio = useStudio();
  const failure = useStore(studio.loadFailure);
  return failure === undefined ? <Waiting /> : <Failure {...failure} onRetry={() => studio.commits.update((count) => count + 1)} />;
}

/** Of several places that work side by side both: how long a unit is on one, and how often one is done when all work. */
function idealText({ idealCycleS, places }: StationInfo, t: ReturnType<typeof useWords>["t"]): string {
  if (idealCycleS <= 0) return t("inspector.noIdeal");
  const seconds = idealCycleS.toFixed(1);
  return places > 1
    ? t("inspector.idealOfPlaces", { seconds, places, unit: (idealCycleS / places).toFixed(1) })
    : t("inspector.ideal", { seconds });
}

function SubjectFacts(): ReactNode {
  const { t } = useWords();
  const line = useStore(useStudio().line);
  const subject = useSubject();
  if (subject === undefined) return null;
  const { station } = subject;
  const takt = line?.taktS ?? 0;
  const facts = [
    station.places > 1 ? t("inspector.places", { count: station.places }) : "",
    idealText(station, t),
    station.constraint ? t("inspector.constraint") : "",
    // where a takt is planned the ideal cycle is not what OEE is computed with
    station.constraint && takt > 0 ? t("inspector.oeeByTakt", { takt }) : "",
  ];
  return facts.filter((fact) => fact !== "").join(" · ");
}
