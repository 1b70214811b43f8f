import { Checkbox, UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import { clockText, dateText, inLanguage, messageText, numberText, useScope, useStudio, useTask, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { HandoverNote, ShiftPage } from "../contract.ts";

type Translate = ReturnType<typeof useWords>["t"];

const SHOWN = 6;

/** What is open, what changed, and what is to be watched; each leads to its instant. */
export function Watch({ page, reload }: { readonly page: ShiftPage; readonly reload: () => void }): ReactNode {
  const { t } = useWords();
  const open = page.items.filter(({ done }) => done === undefined).length;
  return (
    <div className="dw-shift-columns">
      <section>
        <h2>
          {t("shiftPage.open")} <small>{open}</small>
        </h2>
        {page.items.length === 0 && <p className="dw-quiet-text">{t("shiftPage.nothingOpen")}</p>}
        <ul>
          {page.items.map((item) => (
            <Item key={item.id} item={item} reload={reload} />
          ))}
        </ul>
      </section>
      <section>
        <h2>{t("shiftPage.changed")}</h2>
        {page.changes.length === 0 && <p className="dw-quiet-text">{t("shiftPage.nothingChanged")}</p>}
        <ul>
          {page.changes.map(({ at, title, by }) => (
            <li key={`${at} ${title.code}`}>
              <span>{messageText("", title)}</span>
              <small>
                <Instant at={at} /> {by}
              </small>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h2>{t("shiftPage.watch")}</h2>
        <WatchList page={page} />
      </section>
    </div>
  );
}

function Item({ item, reload }: { readonly item: HandoverNote; readonly reload: () => void }): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t, language, zone } = useWords();
  const task = useTask((_, error) => studio.notifyFailure(error, t("shiftPage.notStored")));
  return (
    <li>
      <Checkbox
        size="xs"
        checked={item.done !== undefined}
        disabled={task.busy}
        label={item.text}
        onChange={({ currentTarget: { checked } }) =>
          task.run(async () => {
            await calls.closeItem(studio.client, { params: { id: item.id }, query: { branch }, body: { isDone: checked } });
            reload();
          })
        }
      />
      <small>
        {item.done === undefined
          ? t("shiftPage.since", { name: item.author, date: dateText(item.written, zone, language) })
          : t("shiftPage.doneBy", { name: item.done.by, clock: clockText(item.done.at, zone, false) })}
      </small>
    </li>
  );
}

function WatchList({ page: { alarms, rejected, drifts, driftsSince } }: { readonly page: ShiftPage }): ReactNode {
  const { t, language, zone } = useWords();
  const byStation = [...Map.groupBy(rejected, ({ station }) => station)].toSorted(([, a], [, b]) => b.length - a.length);
  if (alarms.length === 0 && rejected.length === 0 && drifts.length === 0)
    return <p className="dw-quiet-text">{t("shiftPage.nothingToWatch")}</p>;
  return (
    <ul>
      {alarms.map(({ title, station, count, first }, at) => (
        <li key={`${station} ${inLanguage(title, language)}`}>
          <span>
            {at === 0 && `${t("shiftPage.mostFrequent")} `}
            {station} {inLanguage(title, language)}
          </span>
          <small>
            {t("shiftPage.times", { count })} <Instant at={first} />
          </small>
        </li>
      ))}
      {byStation.map(([station, parts]) => (
        <li key={station}>
          <details>
            <summary>{t("shiftPage.rejectedAt", { station, count: parts.length })}</summary>
            <ul>
              {parts.slice(0, SHOWN * 5).map(({ serial, at, tries, why }) => (
                <li key={`${serial} ${at}`}>
                  <span>{tries > 1 ? t("shiftPage.serialTries", { serial, tries }) : serial}</span>
                  <small>
                    {why === undefined ? t("shiftPage.whyUnknown") : whyText(why, t)} <Instant at={at} />
                  </small>
                </li>
              ))}
            </ul>
          </details>
        </li>
      ))}
      {drifts.slice(0, SHOWN).map(({ station, name, unit, before, recent }) => (
        <li key={`${station} ${name}`}>
          <span>
            {t("shiftPage.drifts", {
              station,
              name: t.or(`shiftPage.parameter.${name}`, name),
              before: numberText(before, 0.1),
              recent: numberText(recent, 0.1),
              unit,
            })}
          </span>
          {driftsSince !== undefined && <small>{t("shiftPage.driftSince", { date: dateText(driftsSince, zone, language) })}</small>}
        </li>
      ))}
    </ul>
  );
}

/** The result that was farthest from what is usual: `LeakRate 4.2, usually 0.9 to 1.8 mbar`. */
function whyText({ name, value, low, high, unit = "" }: NonNullable<ShiftPage["rejected"][number]["why"]>, t: Translate): string {
  const step = Math.max(Math.abs(high - low) / 100, 1e-6);
  const text = (number: number): string => numberText(number, step);
  return t("shiftPage.why", { name, value: text(value), low: text(low), high: text(high), unit }).trim();
}

/** A clock time that shows its instant on the Rail. */
export function Instant({ at }: { readonly at: number }): ReactNode {
  const { time } = useScope();
  const { zone } = useWords();
  return (
    <UnstyledButton className="dw-shift-instant" onClick={() => time.goTo(at)}>
      {clockText(at, zone, false)}
    </UnstyledButton>
  );
}
