import { trendSpans, useLoad, useScope, useStore, useStudio, useThemeTokens, useWords } from "@doppelwerk/kit/studio";
import type { Stretch } from "./choice.ts";
import type { Mark } from "./plot/figure.ts";
import { whole } from "./use-series.ts";

const POINTS = 200;

/** Alarms and shifts of the line, and notes on these signals, in the stretch that is shown; what fails is left out. */
export function useMarks(period: Stretch | undefined, signals: readonly string[], isHidden: boolean): readonly Mark[] {
  const studio = useStudio();
  const { line } = useScope();
  const { t, language } = useWords();
  const colours = useThemeTokens();
  const commits = useStore(studio.commits);
  // a live stretch moves on all the time: asked again when it moved by a twentieth
  const step = period === undefined ? 1 : Math.max(1, (period.to - period.from) / 20);
  const loaded = useLoad(
    period === undefined || isHidden
      ? undefined
      : async (signal): Promise<readonly Mark[]> => {
          const asked = whole(period);
          const [rail, ...notes] = await Promise.allSettled([
            studio.client.rail(asked.from, asked.to, POINTS, { signal, ...(line !== undefined && { line }) }),
            ...studio.views.of(trendSpans).map(async ({ load }) => (await load()).default(studio, { ...asked, signals }, { signal })),
          ]);
          const marks: Mark[] = [];
          if (rail.status === "fulfilled") {
            for (const { at, priority, station, count } of rail.value.alarms)
              marks.push({
                at,
                shape: "alarm",
                colour: colours[`alarm${priority}`],
                label: t("trends.marks.alarm", { priority, station, count }),
              });
            for (const { from, name } of rail.value.shifts)
              if (from > asked.from)
                marks.push({ at: from, shape: "tick", colour: colours.faint, label: t.or(`shift.${name.toLowerCase()}`, name) });
          }
          const spans = new Map(
            notes
              .flatMap((each) => (each.status === "fulfilled" ? [...each.value.values()].flat() : []))
              .map((span) => [`${span.from} ${span.label}`, span]),
          );
          for (const { from, label } of spans.values()) marks.push({ at: from, shape: "note", colour: colours.accent, label });
          return marks.toSorted((a, b) => a.at - b.at);
        },
    [
      line,
      language,
      signals.join(","),
      isHidden,
      period && Math.round(period.from / step),
      period && Math.round(period.to / step),
      colours.page,
    ],
    undefined,
    commits,
  );
  return isHidden ? [] : (loaded.value ?? []);
}
