import { useEffect, useMemo, useRef, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import { clockText, durationText, inLanguage, momentText, useStore, useStudio, useThemeTokens, useWords, zoneText } from "@doppelwerk/ui";
import { railLoader } from "../session/loading.ts";
import { copyLink } from "./copy-link.ts";
import { RailControls } from "./rail-controls.tsx";
import { RailHint } from "./rail-hint.tsx";
import { RailHost } from "./rail-host.ts";
import { RailTable } from "./rail-table.tsx";
import type { RailHit } from "./rail-hit.ts";
import { railKey } from "./rail-keys.ts";
import type { RailWords } from "./rail-paint.ts";
import { DEFAULT_SPAN, MAX_SPAN, spanWords } from "./rail-view.ts";
import { stepToEvent } from "./step-event.ts";
import type { StepKind } from "./step-event.ts";
import { keepsLane } from "./rail-lanes.ts";
import { useRailLanes } from "./use-rail-lanes.ts";
import "./rail.css";
import type { RailAction } from "@doppelwerk/ui";

/** Lanes the Rail of the Changes view makes room for. */
const MAX_LANES = 12;

/** Hosts the Rail at the foot of every view: React draws the frame once, the host flows by itself. */
export function Rail({ tall = false }: { readonly tall?: boolean }): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const colours = useThemeTokens();
  const address = useStore(studio.address.store);
  const rail = useStore(studio.rail);
  const online = useStore(studio.state).kind === "online";
  const canvas = useRef<HTMLCanvasElement>(null);
  const host = useRef<RailHost | undefined>(undefined);
  const steps = useRef<Promise<void>>(Promise.resolve());
  const [hint, setHint] = useState<{ hit: RailHit; x: number; y: number } | undefined>(undefined);
  const [span, setSpan] = useState(address.span ?? DEFAULT_SPAN);

  const lanes = useRailLanes();
  const settings = useMemo(() => {
    const words: RailWords = {
      // Without a server nothing is live: now goes on, the record does not.
      live: t(online ? "rail.live" : "rail.now"),
      now: t("rail.now"),
      simulated: t("frame.simulated"),
      moreLanes: (count) => t("rail.moreLanes", { count }),
      verdict: (verdict, of) => `${of === undefined ? "" : `${t.or(`runKind.${of}`, of)}: `}${t.or(`verdict.${verdict}`, verdict)}`,
      inLanguage: (text) => inLanguage(text, language),
      ago: (distance) => t("frame.ago", { duration: durationText(distance, language) }),
    };
    return {
      colours,
      words,
      zone,
      language,
      font: '"Inter Variable", "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif',
      entered: address.branch,
      closed: tall,
      lanes,
    };
  }, [t, language, zone, colours, address.branch, tall, online, lanes]);

  useEffect(() => {
    const loader = railLoader(studio);
    const { address: bar, time } = studio;
    let rememberTimer: ReturnType<typeof setTimeout> | undefined;
    const made = new RailHost(canvas.current!, {
      settings,
      now: studio.now,
      shown: () => (time.state.get().kind === "live" ? undefined : time.instant()),
      span: bar.store.get().span ?? DEFAULT_SPAN,
      events: {
        scrub: (instant, done) => (done ? time.goTo(instant) : time.scrub(instant)),
        live: () => time.goLive(),
        enter: (branch) => bar.go({ branch: bar.store.get().branch === branch ? "live" : branch }),
        open: (link) => bar.go(link),
        hover: (hit, x, y) => setHint(hit === undefined ? undefined : { hit, x, y }),
        range(from, to, nextSpan, held) {
          loader.range(from, to);
          setSpan(nextSpan);
          clearTimeout(rememberTimer);
          rememberTimer = setTimeout(
            () =>
              bar.amend({
                span: Math.abs(nextSpan - DEFAULT_SPAN) < DEFAULT_SPAN * 0.02 && held === undefined ? undefined : nextSpan,
                held,
              }),
            300,
          );
        },
      },
    });
    host.current = made;
    const { span: wanted, held } = bar.store.get();
    made.show(wanted ?? DEFAULT_SPAN, held);
    return () => {
      made.dispose();
      loader.stop();
      clearTimeout(rememberTimer);
      host.current = undefined;
    };
    // The host lives as long as the canvas; later settings reach it through configure().
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [studio]);

  useEffect(() => host.current?.configure(settings), [settings]);
  useEffect(() => {
    if (rail !== undefined) host.current?.data(rail);
  }, [rail]);

  /** Steps pressed one after another each go on from where the last one arrives. */
  const step = (kind: StepKind, direction: 1 | -1): Promise<void> => {
    steps.current = steps.current.then(async () => {
      const { time } = studio;
      const last = studio.now();
      const first = studio.world.get()?.historyFrom ?? last - MAX_SPAN;
      const ask = (from: number, to: number, points: number) =>
        studio.client.rail(from, to, points, { line: studio.address.store.get().line });
      try {
        const to = await stepToEvent({ ask, from: time.instant(), direction, kind, bounds: { first, last } });
        if (to !== undefined) time.goTo(to);
        else if (direction === 1) time.goLive();
        else studio.notify("plain", t(kind === "alarm" ? "rail.noAlarmBefore" : "rail.noEventBefore"));
      } catch (error) {
        studio.notifyFailure(error, t("rail.stepFailed"));
      }
      host.current?.reveal(time.instant());
    });
    return steps.current;
  };
  const act = (action: RailAction): void => {
    const { time } = studio;
    switch (action.kind) {
      case "move":
        time.scrub(time.instant() + action.by);
        host.current?.reveal(time.instant());
        break;
      case "event":
      case "alarm":
        void step(action.kind, action.direction);
        break;
      case "link":
        void copyLink(studio).then(({ link, copied }) =>
          copied ? studio.notify("plain", t("rail.linked"), link) : studio.notify("plain", t("rail.linkByHand"), link),
        );
        break;
      case "zoom":
        host.current?.zoom(action.factor);
        break;
      case "start": {
        const start = studio.world.get()?.historyFrom;
        if (start !== undefined) time.goTo(start);
        host.current?.reveal(time.instant());
        break;
      }
      case "live":
        time.goLive();
        host.current?.rest();
        break;
      case "toggle":
        if (time.state.get().kind === "at") time.play();
        else time.pause();
        break;
      case "speed":
        time.changeSpeed(action.direction);
        break;
    }
  };
  useEffect(() => studio.rails.listen(act));

  const forks = (rail?.lanes ?? []).filter((lane) => keepsLane(lane, { entered: address.branch, closed: tall })).length;
  return (
    <section
      className={`dw-rail ${tall && forks > 0 ? "is-tall" : forks < 2 ? "is-low" : ""}`}
      style={{ "--lanes": Math.min(forks, MAX_LANES) } as never}
      aria-label={t("rail.name")}
    >
      <RailControls act={act} spanText={t(`rail.span.${spanWords(span).unit}`, { value: spanWords(span).value })} />
      <div className="dw-rail-plot">
        <RailSlider act={act} view={() => host.current?.view()}>
          <canvas ref={canvas} className="dw-rail-canvas" />
        </RailSlider>
        {hint !== undefined && <RailHint {...hint} />}
        <RailTable lanes={lanes} />
      </div>
    </section>
  );
}

/** The whole Rail as one slider for keyboards and screen readers. */
function RailSlider({
  act,
  view,
  children,
}: {
  readonly act: (action: RailAction) => void;
  readonly view: () => ReturnType<RailHost["view"]> | undefined;
  readonly children: ReactNode;
}): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const state = useStore(studio.time.state);
  const shown = useStore(studio.time.shown);
  const world = useStore(studio.world);
  const instant = shown ?? studio.now();
  const text =
    state.kind === "live"
      ? t("rail.valueLive", { clock: `${clockText(instant, zone)} ${zoneText(instant, zone)}` })
      : t("rail.value", {
          clock: `${momentText(instant, zone, language)} ${zoneText(instant, zone)}`,
          ago: t("frame.ago", { duration: durationText(studio.now() - instant, language) }),
        });
  const onKeyDown = (event: KeyboardEvent): void => {
    const current = view();
    if (current === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = railKey(event.key, event.shiftKey, current);
    if (action === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    act(action);
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      className="dw-rail-slider"
      aria-label={t("rail.name")}
      aria-orientation="horizontal"
      aria-valuemin={Math.round((world?.historyFrom ?? instant) / 1e6)}
      aria-valuemax={Math.round(studio.now() / 1e6)}
      aria-valuenow={Math.round(instant / 1e6)}
      aria-valuetext={text}
      onKeyDown={onKeyDown}
    >
      {children}
    </div>
  );
}
