import { useDebouncedValue } from "@mantine/hooks";
import type { ReactNode } from "react";
import type { MappingEdit, MappingEffect } from "@doppelwerk/client";
import { SECOND } from "@doppelwerk/world";
import { DataTable, durationText, useLoad, useStudio, useWords, type Column } from "@doppelwerk/kit/studio";

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
  const columns: readonly Column<MappingEffect["states"][number]>[] = [
    { title: t("connect.states.state"), cell: ({ state }) => t.or(`machineState.${state}`, state) },
    { title: t("connect.states.before"), isNumber: true, cell: ({ beforeS }) => span(beforeS) },
    { title: t("connect.states.after"), isNumber: true, cell: ({ afterS }) => span(afterS) },
    {
      title: t("connect.states.change"),
      isNumber: true,
      cell: ({ beforeS, afterS }) => `${afterS > beforeS ? "+" : "−"}${span(Math.abs(afterS - beforeS))}`,
    },
  ];
  return (
    <section className="dw-states-effect" aria-label={t("connect.states.effect")}>
      <h3 className="dw-small-title">{t("connect.states.effectOf", { count: DAYS })}</h3>
      {moved.length === 0 ? (
        <p className="dw-quiet">{t("connect.states.noEffect")}</p>
      ) : (
        <DataTable caption={t("connect.states.effectOf", { count: DAYS })} columns={columns} rows={moved} keyOf={({ state }) => state} />
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
