import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import type { Instant } from "@doppelwerk/world";
import { stateLook } from "../rail/rail-state.ts";
import { hatch } from "../rail/rail-shapes.ts";
import { useThemeTokens, useWords } from "../session/context.tsx";
import type { Tokens } from "../theme/tokens.ts";

export interface StateSpan {
  readonly from: Instant;
  readonly to: Instant;
  readonly state: string;
  readonly inferred?: boolean;
}

/** States of one station or place as a horizontal band; the same looks as on the Rail. */
export function StateStrip({
  spans,
  from,
  to,
  height = 12,
}: {
  readonly spans: readonly StateSpan[];
  readonly from: Instant;
  readonly to: Instant;
  readonly height?: number;
}): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = useThemeTokens();
  const { t } = useWords();
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const draw = (): void => paint(element, spans, from, to, colours);
    draw();
    const observer = new ResizeObserver(draw);
    observer.observe(element);
    return () => observer.disconnect();
  }, [spans, from, to, colours]);
  const last = spans.at(-1);
  return (
    <canvas
      ref={canvas}
      className="dw-strip dw-fades"
      style={{ height }}
      role="img"
      aria-label={last === undefined ? t("state.unknown") : t(`state.${stateLook(last.state)}`)}
    />
  );
}

function paint(element: HTMLCanvasElement, spans: readonly StateSpan[], from: Instant, to: Instant, colours: Tokens): void {
  const { clientWidth: width, clientHeight: height } = element;
  const ratio = window.devicePixelRatio || 1;
  if (width === 0) return;
  element.width = Math.round(width * ratio);
  element.height = Math.round(height * ratio);
  const context = element.getContext("2d");
  if (context === null) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const scale = width / (to - from);
  for (const span of spans) {
    const left = Math.max(0, (span.from - from) * scale);
    const right = Math.min(width, (span.to - from) * scale);
    if (right <= 0 || left >= width || right <= left) continue;
    const look = stateLook(span.state);
    const least = look === "failed" || look === "stopped" ? 1.5 : 0.5;
    const wide = Math.max(least, right - left - (right - left > 2.5 ? 1 : 0));
    if (look === "unknown" || look === "setup") {
      context.strokeStyle = colours[look];
      context.setLineDash(look === "unknown" ? [1.5, 2.5] : []);
      context.strokeRect(left + 0.5, 0.5, Math.max(0.5, wide - 1), height - 1);
      context.setLineDash([]);
      continue;
    }
    context.fillStyle = colours[look];
    context.globalAlpha = span.inferred === true ? 0.7 : 1;
    context.fillRect(left, 0, wide, height);
    context.globalAlpha = 1;
    if ((look === "blocked" || look === "starved") && wide > 2) {
      context.fillStyle = hatch(context, colours.stateHatch, ratio, 5, 1, look === "starved");
      context.fillRect(left, 0, wide, height);
    }
  }
}
