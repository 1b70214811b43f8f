import { Button, UnstyledButton } from "@mantine/core";
import { IconGitFork } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { AlarmShape, clockText, datedText, durationText, inLanguage, stateLook, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { Translate } from "@doppelwerk/kit/studio";
import type { Cause, Place, PlaceSums, Summary } from "../contract.ts";
import { shownUnits } from "../model/cause-chains.ts";
import { unknownRows } from "../model/unknown-rows.ts";
import { lossText } from "./loss-words.ts";
import { WaitChain } from "./wait-chain.tsx";

/** The place of a station, with its id in its line. */
export interface Station {
  readonly id: string;
  readonly place: string;
}

interface Causes {
  readonly summary: Summary;
  readonly selected: string | undefined;
  readonly onSelect: (row: string) => void;
  readonly onOpen: (place: string) => void;
  /** Opens a station: on the board of its line, where it is in one. */
  readonly onStation: (station: Station) => void;
  /** A change for the lines of some places; undefined where nothing can be proposed. */
  readonly onPropose: ((places: readonly string[]) => void) | undefined;
}

/** Why places need attention, most units lost first; where none does, when one did last. What is not known is named either way. */
export function CauseList({ summary, selected, onSelect, onOpen, onStation, onPropose }: Causes): ReactNode {
  const { t } = useWords();
  const { causes, rows, total } = summary;
  const unknown = unknownRows(rows.length === 0 ? [total] : rows);
  if (causes.length === 0) return <NoCause summary={summary} unknown={unknown} />;
  const placeOf = (id: string): Place => rows.find(({ place }) => place.id === id)?.place ?? total.place;
  return (
    <>
      <header className="dw-place-side-head">
        <h2>{t("places.causes.title")}</h2>
        <small>{t("places.causes.order")}</small>
      </header>
      <ol className="dw-causes">
        {causes.map((cause, index) => (
          <CauseItem
            key={`${cause.kind} ${cause.place} ${cause.station?.id ?? ""} ${cause.title.en}`}
            cause={cause}
            at={summary.at}
            row={placeOf(cause.row)}
            isFirst={index === 0}
            isSelected={cause.row === selected || cause.follows?.some(({ row }) => row === selected) === true}
            onSelect={() => onSelect(cause.row)}
            onOpen={() => onOpen(cause.place)}
            onStation={onStation}
            onPropose={onPropose && (() => onPropose(concerned(cause)))}
          />
        ))}
      </ol>
      <NotKnown rows={unknown} />
      <Unread {...summary} />
    </>
  );
}

/** The places that a cause is about: of a utility the lines that wait for it. */
function concerned({ place, follows = [] }: Cause): readonly string[] {
  return follows.length > 0 ? follows.map((each) => each.place) : [place];
}

/** What cannot be said while the past is read. */
function Unread({ reading, alarmsUnknownBefore }: Pick<Summary, "reading" | "alarmsUnknownBefore">): ReactNode {
  const { t } = useWords();
  if (reading === undefined) return null;
  const percent = Math.round(reading * 100);
  const text = alarmsUnknownBefore === undefined ? t("places.causes.unread", { percent }) : t("places.causes.unreadAlarms", { percent });
  return <p className="dw-quiet">{text}</p>;
}

/** Places of which nothing is known are not well. */
function NotKnown({ rows }: { readonly rows: readonly PlaceSums[] }): ReactNode {
  const { t, language } = useWords();
  if (rows.length === 0) return null;
  return (
    <p className="dw-quiet dw-place-unknown">
      {t("places.causes.unknown", { places: rows.map(({ place }) => inLanguage(place.title, language)).join(", ") })}
    </p>
  );
}

function NoCause({ summary, unknown }: { readonly summary: Summary; readonly unknown: readonly PlaceSums[] }): ReactNode {
  const { t, language, zone } = useWords();
  const { last, rows, total, at, reading } = summary;
  const isBare = total.signals.total === 0 && total.lines.length === 0;
  const place = [...rows, total].find(({ place: { id } }) => id === last?.place)?.place;
  return (
    <>
      <header className="dw-place-side-head">
        <h2>{t(isBare || unknown.length > 0 || reading !== undefined ? "places.causes.noneKnown" : "places.causes.none")}</h2>
      </header>
      <NotKnown rows={unknown} />
      <Unread {...summary} />
      {/* that there was none is not known before the past is read */}
      {(last !== undefined || reading === undefined) && (
        <p className="dw-quiet">
          {last === undefined
            ? t("places.causes.neverLately")
            : t("places.causes.last", {
                title: inLanguage(last.title, language),
                place: place === undefined ? "none" : inLanguage(place.title, language),
                moment: datedText(last.at, at, zone, language),
              })}
        </p>
      )}
    </>
  );
}

interface ItemProps {
  readonly cause: Cause;
  readonly at: number;
  readonly row: Place;
  readonly isFirst: boolean;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
  readonly onOpen: () => void;
  readonly onStation: Causes["onStation"];
  readonly onPropose: (() => void) | undefined;
}

function CauseItem({ cause, at, row, isFirst, isSelected, onSelect, onOpen, onStation, onPropose }: ItemProps): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const { priority, since, more, waits, station, mostly } = cause;
  const units = shownUnits(cause);
  const delay = alarmDelay(cause);
  const opened = t("places.causes.open", { place: inLanguage(cause.kind === "connection" ? row.title : cause.title, language) });
  const openStation = station && t("places.causes.open", { place: station.id });
  const look = { size: isFirst ? "compact-md" : "compact-sm" };
  return (
    <li className={isSelected ? "is-selected" : undefined}>
      <UnstyledButton className="dw-cause-head" onClick={onSelect} aria-pressed={isSelected}>
        {priority === undefined ? <i className="dw-cause-mark" aria-hidden /> : <AlarmShape priority={priority} size={14} />}
        <b title={causeTitle(cause, t, language)}>{causeTitle(cause, t, language)}</b>
        {units !== undefined && (
          <span {...(station && { title: t("places.causes.stationHint", { station: station.id }) })}>{t(unitsText(cause), { units })}</span>
        )}
      </UnstyledButton>
      <small>
        {[
          ...(station === undefined ? [] : [inLanguage(cause.title, language)]),
          ...(cause.kind === "alarm" || row.id !== cause.place ? [inLanguage(row.title, language)] : []),
          ...(since === undefined ? [] : [t("places.causes.since", { duration: durationText(at - since, language) })]),
          ...(delay === undefined ? [] : [t("places.causes.alarmAfter", { duration: durationText(delay, language) })]),
        ].join(" · ")}
      </small>
      {mostly !== undefined && <small>{t("places.causes.mostly", { losses: lossText(mostly, t) })}</small>}
      {waits !== undefined && <WaitChain waits={waits} isLabelled />}
      <Chain cause={cause} onStation={onStation} />
      {more > 0 && <small>{t("places.causes.more", { count: more })}</small>}
      <p className="dw-cause-acts">
        <Button {...look} {...(!isFirst && { variant: "default" })} onClick={onOpen} title={opened}>
          {opened}
        </Button>
        {station !== undefined && (
          <Button {...look} variant="default" onClick={() => onStation(station)} title={openStation}>
            {openStation}
          </Button>
        )}
        {isFirst && onPropose !== undefined && (
          <Button {...look} variant="default" leftSection={<IconGitFork size={16} />} onClick={onPropose}>
            {t("places.propose.open")}
          </Button>
        )}
        {isFirst && cause.chain.length > 0 && (
          <Button {...look} variant="default" onClick={() => studio.address.go({ view: "alarms", detail: undefined })}>
            {t("places.causes.alarms")}
          </Button>
        )}
      </p>
    </li>
  );
}

/** Units of a stop are its own; of a station and of a line that is behind they are those of the shift so far. */
function unitsText({ kind, follows }: Cause): "places.causes.unitsBehind" | "places.causes.unitsShift" | "places.causes.units" {
  if (kind === "behind") return "places.causes.unitsBehind";
  return kind === "alarm" && follows === undefined ? "places.causes.unitsShift" : "places.causes.units";
}

/** How long after the beginning of what it is of the alarm of a cause came. */
function alarmDelay({ kind, since, chain }: Cause): number | undefined {
  const first = kind === "alarm" && since !== undefined ? chain.find(({ began }) => began === since) : undefined;
  return first && first.at - first.began!;
}

/** The value of an alarm over states is the word of one. */
const isState = (value: string): boolean => stateLook(value) !== "unknown";

/** Alarms in order of time: what came first is the first out, the others follow; then the lines that began to wait after them. */
function Chain({
  cause: { chain, kind, follows = [] },
  onStation,
}: {
  readonly cause: Cause;
  readonly onStation: Causes["onStation"];
}): ReactNode {
  const { t, language, zone } = useWords();
  // what the title says already is not said again
  if (follows.length === 0 && chain.length <= 1 && (kind === "alarm" ? chain[0]?.value === undefined : chain.length === 0)) return null;
  return (
    <ol className="dw-cause-chain">
      {chain.map(({ alarm, at, priority, title, station, place, value, isAcknowledged }, index) => (
        <li key={alarm}>
          <AlarmShape priority={priority} size={10} />
          <time>{clockText(at, zone, false)}</time>
          <span>
            <button
              type="button"
              className="dw-cause-title"
              title={inLanguage(title, language)}
              onClick={() => onStation({ id: station, place })}
            >
              {inLanguage(title, language)}
            </button>
            {value !== undefined && <small> {isState(value) ? t.or(`state.${stateLook(value)}`, value) : value}</small>}
            {station !== "" && !inLanguage(title, language).includes(station) && <small> {station}</small>}
            {chain.length > 1 && index === 0 && <small> {t("places.causes.firstOut")}</small>}
            {!isAcknowledged && <small> {t("places.causes.unacknowledged")}</small>}
          </span>
        </li>
      ))}
      {follows.map(({ place, title, state, since, waits }) => (
        <li key={place} title={t("places.causes.followsHint")}>
          <i className="dw-place-follows" aria-hidden />
          {since !== undefined && <time>{clockText(since, zone, false)}</time>}
          <span>
            {t("places.causes.stopped", { place: inLanguage(title, language), state: t.or(`state.${stateLook(state)}`, state) })}
            <small> {t("places.causes.follows")}</small>
            {waits !== undefined && <WaitChain waits={waits} />}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** A line that stands by its state, alarms by the most urgent of them. */
function causeTitle(cause: Cause, t: Translate, language: "en" | "zh"): string {
  const place = inLanguage(cause.title, language);
  switch (cause.kind) {
    case "stopped":
      return t("places.causes.stopped", { place, state: t.or(`state.${stateLook(cause.state ?? "unknown")}`, cause.state ?? "") });
    case "behind":
      return t("places.causes.behind", { place });
    case "connection":
      return t("places.causes.connection", { name: place });
    case "alarm": {
      const urgent = cause.chain.toSorted((a, b) => a.priority - b.priority || a.at - b.at)[0];
      return urgent === undefined ? place : inLanguage(urgent.title, language);
    }
  }
}
