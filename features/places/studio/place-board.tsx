import { Button } from "@mantine/core";
import { IconGitFork } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import {
  AuditLink,
  auditPage,
  clockText,
  dateText,
  dayText,
  Empty,
  Failure,
  inLanguage,
  NotReadAgain,
  ShellMarks,
  shell,
  useScope,
  useStudio,
  useWords,
  ViewOutlet,
} from "@doppelwerk/kit/studio";
import type { Studio } from "@doppelwerk/kit/studio";
import type { Place, Summary } from "../contract.ts";
import { AreaKpisCard, StockCard } from "./area-kpis-card.tsx";
import { BoardPart } from "./board-part.tsx";
import BoardOrigins from "./board-origins.tsx";
import { BoardKnowledge } from "./board-knowledge.tsx";
import { CauseList, type Station } from "./cause-list.tsx";
import { CostText } from "./cost-cell.tsx";
import { EnergyText } from "./energy-text.tsx";
import { goToPlace } from "./go-to-place.ts";
import { useWhy } from "./known.ts";
import { PlaceGround } from "./place-ground.tsx";
import { shownKind } from "./shown-kind.ts";
import { ProposeDialog, useCanPropose } from "./propose-dialog.tsx";
import { PlaceTable } from "./place-table.tsx";
import { useBoardFlight } from "./scene-flight.ts";
import { Unknown } from "./unknown.tsx";
import { usePlaces } from "./use-places.ts";
import { useRailLines } from "./use-rail-lines.ts";
import { useSummary } from "./use-summary.ts";
import { wholeOf } from "./whole-of.ts";
import { ValueList } from "./value-list.tsx";
import "./places.css";

/** The board of a place; where none is named that of the site, if there are several lines, else the board of the line. */
export default function PlaceBoard({ place, children }: { readonly place: string | undefined; readonly children?: ReactNode }): ReactNode {
  return place === undefined ? <WholeBoard>{children}</WholeBoard> : <BoardOfPlace place={place} />;
}

/** Goes to the place that holds all lines; stays where there is one line or none. Until that is known nothing is read for a board that may not be shown. */
function WholeBoard({ children }: { readonly children: ReactNode }): ReactNode {
  const studio = useStudio();
  const { kind, value } = usePlaces();
  const whole = wholeOf(value?.places ?? []);
  useEffect(() => {
    if (whole !== undefined) studio.address.amend({ detail: whole });
  }, [studio, whole]);
  return whole !== undefined || (kind === "loading" && value === undefined) ? <Outline /> : children;
}

/** The board of a place: which of the places in it needs attention first and why, and what adds up. */
function BoardOfPlace({ place }: { readonly place: string }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const tree = usePlaces();
  const places = tree.value?.places ?? [];
  const loaded = useSummary(place);
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
  const { branch } = useScope();
  const { t, language } = useWords();
  const [selected, setSelected] = useState<string | undefined>(undefined);
  const [proposed, setProposed] = useState<readonly string[] | undefined>(undefined);
  const canPropose = useCanPropose() && summary.total.lines.length > 0;
  const { total, rows, path } = summary;
  useRailLines(summary, places);
  const place = path.at(-1)!;
  const placeOf = (id: string): Place | undefined => places.find((candidate) => candidate.id === id);
  const { open, scene } = useBoardFlight(place.id, (id) => {
    if (placeOf(id) !== undefined) goToPlace(studio, placeOf(id)!, places);
  });
  // what is computed of past and present is that of live
  const hasAudit = branch === LIVE && studio.views.of(auditPage).length > 0;
  const openOee = (id: string): void =>
    studio.address.go({ view: "board", audit: "oee.oee", line: placeOf(id)?.line, detail: undefined, subject: undefined });
  const isBare = total.contains === 0 && total.signals.total === 0 && total.lines.length === 0;
  return (
    <BoardKnowledge summary={summary}>
      <div className="dw-page dw-place-board">
        <div className="dw-place-main">
          <BoardHead summary={summary} line={placeOf(place.id)?.line} {...(canPropose && { onPropose: () => setProposed([]) })} />
          <BoardOrigins />
          <NotReadAgain loaded={loaded as Parameters<typeof NotReadAgain>[0]["loaded"]} />
          <Storage summary={summary} />
          <BoardPart name={t("places.board.plan")} at={summary.at}>
            <PlaceGround {...{ places, summary, selected, scene }} root={place} onSelect={setSelected} onOpen={open} />
          </BoardPart>
          {isBare ? (
            <Empty title={t("places.board.bare", { place: inLanguage(place.title, language) })} text={t("places.board.bareText")} />
          ) : (
            <BoardPart name={t("places.board.table")} at={summary.at}>
              <PlaceTable summary={summary} selected={selected} onOpen={open} onOee={hasAudit ? openOee : undefined} />
            </BoardPart>
          )}
          {total.lines.length === 0 && total.signals.total > 0 && <AreaKpisCard key={place.id} place={place.id} />}
          {rows.length === 0 && total.values.length > 0 && <ValueList values={total.values} />}
          <OtherCards path={path} />
        </div>
        <aside className="dw-place-side" aria-label={t("places.causes.title")}>
          <BoardPart name={t("places.causes.title")} at={summary.at}>
            <CauseList
              summary={summary}
              selected={selected}
              onSelect={setSelected}
              onOpen={open}
              onStation={stationOpener(studio, places, open)}
              onPropose={canPropose ? setProposed : undefined}
            />
          </BoardPart>
        </aside>
        {proposed !== undefined && (
          <ProposeDialog places={places} root={place.id} chosen={proposed} onClose={() => setProposed(undefined)} />
        )}
      </div>
    </BoardKnowledge>
  );
}

/** What lies where, in a storage zone and in each place in it. */
function Storage({ summary: { path, total, at } }: { readonly summary: Summary }): ReactNode {
  const { t } = useWords();
  const { id } = path.at(-1)!;
  if (!path.some(({ kind }) => kind === "storageZone") || total.lines.length > 0) return null;
  return (
    <BoardPart name={t("places.stock.byLocation")} at={at}>
      <StockCard key={id} place={id} />
    </BoardPart>
  );
}

/** Cards of other features for any place; of the outermost one: of the whole world. */
function OtherCards({ path }: Pick<Summary, "path">): ReactNode {
  const studio = useStudio();
  const { language } = useWords();
  const place = path.at(-1)!;
  return studio.views
    .of(shell.tile)
    .filter(({ data }) => data.anywhere === true)
    .map((tile) => (
      <ViewOutlet
        key={tile.id}
        view={tile}
        props={{ title: inLanguage(place.title, language), ...(path.length > 1 && { place: place.id }) }}
      />
    ));
}

/** Opens a station on the board of its line, where it is in one. */
function stationOpener(studio: Studio, places: readonly Place[], open: (place: string) => void): (station: Station) => void {
  return ({ id, place }) => {
    const line = lineAbove(places, place);
    if (line === undefined || id === "") open(place);
    else studio.address.go({ view: "board", line, detail: undefined, subject: id, inspector: true });
  };
}

/** The id of the line that a place stands in. */
function lineAbove(places: readonly Place[], id: string): string | undefined {
  const byId = new Map(places.map((place) => [place.id, place]));
  let at = byId.get(id);
  for (let depth = 0; at !== undefined && depth < places.length; depth++) {
    if (at.line !== undefined) return at.line;
    at = byId.get(at.parent ?? "");
  }
  return undefined;
}

/** What the place used in this shift and what that cost, above the fold; the sum of the table says the same with its notes. */
function HeadEnergy({ of, isPriced }: { readonly of: Summary["total"]; readonly isPriced: boolean }): ReactNode {
  const { t } = useWords();
  const why = useWhy(of.unknownS);
  return (
    <span className="dw-quiet-text dw-place-head-energy">
      {t("places.board.energy")}{" "}
      <b>
        <EnergyText of={of} />
      </b>{" "}
      kWh
      {isPriced && (
        <>
          {" · "}
          {t("places.board.cost")}{" "}
          <b>
            {of.cost === undefined ? (
              <Unknown why={why.unknown ?? t("places.table.noCost")} />
            ) : (
              <CostText cost={of.cost} unknownS={of.unknownS} />
            )}
          </b>
        </>
      )}
    </span>
  );
}

function BoardHead({
  summary: { path, total, shift, at, live, reading, priced },
  line,
  onPropose,
}: {
  readonly summary: Summary;
  /** Where the place is a line, its id. */
  readonly line: string | undefined;
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
      <span className="dw-quiet-text">{t(`places.kind.${shownKind(place, path.at(-2))}`)}</span>
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
      {shift !== undefined && (total.energy !== undefined || total.unknownMeters !== undefined) && (
        <BoardPart name={t("places.board.energy")} at={at}>
          <HeadEnergy of={total} isPriced={priced} />
        </BoardPart>
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
          onClick={() => studio.address.go({ view: "board", line, detail: undefined, subject: undefined })}
        >
          {t("places.board.lineBoard")}
        </Button>
      )}
    </header>
  );
}
