import { Button, UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import { AlarmShape, clockText, datedText, durationText, inLanguage, stateLook, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { Translate } from "@doppelwerk/kit/studio";
import type { Cause, Place, Summary } from "../contract.ts";

interface Causes {
  readonly summary: Summary;
  readonly selected: string | undefined;
  readonly onSelect: (row: string) => void;
  readonly onOpen: (place: string) => void;
}

/** Why places need attention, the most urgent first; where none does, when one did last. */
export function CauseList({ summary, selected, onSelect, onOpen }: Causes): ReactNode {
  const { t } = useWords();
  const { causes, rows, total } = summary;
  if (causes.length === 0) return <AllNormal summary={summary} />;
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
            key={`${cause.kind} ${cause.place} ${cause.title.en}`}
            cause={cause}
            at={summary.at}
            row={placeOf(cause.row)}
            isFirst={index === 0}
            isSelected={cause.row === selected}
            onSelect={() => onSelect(cause.row)}
            onOpen={() => onOpen(cause.place)}
          />
        ))}
      </ol>
    </>
  );
}

function AllNormal({ summary: { last, rows, total, at } }: { readonly summary: Summary }): ReactNode {
  const { t, language, zone } = useWords();
  const place = [...rows, total].find(({ place: { id } }) => id === last?.place)?.place;
  return (
    <>
      <header className="dw-place-side-head">
        <h2>{t("places.causes.none")}</h2>
      </header>
      <p className="dw-quiet">
        {last === undefined
          ? t("places.causes.neverLately")
          : t("places.causes.last", {
              title: inLanguage(last.title, language),
              place: place === undefined ? "" : inLanguage(place.title, language),
              moment: datedText(last.at, at, zone, language),
            })}
      </p>
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
}

function CauseItem({ cause, at, row, isFirst, isSelected, onSelect, onOpen }: ItemProps): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const { priority, since, unitsBehind, more } = cause;
  return (
    <li className={isSelected ? "is-selected" : undefined}>
      <UnstyledButton className="dw-cause-head" onClick={onSelect} aria-pressed={isSelected}>
        {priority === undefined ? <i className="dw-cause-mark" aria-hidden /> : <AlarmShape priority={priority} size={14} />}
        <b>{causeTitle(cause, t, language)}</b>
        {unitsBehind !== undefined && unitsBehind > 0 && <span>{t("places.causes.units", { units: Math.round(unitsBehind) })}</span>}
      </UnstyledButton>
      <small>
        {[
          ...(cause.kind === "alarm" || row.id !== cause.place ? [inLanguage(row.title, language)] : []),
          ...(since === undefined ? [] : [t("places.causes.since", { duration: durationText(at - since, language) })]),
        ].join(" · ")}
      </small>
      <Chain cause={cause} />
      {more > 0 && <small>{t("places.causes.more", { count: more })}</small>}
      {isFirst && (
        <p className="dw-cause-acts">
          <Button size="compact-md" onClick={onOpen}>
            {t("places.causes.open", { place: inLanguage(cause.kind === "connection" ? row.title : cause.title, language) })}
          </Button>
          {cause.chain.length > 0 && (
            <Button size="compact-md" variant="default" onClick={() => studio.address.go({ view: "alarms", detail: undefined })}>
              {t("places.causes.alarms")}
            </Button>
          )}
        </p>
      )}
    </li>
  );
}

/** Alarms of one place in order of time: what came first is the first out, the others follow. */
function Chain({ cause: { chain, kind } }: { readonly cause: Cause }): ReactNode {
  const { t, language, zone } = useWords();
  // what the title says already is not said again
  if (chain.length === 0 || (chain.length === 1 && kind === "alarm" && chain[0]!.value === undefined)) return null;
  return (
    <ol className="dw-cause-chain">
      {chain.map(({ alarm, at, priority, title, station, value, isAcknowledged }, index) => (
        <li key={alarm}>
          <AlarmShape priority={priority} size={10} />
          <time>{clockText(at, zone, false)}</time>
          <span>
            {inLanguage(title, language)}
            {value !== undefined && <small> {value}</small>}
            {station !== "" && !inLanguage(title, language).includes(station) && <small> {station}</small>}
            {chain.length > 1 && index === 0 && <small> {t("places.causes.firstOut")}</small>}
            {!isAcknowledged && <small> {t("places.causes.unacknowledged")}</small>}
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
