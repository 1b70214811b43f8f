import { useDebouncedValue } from "@mantine/hooks";
import type { ReactNode } from "react";
import type { MappingEdit } from "@doppelwerk/client";
import { SECOND } from "@doppelwerk/world";
import { durationText, useLoad, useStudio, useWords } from "@doppelwerk/kit/studio";

const DAYS = 2;
const WAIT_MS = 400;

/** What the draft would make of the last days, worked out by the code that derives the past; nothing is written. */
export function Effect({ station, edit }: { readonly station: string; readonly edit: MappingEdit }): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const [asked] = useDebouncedValue(JSON.stringify(edit), WAIT_MS);
  const loaded = useLoad(
    (signal) => studio.client.mappingEffect(station, { ...(JSON.parse(asked) as MappingEdit), days: DAYS }, { signal }),
    [station, asked],
  );
  if (loaded.value === undefined)
    return <p className="dw-quiet">{loaded.kind === "failed" ? loaded.message : t("connect.states.workingOut")}</p>;
  const moved = loaded.value.states.filter(({ beforeS, afterS }) => Math.abs(beforeS - afterS) >= 1);
  const shifts = loaded.value.shifts.filter(({ availability }) => availability !== undefined);
  const span = (seconds: number): string => (seconds < 1 ? "–" : durationText(seconds * SECOND, language));
  const percent = (share: number): string => `${(100 * share).toFixed(1)}\u202f%`;
  return (
    <section className="dw-states-effect" aria-label={t("connect.states.effect")}>
      <h3 className="dw-small-title">{t("connect.states.effectOf", { count: DAYS })}</h3>
      {moved.length === 0 ? (
        <p className="dw-quiet">{t("connect.states.noEffect")}</p>
      ) : (
        <table className="dw-written">
          <thead>
            <tr>
              <th>{t("connect.states.state")}</th>
              <th className="is-number">{t("connect.states.before")}</th>
              <th className="is-number">{t("connect.states.after")}</th>
              <th className="is-number">{t("connect.states.change")}</th>
            </tr>
          </thead>
          <tbody>
            {moved.map(({ state, beforeS, afterS }) => (
              <tr key={state}>
                <td data-label={t("connect.states.state")}>{t.or(`machineState.${state}`, state)}</td>
                <td data-label={t("connect.states.before")} className="is-number">
                  {span(beforeS)}
                </td>
                <td data-label={t("connect.states.after")} className="is-number">
                  {span(afterS)}
                </td>
                <td data-label={t("connect.states.change")} className="is-number">
                  {afterS > beforeS ? "+" : "−"}
                  {span(Math.abs(afterS - beforeS))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {moved.length > 0 && shifts.length > 0 && (
        <ul className="dw-states-shifts">
          {shifts.slice(-6).map(({ id, day, name, availability, oee }) => (
            <li key={id}>
              {day} {name}: {t("connect.states.availability")} {percent(availability!.before)} → <b>{percent(availability!.after)}</b>
              {oee !== undefined && (
                <>
                  {" · "}OEE {percent(oee.before)} → <b>{percent(oee.after)}</b>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
