import { trendSpans, useLoad, useStore, useStudio } from "@doppelwerk/kit/studio";
import type { TrendNotesProps, TrendSpan } from "@doppelwerk/kit/studio";

const NO_SIGNALS = { from: 0, to: 0, signals: [] } as const;

/** What marks spans on these trends. A trend stands without them: what fails is left out. */
export function useSpans(shown: TrendNotesProps = NO_SIGNALS): ReadonlyMap<string, readonly TrendSpan[]> {
  const studio = useStudio();
  const { branch } = useStore(studio.address.store);
  const commits = useStore(studio.commits);
  const { from, to, signals } = shown;
  // a live trend moves on all the time: asked again when it moved by a twentieth
  const step = Math.max(1, (to - from) / 20);
  const loaded = useLoad(
    signals.length === 0
      ? undefined
      : async (signal) => {
          const sources = studio.views.of(trendSpans).map(async ({ load }) => (await load()).default(studio, shown, { signal }));
          const answers = await Promise.allSettled(sources);
          return answers.flatMap((answer) => (answer.status === "fulfilled" ? [...answer.value] : []));
        },
    [signals.join(","), branch, Math.round(from / step), Math.round(to / step)],
    undefined,
    commits,
  );
  const spans = new Map<string, readonly TrendSpan[]>();
  for (const [id, own] of loaded.value ?? []) spans.set(id, [...(spans.get(id) ?? []), ...own]);
  return spans;
}
