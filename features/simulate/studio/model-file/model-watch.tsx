import { NumberInput } from "@mantine/core";
import { useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import { SECOND } from "@doppelwerk/world";
import { durationText, signedText, useStore, useWords, OriginMark } from "@doppelwerk/kit/studio";
import type { Viewer } from "@doppelwerk/kit/studio/viewer";
import { linkCameras } from "../watch/link-cameras.ts";
import { createWatchClock } from "../watch/watch-clock.ts";
import { prefersStill } from "../watch/watch-detail.ts";
import type { WatchClock } from "../watch/watch-clock.ts";
import { WatchFoot } from "../watch/watch-foot.tsx";
import { WatchScene } from "../watch/watch-scene.tsx";
import type { Watched } from "../watch/watched.ts";
import { useSimulatedAhead } from "../watch/use-simulated-ahead.ts";
import type { ModelOfFile } from "./model-of-file.ts";
import "../watch/watch.css";
import "./model-file.css";

const SEED_MAX = 2 ** 31;

/** One or two models of files in 3D, on the same random numbers, one clock and one camera. Simulated here; nothing reaches the server. */
export function ModelWatch({ models, children }: { readonly models: readonly ModelOfFile[]; readonly children?: ReactNode }): ReactNode {
  const { t, language } = useWords();
  const [seed, setSeed] = useState(1);
  const sides = useMemo(() => models.map((model) => model.watch(seed, 0)), [models, seed]);
  const clock = useMemo(() => createWatchClock(0, !prefersStill()), []);
  const { reachedS, failure } = useSimulatedAhead(sides, clock);
  const shownS = useStore(clock.shownS);
  const viewers = useRef<(Viewer | undefined)[]>([]);
  const take = (index: number) => (viewer: Viewer | undefined) => {
    viewers.current[index] = viewer;
    const [a, b] = viewers.current;
    if (a !== undefined && b !== undefined) linkCameras(a, b);
  };
  const [first, second] = sides;
  return (
    <>
      <div className="dw-watch-head">
        {children}
        <OriginMark origin="simulation" />
        <span className="dw-model-time">{durationText(shownS * SECOND, language)}</span>
        <span className="dw-grow" />
        <NumberInput
          size="xs"
          w={120}
          aria-label={t("simulate.modelFile.seed")}
          prefix={`${t("simulate.modelFile.seed")} `}
          min={0}
          max={SEED_MAX}
          allowDecimal={false}
          value={seed}
          onChange={(value) => setSeed(Math.min(SEED_MAX, Math.max(0, Math.round(Number(value) || 0))))}
        />
      </div>
      {failure !== undefined && (
        <p className="dw-model-failure" role="alert">
          {t("simulate.modelFile.stopped")} {failure}
        </p>
      )}
      <div className={`dw-watch-panes${models.length === 1 ? " is-single" : ""}`}>
        {models.map((model, index) => (
          <ModelPane
            key={index}
            model={model}
            watched={sides[index]!}
            clock={clock}
            against={index === 1 ? first : undefined}
            onViewer={take(index)}
          />
        ))}
      </div>
      {first !== undefined && (
        <WatchFoot
          first={first}
          second={second}
          clock={clock}
          reachedS={reachedS}
          moreText={t(second === undefined ? "simulate.modelFile.made" : "simulate.modelFile.more")}
          elapsed
        />
      )}
    </>
  );
}

function ModelPane({
  model,
  watched,
  clock,
  against,
  onViewer,
}: {
  readonly model: ModelOfFile;
  readonly watched: Watched;
  readonly clock: WatchClock;
  readonly against: Watched | undefined;
  readonly onViewer: (viewer: Viewer | undefined) => void;
}): ReactNode {
  const { t } = useWords();
  const shownS = useStore(clock.shownS);
  const instant = Math.min(watched.reached, watched.from + Math.round(shownS * SECOND));
  const { wip } = watched.at(instant, model.line);
  const good = watched.goodUntil(instant);
  const more =
    against === undefined ? undefined : good - against.goodUntil(Math.min(against.reached, against.from + instant - watched.from));
  return (
    <section
      className="dw-watch-pane"
      style={against === undefined ? undefined : ({ "--edge": "var(--dw-violet)" } as never)}
      aria-label={model.name}
    >
      <header>
        <b>{model.name}</b>
        <span className="dw-grow" />
        <span>
          {t("simulate.modelFile.inside")} <b>{wip.value}</b>
        </span>
        <span>
          {t("simulate.watch.good")} <b>{good}</b>
          {more !== undefined && (
            <b className={more > 0 ? "is-better" : more < 0 ? "is-worse" : ""}> {more === 0 ? "±0" : signedText(more, 0)}</b>
          )}
        </span>
      </header>
      <WatchScene
        line={model.line}
        clock={clock}
        from={watched.from}
        source={model.name}
        settles
        snapshotAt={(at, line) => watched.at(at, line)}
        onViewer={onViewer}
      />
    </section>
  );
}
