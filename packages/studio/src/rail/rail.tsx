import { Button } from "@mantine/core";
import { useEffect, useMemo, useRef, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import {
  clockText,
  durationText,
  inLanguage,
  momentText,
  nearText,
  useStore,
  useStudio,
  useThemeTokens,
  useWords,
  zoneText,
} from "@doppelwerk/ui";
import { railLoader } from "../session/loading.ts";
import { copyLink } from "./copy-link.ts";
import { RailControls } from "./rail-controls.tsx";
import { RailHint } from "./rail-hint.tsx";
import { RailHost } from "./rail-host.ts";
import { RailTable } from "./rail-table.tsx";
import type { RailHit } from "./rail-hit.ts";
import { judgedText } from "./judged-text.ts";
import { railKey } from "./rail-keys.ts";
import type { RailWords } from "./rail-paint.ts";
import { RailSpan } from "./rail-span.tsx";
import { DEFAULT_SPAN, MAX_SPAN } from "./rail-view.ts";
import { stepToEvent } from "./step-event.ts";
import type { StepKind } from "./step-event.ts";
import { useRailLanes } from "./use-rail-lanes.ts";
import "./rail.css";
import type { RailAction, ShownError } from "@doppelwerk/ui";

/** Rows of lanes that the Rail of the Changes view makes room for; how many more branches there are stands below them. */
const MAX_ROWS = 4;

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
  const [rows, setRows] = useState(0);
  const [isAsking, setAsking] = useState(false);
  const [failure, setFailure] = useState<ShownError | undefined>(undefined);
  const loading = useRef<ReturnType<typeof railLoader> | undefined>(undefined);

  const lanes = useRailLanes();
  const settings = useMemo(() => {
    const words: RailWords = {
      // Without a server nothing is live: now goes on, the record does not. Nor is a branch.
      live: t(online && address.branch === LIVE ? "rail.live" : "rail.now"),
      now: t("rail.now"),
      simulated: t("origin.forecast"),
      moreLanes: (count) => t("rail.moreLanes", { count }),
      verdict: (lane) => judgedText(lane, t),
      total: (count, from) => t("rail.total", { count: Math.round(count), since: nearText(from, studio.now(), zone, language) }),
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
    const loader = railLoader(studio, setFailure);
    loading.current = loader;
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
        rows: setRows,
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
      case "span":
        host.current?.show(action.span, undefined);
        host.current?.reveal(time.instant());
        break;
      case "ask":
        setAsking(true);
        break;
      case "instant":
        time.goTo(action.instant);
        host.current?.reveal(time.instant());
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

  return (
    <section
      className={`dw-rail ${rows < 2 ? "is-low" : tall && rows > 2 ? "is-tall" : ""}`}
      style={{ "--rows": Math.min(rows, MAX_ROWS) } as never}
      aria-label={t("rail.name")}
    >
      <RailControls act={act} span={<RailSpan act={act} span={span} isOpen={isAsking} onOpen={setAsking} />} />
      <div className="dw-rail-plot">
        <RailSlider act={act} view={() => host.current?.view()}>
          <canvas ref={canvas} className="dw-rail-canvas" />
        </RailSlider>
        {hint !== undefined && <RailHint {...hint} />}
        {failure !== undefined && online && (
          <p className="dw-rail-failed" role="status">
            <span>
              {t("rail.failed")}: {failure.message} <code>{failure.code}</code>
            </span>
            <Button size="compact-xs" variant="default" onClick={() => loading.current?.again()}>
              {t("frame.retry")}
            </Button>
          </p>
        )}
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
