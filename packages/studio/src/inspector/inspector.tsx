import { ActionIcon, Drawer, Tooltip, UnstyledButton } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconLayoutSidebarRightCollapse } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import type { PointerEvent, ReactNode } from "react";
import { inLanguage, inspectorTabs, stationName, useStore, useStudio, useSubject, useWords } from "@doppelwerk/ui";
import type { InspectorTab } from "@doppelwerk/ui";
import { NowTab } from "./now-tab.tsx";
import { LineNow } from "./line-now.tsx";
import { AlarmsTab } from "./alarms-tab.tsx";
import { DocumentsTab } from "./documents-tab.tsx";
import { HistoryTab } from "./history-tab.tsx";
import { LinksTab } from "./links-tab.tsx";
import "./inspector.css";

const TrendTab = lazy(() => import("./trend-tab.tsx").then((room) => ({ default: room.TrendTab })));
const tabs: Readonly<Record<InspectorTab, () => ReactNode>> = {
  now: NowTab,
  trend: () => <TrendTab />,
  alarms: AlarmsTab,
  documents: DocumentsTab,
  history: HistoryTab,
  links: LinksTab,
};

const NARROWEST = 280;
const WIDEST = 620;

/** One subject, the same in every view, as a side panel; on a phone as a sheet. */
export function Inspector(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { inspector, view, subject } = useStore(studio.address.store);
  const { inspectorWidth } = useStore(studio.preferences);
  const phone = useMediaQuery("(max-width: 700px)") ?? false;
  if (view === "settings") return null;
  if (phone) {
    return (
      <Drawer
        opened={subject !== undefined && inspector}
        onClose={() => studio.address.amend({ subject: undefined })}
        position="bottom"
        size="68%"
        withCloseButton={false}
        overlayProps={{ backgroundOpacity: 0.12 }}
        classNames={{ body: "dw-sheet", content: "dw-sheet-content" }}
      >
        <span className="dw-sheet-grip" />
        <Panel />
      </Drawer>
    );
  }
  if (!inspector) return null;
  const resize = (event: PointerEvent<HTMLDivElement>): void => {
    const start = event.clientX;
    const target = event.currentTarget;
    target.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent): void =>
      studio.preferences.update((held) => ({
        ...held,
        inspectorWidth: Math.min(WIDEST, Math.max(NARROWEST, inspectorWidth + start - moved.clientX)),
      }));
    target.addEventListener("pointermove", move);
    target.addEventListener("pointerup", () => target.removeEventListener("pointermove", move), { once: true });
  };
  return (
    <aside className="dw-side" style={{ width: `min(${inspectorWidth}px, 34vw)` }} aria-label={t("frame.inspector")}>
      <div className="dw-side-edge" onPointerDown={resize} title={t("frame.resize")} />
      <Tooltip label={`${t("frame.closeInspector")}  I`} position="left">
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
      </Tooltip>
      <Panel />
    </aside>
  );
}

function Panel(): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const { tab } = useStore(studio.address.store);
  const subject = useSubject();
  const line = useStore(studio.line);
  const Tab = tabs[tab];
  return (
    <>
      <header className="dw-side-head">
        <h2>
          {subject === undefined ? inLanguage(line?.name, language) : `${subject.station.id} ${stationName(subject.station, language)}`}
        </h2>
        <p>
          {subject === undefined ? (
            line === undefined ? (
              ""
            ) : (
              t(line.taktS > 0 ? "inspector.lineFacts" : "inspector.lineStations", { count: line.stations.length, takt: line.taktS })
            )
          ) : (
            <SubjectFacts />
          )}
        </p>
      </header>
      {subject === undefined ? (
        <div className="dw-side-body">
          <LineNow />
        </div>
      ) : (
        <>
          <div className="dw-tabs" role="tablist">
            {inspectorTabs.map((name) => (
              <UnstyledButton
                key={name}
                role="tab"
                aria-selected={name === tab}
                className={name === tab ? "is-on" : ""}
                onClick={() => studio.address.amend({ tab: name })}
              >
                {t(`inspector.${name}`)}
              </UnstyledButton>
            ))}
          </div>
          <div className="dw-side-body" role="tabpanel" aria-label={t(`inspector.${tab}`)}>
            <Suspense fallback={null}>
              <Tab />
            </Suspense>
          </div>
        </>
      )}
    </>
  );
}

function SubjectFacts(): ReactNode {
  const { t } = useWords();
  const subject = useSubject();
  if (subject === undefined) return null;
  const { station } = subject;
  return (
    <>
      {station.places > 1 && `${t("inspector.places", { count: station.places })} · `}
      {t("inspector.ideal", { seconds: station.idealCycleS.toFixed(1) })}
      {station.constraint && ` · ${t("inspector.constraint")}`}
    </>
  );
}
