import { Button } from "@mantine/core";
import { IconGitFork } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import {
  AuditLink,
  clockText,
  dateText,
  dayText,
  Empty,
  Failure,
  inLanguage,
  NotReadAgain,
  ShellMarks,
  shell,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
  ViewOutlet,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Place, Summary } from "../contract.ts";
import { AreaKpisCard } from "./area-kpis-card.tsx";
import { CauseList } from "./cause-list.tsx";
import { goToPlace } from "./go-to-place.ts";
import { ReadingContext } from "./known.ts";
import { PlaceGround } from "./place-ground.tsx";
import { ProposeDialog, useCanPropose } from "./propose-dialog.tsx";
import { PlaceTable } from "./place-table.tsx";
import { useBoardFlight } from "./scene-flight.ts";
import { usePlaces } from "./use-places.ts";
import { useRailLines } from "./use-rail-lines.ts";
import { wholeOf } from "./whole-of.ts";
import { ValueList } from "./value-list.tsx";
import "./places.css";

/** What is due, and how long something lasts, grows with the clock; everything else is pushed. */
const EVERY_MS = 30_000;
const PUSHED = { "places.changed": () => true, "connect.status": () => true };

/** The board of a place; where none is named that of the site, if there are several lines, else the board of the line. */
export default function PlaceBoard({ place, children }: { readonly place: string | undefined; readonly children?: ReactNode }): ReactNode {
  return place === undefined ? <WholeBoard>{children}</WholeBoard> : <BoardOfPlace place={place} />;
}

/** Goes to the place that holds all lines; stays where there is one line or none. */
function WholeBoard({ children }: { readonly children: ReactNode }): ReactNode {
  const studio = useStudio();
  const whole = wholeOf(usePlaces().value?.places ?? []);
  useEffect(() => {
    if (whole !== undefined) studio.address.amend({ detail: whole });
  }, [studio, whole]);
  return children;
}

/** The board of a place: which of the places in it needs attention first and why, and what adds up. */
function BoardOfPlace({ place }: { readonly place: string }): ReactNode {
  const studio = useStudio();
  const { branch, time } = useScope();
  const { t } = useWords();
  const shown = useStore(time.shown);
  const tree = usePlaces();
  const places = tree.value?.places ?? [];
  const loaded = useLoad(
    {
      key: ["GET /places/:id/summary", place, shown === undefined ? "live" : Math.round(shown / 5_000_000)],
      run: ({ client }, signal) => {
        const query = { branch, ...(shown !== undefined && { t: Math.round(shown) }) };
        return calls.summary(client, { params: { id: place }, query }, { signal });
      },
      ...(shown === undefined && { changedBy: { topics: PUSHED } }),
    },
    { everyMs: shown === undefined ? EVERY_MS : undefined },
  );
  if (loaded.value !== undefined) return <Board summary={loaded.value} places={places} loaded={loaded} />;
  if (tree.value !== undefined && !places.some(({ id }) => id === place)) {
    const [outermost] = places;
    return (
      <Empty
        title={t("places.board.noPlace")}
        text={t("places.board.noPlaceText")}
        {...(outermost && { action: t("places.board.outermost"), onAction: () => goToPlace(studio, outermost, places) })}
      />
    );
  }
  return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Outline />;
}

/** The layout, while what stands in it is loaded. */
function Outline(): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-page dw-place-board" role="status" aria-label={t("frame.loading")}>
      <div className="dw-place-main">
        <div className="dw-rows-outline">
          {Array.from({ length: 6 }, (_, row) => (
            <i key={row} />
          ))}
        </div>
      </div>
      <aside className="dw-place-side">
        <div className="dw-rows-outline">
          <i />
          <i />
          <i />
        </div>
      </aside>
    </div>
  );
}

interface Loading {
  readonly kind: "loading" | "ready" | "failed";
  readonly reload: () => void;
}

function Board({
  summary,
  places,
  loaded,
}: {
  readonly summary: Summary;
  readonly places: readonly Place[];
  readonly loaded: Loading;
}): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const [selected, setSelected] = useState<string | undefined>(undefined);
  const [proposed, setProposed] = useState<readonly string[] | undefined>(undefined);
  const canPropose = useCanPropose() && summary.total.lines.length > 0;
  const { total, rows, path } = summary;
  useRailLines(summary, places);
  const place = path.at(-1)!;
  const { open, scene } = useBoardFlight(place.id, (id) => {
    const found = places.find((candidate) => candidate.id === id);
    if (found !== undefined) goToPlace(studio, found, places);
  });
  const isBare = total.contains === 0 && total.signals.total === 0 && total.lines.length === 0;
  return (
    <ReadingContext value={summary.reading}>
      <div className="dw-page dw-place-board">
        <div className="dw-place-main">
          <BoardHead summary={summary} {...(canPropose && { onPropose: () => setProposed([]) })} />
          <NotReadAgain loaded={loaded as Parameters<typeof NotReadAgain>[0]["loaded"]} />
          <PlaceGround {...{ places, summary, selected, scene }} root={place} onSelect={setSelected} onOpen={open} />
          {isBare ? (
            <Empty title={t("places.board.bare", { place: inLanguage(place.title, language) })} text={t("places.board.bareText")} />
          ) : (
            <PlaceTable summary={summary} selected={selected} onSelect={setSelected} onOpen={open} />
          )}
          {total.lines.length === 0 && total.signals.total > 0 && <AreaKpisCard key={place.id} place={place.id} />}
          {rows.length === 0 && total.values.length > 0 && <ValueList values={total.values} />}
          {/* of the outermost place: of the whole world */}
          {studio.views
            .of(shell.tile)
            .filter(({ data }) => data.anywhere === true)
            .map((tile) => (
              <ViewOutlet key={tile.id} view={tile} props={path.length === 1 ? {} : { place: place.id }} />
            ))}
        </div>
        <aside className="dw-place-side" aria-label={t("places.causes.title")}>
          <CauseList
            summary={summary}
            selected={selected}
            onSelect={setSelected}
            onOpen={open}
            onPropose={canPropose ? setProposed : undefined}
          />
        </aside>
        {proposed !== undefined && (
          <ProposeDialog places={places} root={place.id} chosen={proposed} onClose={() => setProposed(undefined)} />
        )}
      </div>
    </ReadingContext>
  );
}

function BoardHead({
  summary: { path, total, shift, at, live, reading },
  onPropose,
}: {
  readonly summary: Summary;
  readonly onPropose?: () => void;
}): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t, language, zone } = useWords();
  const place = path.at(-1)!;
  const day = (instant: number): string =>
    language === "zh"
      ? `${dateText(instant, zone, language)} ${dayText(instant, zone, language).split(" ")[0]!}`
      : `${dayText(instant, zone, language).split(" ")[0]!} ${dateText(instant, zone, language)}`;
  return (
    <header className="dw-place-head">
      <h2 title={inLanguage(place.title, language)}>{inLanguage(place.title, language)}</h2>
      <span className="dw-quiet-text">{t(`places.kind.${place.kind}`)}</span>
      <ShellMarks shell={place.shell} />
      {shift !== undefined && (
        <span className="dw-quiet-text">
          {t("places.board.shift", {
            shift: t.or(`shift.${shift.name.toLowerCase()}`, shift.name),
            day: day(shift.from),
            until: clockText(shift.to, zone, false),
          })}
        </span>
      )}
      {!live && <span className="dw-quiet-text">{t("places.board.asOf", { clock: clockText(at, zone) })}</span>}
      {reading !== undefined && <span className="dw-quiet-text">{t("places.board.reading", { percent: Math.round(reading * 100) })}</span>}
      {branch !== LIVE && <span className="dw-quiet-text">{t("places.board.onBranch")}</span>}
      <span className="dw-grow" />
      {branch === LIVE && <AuditLink figure={total.lines.length > 0 ? "place.good" : "place.alarms"} place={place.id} />}
      {onPropose !== undefined && (
        <Button size="compact-sm" variant="default" leftSection={<IconGitFork size={16} />} onClick={onPropose}>
          {t("places.propose.open")}
        </Button>
      )}
      {total.lines.length === 1 && place.kind === "productionLine" && (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => studio.address.go({ view: "board", detail: undefined, subject: undefined })}
        >
          {t("places.board.lineBoard")}
        </Button>
      )}
    </header>
  );
}
