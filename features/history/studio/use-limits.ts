import { trendLimits, useLoad, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { TrendLimit } from "@doppelwerk/kit/studio";

/** What contributes limits tells them for these signals. A trend stands without them: one that fails is left out. */
export function useLimits(signals: readonly string[]): ReadonlyMap<string, readonly TrendLimit[]> {
  const studio = useStudio();
  const { language } = useWords();
  const { branch } = useStore(studio.address.store);
  const commits = useStore(studio.commits);
  const loaded = useLoad(
    signals.length === 0
      ? undefined
      : async (signal) => {
          const sources = studio.views
            .of(trendLimits)
            .map(async ({ load }) => (await load()).default(studio, signals, language, { signal }));
          const answers = await Promise.allSettled(sources);
          return answers.flatMap((answer) => (answer.status === "fulfilled" ? [...answer.value] : []));
        },
    [signals, branch, language],
    undefined,
    commits,
  );
  const limits = new Map<string, readonly TrendLimit[]>();
  for (const [id, own] of loaded.value ?? []) limits.set(id, [...(limits.get(id) ?? []), ...own]);
  return limits;
}
