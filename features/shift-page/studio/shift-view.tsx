import { Button } from "@mantine/core";
import { IconChevronLeft, IconChevronRight, IconDeviceTv, IconFileTypePdf } from "@tabler/icons-react";
import type { ReactNode } from "react";
import {
  clockText,
  dateText,
  dayText,
  Empty,
  Failure,
  instantText,
  NotReadAgain,
  shiftBlock,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
  ViewOutlet,
  Waiting,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { ShiftPage } from "../contract.ts";
import { Handover } from "./handover.tsx";
import { Result } from "./result.tsx";
import { ShiftWall } from "./shift-wall.tsx";
import { WALL } from "./wall.ts";
import { Watch } from "./watch.tsx";
import "./shift-page.css";

const EVERY_MS = 15_000;
const KINDS = ["handoverNote", "handoverSignature"] as const;

/** The shift of the address, or the running one on a wall. */
export default function ShiftView(): ReactNode {
  const { detail } = useStore(useStudio().address.store);
  return detail === WALL ? <ShiftWall /> : <ShiftOfAddress />;
}

/** The shift at the instant shown, or the one that the address names: result, losses, what is open, changed and to be watched, and its handover. */
function ShiftOfAddress(): ReactNode {
  const studio = useStudio();
  const { branch, line, time } = useScope();
  const { t } = useWords();
  const { detail } = useStore(studio.address.store);
  const shown = useStore(time.shown);
  const shift = detail === undefined ? undefined : instantOf(detail);
  const at = shift === undefined && shown !== undefined ? Math.round(shown / 5_000_000) * 5_000_000 : undefined;
  const loaded = useLoad(
    {
      key: ["GET /shift-page", branch, line, shift, at],
      run: ({ client }, signal) =>
        calls.page(client, { query: { branch, line, ...(shift === undefined ? at !== undefined && { t: at } : { shift }) } }, { signal }),
      changedBy: { kinds: KINDS },
    },
    { everyMs: (value) => (value?.shift?.isRunning === true && at === undefined ? EVERY_MS : undefined) },
  );
  const page = loaded.value;
  if (page === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  if (page.shift === undefined) return <Empty title={t("shiftPage.none")} text={t("shiftPage.noneText")} />;
  const own = page.shift;
  const block = { name: own.name, from: own.from, to: own.to, end: own.end, line: page.line, isRunning: own.isRunning };
  return (
    <div className="dw-page dw-shift-view dw-report">
      <div className="dw-shift-main">
        <Head page={page} shift={own} />
        <NotReadAgain loaded={loaded} />
        <Result page={page} shift={own} />
        {studio.views.of(shiftBlock).map((each) => (
          <ViewOutlet key={each.id} view={each} waiting={undefined} props={{ shift: block }} />
        ))}
        <Watch page={page} reload={loaded.reload} />
      </div>
      <Handover page={page} shift={own} reload={loaded.reload} />
    </div>
  );
}

export type ShownShift = NonNullable<ShiftPage["shift"]>;

function instantOf(detail: string): number | undefined {
  const milliseconds = Date.parse(detail);
  return Number.isNaN(milliseconds) ? undefined : milliseconds * 1_000;
}

function Head({ page, shift }: { readonly page: ShiftPage; readonly shift: ShownShift }): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const nameOf = (name: string): string => t.or(`shift.${name.toLowerCase()}`, name);
  const [weekday, date] = [dayText(shift.from, zone, language).split(" ")[0]!, dateText(shift.from, zone, language)];
  const go = (from: number): void => studio.address.go({ detail: instantText(from) });
  return (
    <header className="dw-shift-head">
      <h2>{t("shiftPage.titleOf", { name: nameOf(shift.name), weekday, date })}</h2>
      <span className="dw-quiet-text">
        {clockText(shift.from, zone, false)}–{clockText(shift.end, zone, false)} ·{" "}
        {t(shift.isRunning ? "shiftPage.netSoFar" : "shiftPage.net", { minutes: Math.round(shift.plannedBusyS / 60) })}
      </span>
      <span className="dw-grow" />
      <span className="dw-buttons dw-screen-only">
        <Button
          size="compact-sm"
          variant="default"
          disabled={page.before === undefined}
          leftSection={<IconChevronLeft size={14} />}
          onClick={() => page.before && go(page.before.from)}
        >
          {page.before === undefined ? t("shiftPage.before") : nameOf(page.before.name)}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={page.after === undefined}
          rightSection={<IconChevronRight size={14} />}
          onClick={() => page.after && go(page.after.from)}
        >
          {page.after === undefined ? t("shiftPage.after") : nameOf(page.after.name)}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconDeviceTv size={14} />}
          onClick={() => studio.address.go({ detail: WALL })}
        >
          {t("shiftPage.wall.show")}
        </Button>
        <Button size="compact-sm" variant="default" leftSection={<IconFileTypePdf size={14} />} onClick={() => window.print()}>
          {t("shiftPage.pdf")}
        </Button>
      </span>
    </header>
  );
}
